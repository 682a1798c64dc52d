"""What stands in data/ about the engine's own accuracy is what `accuracy` finds."""

from pathlib import Path

from community.sizing import accuracy, catalog, report, size
from community.sizing.__main__ import architectures_of
from community.sizing.accuracy import published_records
from community.sizing.validation import ENOUGH

from .make import make_deployment

README = Path(catalog.__file__).parent / "README.md"


def measured_rows():
    return accuracy.compare(catalog.read_records(catalog.DATA / "measurements.jsonl", 10**8), architectures_of(None))


def test_counts_of_records_are_up_to_date():
    assert catalog.validation() == accuracy.counts(measured_rows())


def test_the_readme_shows_the_table_that_accuracy_prints():
    files = catalog.read_records(catalog.DATA / "files.jsonl", 10**8)
    rows = [*measured_rows(), *published_records.compare_files(files, architectures_of(None))]
    assert "\n".join(report.table(accuracy.summary(rows))) in README.read_text()


def test_a_record_is_predicted_from_its_configuration_alone():
    architectures, records = architectures_of(None), catalog.read_records(catalog.DATA / "measurements.jsonl", 10**8)
    stripped = [{key: value for key, value in record.items() if key not in accuracy.MEASURED} for record in records]
    compared = 0
    for record, blind in zip(records, stripped, strict=True):
        try:
            expected = accuracy.predict(record, architectures)
        except Exception as error:
            assert type(error).__name__ == "InputError"
            continue
        assert accuracy.predict(blind, architectures) == expected
        compared += bool(expected)
    assert compared > 150


def test_records_with_a_known_architecture_are_predicted():
    """At least 95 % of the figures whose record names a known architecture."""
    records = {record["id"]: record for record in catalog.read_records(catalog.DATA / "measurements.jsonl", 10**8)}
    architectures = architectures_of(None)
    known = [row for row in measured_rows() if records[row.record].get("config_id") in architectures]
    predicted = [row for row in known if row.predicted is not None]
    assert len(known) > 400 and len(predicted) / len(known) >= 0.95


def test_a_malformed_record_is_declined_and_named():
    rows = accuracy.compare([{"engine": "vllm"}, {"id": "x"}, {"id": "y", "engine": "vllm", "gpu": 7}], {})
    assert [row.predicted for row in rows] == [None] * len(rows) and all(row.reason for row in rows)


def test_few_records_are_not_validated():
    shown = report.as_dict(size(make_deployment("qwen3-8b", "exl3-4.0", "exllamav3", "rtx-4090")))
    assert not any(part["validated"] for gpu in shown["per_gpu"] for part in gpu["parts"])
    shown = report.as_dict(size(make_deployment("qwen3-8b", "bf16", "vllm@0.19.0", "h100-80gb")))
    assert all(part["validated"] and part["records"] >= ENOUGH for part in shown["per_gpu"][0]["parts"])
