"""The server engines against measured records: by group, held out or not, and blind to what was measured."""

import json
from statistics import median

import pytest

from community.sizing import accuracy, catalog

DATA = catalog.DATA
ENGINES = ("vllm", "sglang", "tensorrt-llm")
RECORDS = [
    record
    for record in map(json.loads, (DATA / "measurements.jsonl").read_text().splitlines())
    if record["engine"] in ENGINES
]
CONSTANTS = json.loads((DATA / "serving_constants.json").read_text())["constants"]
# What goes into the pool below 0.21, where graphs do not.
GOES_INTO = {"kv_pool": {"kv_pool", "weights", "activation", "non_torch"}}


def setters(component):
    """Records that set a constant which the component depends on."""
    touched = GOES_INTO.get(component, {component})
    return {name for constant in CONSTANTS if constant["component"] in touched for name in constant["set_on"]}


@pytest.fixture(scope="module")
def architectures():
    wanted = {record.get("config_id") for record in RECORDS} - {None}
    known = {name: model for model in catalog.models() for name in (model.id, *model.hub_names, *model.aliases)}
    return {name: known[name].architecture for name in wanted if name in known}


@pytest.fixture(scope="module")
def rows(architectures):
    return accuracy.compare(RECORDS, architectures)


def errors(rows, group, component, skip=frozenset()):
    """One error for each set of identical runs."""
    found = {}
    for row in rows:
        wanted = (row.engine, row.group, row.component) == ("vllm", group, component) and row.record not in skip
        if wanted and row.error is not None:
            found.setdefault(row.run, abs(row.error))
    return sorted(found.values())


def ninth(values):
    return values[min(len(values) - 1, -(-9 * len(values) // 10) - 1)]


# rules.md section 7.
TARGETS = [
    ("0.17-0.19", "kv_pool", 0.005, 0.02),
    ("0.17-0.19", "activation", 0.02, 0.05),
    ("0.8-0.16", "kv_pool", 0.03, 0.10),
    ("0.17-0.19", "kv_per_token", 0.002, 0.002),
    ("0.17-0.19", "weights", 0.002, 0.04),
]


@pytest.mark.parametrize(("group", "component", "middle", "most"), TARGETS)
@pytest.mark.parametrize("held_out", [False, True], ids=["all", "held-out"])
def test_reaches_the_target(rows, group, component, middle, most, held_out):
    values = errors(rows, group, component, setters(component) if held_out else frozenset())
    assert len(values) >= 5
    assert median(values) <= middle
    assert ninth(values) <= most


def test_a_record_is_predicted_from_its_configuration_alone(architectures):
    for record in RECORDS:
        if record.get("config_id") not in architectures:
            continue
        blind = {key: value for key, value in record.items() if key not in accuracy.MEASURED}
        invented = {**record, "measured": {"weights_gib": 1.0, "kv_gib": 2.0}, "derived": {}, "quote": "x"}
        assert accuracy.predict(record, architectures) == accuracy.predict(blind, architectures)
        assert accuracy.predict(record, architectures) == accuracy.predict(invented, architectures)


def test_nearly_every_component_of_a_known_architecture_is_predicted(rows):
    asked = [row for row in rows if row.reason != "config_id"]
    assert len([row for row in asked if row.predicted is not None]) >= 0.95 * len(asked)


def test_identical_runs_count_once(rows):
    replicates = {row.record for row in rows if row.run == "rep-1"}
    assert len(replicates) > 1
    summary = accuracy.summary(rows)
    pools = next(row for row in summary if (row["group"], row["component"]) == ("0.17-0.19", "kv_pool"))
    counted = {
        row.run for row in rows if (row.group, row.component) == ("0.17-0.19", "kv_pool") and row.error is not None
    }
    assert (
        pools["n"]
        == len(counted)
        < len([row for row in rows if row.component == "kv_pool" and row.group == "0.17-0.19"])
    )


def test_no_log_text_is_kept():
    for record in RECORDS:
        assert not {"quote", "note"} & set(record)
        assert record["source_url"]


def test_every_record_that_set_a_constant_is_there():
    known = {record["id"] for record in RECORDS}
    named = {name for constant in CONSTANTS for key in ("set_on", "checked_on") for name in constant[key]}
    assert {name for name in named if " " not in name} <= known
