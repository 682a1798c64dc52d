"""Records of the local engines: predicted from their configuration alone, and how near they come."""

import json
from functools import cache
from statistics import mean, median

import pytest

from community.sizing import catalog
from community.sizing.accuracy import llama_records, local_records
from community.sizing.catalog import DATA
from community.sizing.errors import InputError

MEASURED = ("measured", "derived", "quote", "note")


@cache
def records():
    rows = (json.loads(line) for line in (DATA / "measurements.jsonl").read_text().splitlines())
    return [row for row in rows if row["engine"] in local_records.PREDICTORS]


def architecture(record):
    try:
        return catalog.model(record.get("config_id") or "none").architecture
    except InputError:
        return None


def configuration(record):
    return {key: value for key, value in record.items() if key not in MEASURED}


@cache
def errors(engine, component):
    """Record id -> error, of what llama.cpp's own rules describe."""
    found = {}
    for record in records():
        model = architecture(record)
        if record["engine"] != engine or model is None or llama_records.is_fork(record):
            continue
        measured = local_records.measured(record)
        if component in measured:
            predicted = local_records.predicted(configuration(record), model)
            found[record["id"]] = predicted[component] / measured[component] - 1
    return found


def test_what_was_measured_does_not_change_the_prediction():
    for record in records():
        model = architecture(record)
        if model is not None:
            try:
                alone = local_records.predicted(configuration(record), model)
            except InputError:
                continue
            assert local_records.predicted(record, model) == alone


def test_nearly_every_record_is_predicted():
    asked = predicted = 0
    for record in records():
        model = architecture(record)
        if model is None:
            continue
        try:
            found = local_records.predicted(configuration(record), model)
        except InputError:
            found = {}
        measured = local_records.measured(record)
        asked += len(measured)
        predicted += len(measured.keys() & found.keys())
    assert asked > 150
    assert predicted >= 0.95 * asked


@pytest.mark.parametrize("engine", ["llama.cpp", "ik_llama.cpp", "ollama"])
def test_kv_cache_is_exact(engine):
    found = errors(engine, "kv_per_token")
    assert max(map(abs, found.values())) < 1e-4


def described(record):
    """Excluded by what was run, never by the size of the error: experts in system memory, and a fork's cache type."""
    model = architecture(record)
    away = llama_records.host_experts(record, len(model.layers))
    return not away and str(record.get("kv_dtype")) not in llama_records.FORK_TYPES


def test_projection_of_llama_cpp():
    rows = {record["id"]: record for record in records()}
    found = [abs(error) for name, error in errors("llama.cpp", "projection").items() if described(rows[name])]
    assert len(found) >= 3  # lcpp-023, 026, 036; the mtp suffix of 026 was chosen on 026 itself
    assert mean(found) < 0.001
    assert max(found) < 0.003


def test_compute_buffer():
    found = [abs(error) for error in errors("llama.cpp", "compute_buffer").values()]
    assert median(found) < 0.03
    assert median(abs(error) for error in errors("ik_llama.cpp", "compute_buffer").values()) < 0.005


def test_weights_on_the_gpu():
    found = sorted(abs(error) for error in errors("llama.cpp", "weights_gpu").values())
    assert median(found) < 0.0005
    assert found[-2] < 0.001  # the last is Mixtral in a file of 2023, whose rules were others


def test_totals():
    assert median(map(abs, errors("exllamav3", "total").values())) < 0.015
    assert median(map(abs, errors("mlx", "total").values())) < 0.02
