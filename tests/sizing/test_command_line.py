"""The command line: answers as JSON, errors that name the field, no traceback."""

import json
import subprocess
import sys

import pytest

from community.sizing.__main__ import main

KEYS = {
    "verdict", "reasons", "parameters", "weights_bytes", "kv_bytes_per_token", "kv_pool_bytes", "kv_pool_tokens",
    "needed_bytes", "reserved_bytes", "host_bytes", "per_gpu", "max_context", "max_requests", "suggestions", "command",
    "speed", "rules_version",
}  # fmt: skip
PER_GPU = {"usable", "weights", "kv_cache", "activations", "runtime", "reserved", "free"}
ESTIMATE = "estimate --model qwen3-8b --weights bf16 --engine vllm --gpu h100-80gb"


def answer(capsys, line):
    assert main(f"{line} --json".split()) == 0
    return json.loads(capsys.readouterr().out)


def test_estimate_as_json(capsys):
    found = answer(capsys, ESTIMATE)
    assert set(found) >= KEYS
    assert all(set(gpu) >= PER_GPU for gpu in found["per_gpu"])
    assert found["needed_bytes"] == sum(gpu["needed"] for gpu in found["per_gpu"])


def test_estimate_in_words(capsys):
    assert main([*ESTIMATE.split(), "--unit", "GB"]) == 0
    shown = capsys.readouterr().out
    assert "verdict     fits" in shown and " GB of " in shown and "GiB" not in shown.replace("MiB", "")


def test_unequal_cards(capsys):
    line = "estimate --model llama-3-70b --weights gguf-q4_k_m --engine llama.cpp --gpu rtx-4090 --gpu rtx-3090:2"
    assert [gpu["device"] for gpu in answer(capsys, line)["per_gpu"]] == ["rtx-4090", "rtx-3090", "rtx-3090"]


def test_weights_as_json(capsys):
    found = answer(capsys, "weights --model meta-llama/Meta-Llama-3-70B-Instruct --weights gguf-q4_k_m")
    assert set(found) == {"parameters", "weights_bytes", "file_bytes", "by_kind"}
    assert found["parameters"] == {"total": 70_553_706_496, "active": 70_553_706_496}
    assert found["weights_bytes"] == sum(found["by_kind"].values())


def test_a_config_file_is_as_good_as_a_model(capsys, tmp_path):
    from community.sizing import catalog

    path = tmp_path / "config.json"
    path.write_text(json.dumps(dict(catalog.model("qwen3-8b").config)))
    ours = answer(capsys, f"weights --config {path} --weights awq-4bit")
    assert ours == answer(capsys, "weights --model qwen3-8b --weights awq-4bit")


def test_what_fits_one_card(capsys):
    rows = answer(capsys, "fit --gpu rtx-3060-12gb --engine exllamav3")
    assert rows and all(row["verdict"] in ("fits", "tight") for row in rows)
    assert not [row for row in rows if row["model"] == "llama-3-70b"]


@pytest.mark.parametrize("name", ["models", "gpus", "formats", "engines"])
def test_lists(capsys, name):
    assert len(answer(capsys, name)) >= 10
    assert main([name]) == 0 and capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (ESTIMATE.replace("qwen3-8b", "qwen3-9b"), "qwen3-8b"),
        (ESTIMATE.replace("bf16", "gguf-q4_k"), "gguf-q4_k_m"),
        (ESTIMATE.replace("h100-80gb", "h100"), "h100-80gb"),
        (ESTIMATE.replace("vllm", "vlm"), "vllm"),
        (ESTIMATE + " --context 0", "context"),
        (ESTIMATE + " --requests -1", "requests"),
        (ESTIMATE + " --gpus 0", "gpus"),
        (ESTIMATE.replace("h100-80gb", "h100-80gb:x"), "gpu"),
        (ESTIMATE + " --gpu-memory-utilization nan", "gpu-memory-utilization"),
        (ESTIMATE + " --tp 2", "tp"),
        (ESTIMATE + " --gpu rtx-4090 --gpus 2", "gpus"),
        ("weights --config /no/such/file --weights bf16", "config"),
    ],
)
def test_senseless_input_names_the_field(capsys, line, named):
    assert main(line.split()) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and named in said and said.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"model_type": "qwen3"}', '{"model_type": "nobody"}', "[" * 10_000, '{"a":' * 10_000, "\x00"],
)
def test_a_broken_config_is_refused(capsys, tmp_path, text):
    path = tmp_path / "config.json"
    path.write_text(text)
    assert main(["weights", "--config", str(path), "--weights", "bf16"]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_a_huge_config_is_refused(capsys, tmp_path):
    path = tmp_path / "config.json"
    path.write_text('{"model_type": "qwen3", "x": "' + "a" * 2**20 + '"}')
    assert main(["weights", "--config", str(path), "--weights", "bf16"]) == 2
    assert "1" in capsys.readouterr().err


def test_numbers_that_are_no_numbers_exit_2():
    command = [sys.executable, "-m", "community.sizing", *ESTIMATE.split(), "--context", "many"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "Traceback" not in done.stderr and "context" in done.stderr


def test_well_formed_but_impossible_is_an_answer(capsys):
    found = answer(capsys, "estimate --model qwen3-235b-a22b --weights bf16 --engine vllm --gpu rtx-4090")
    assert found["verdict"] == "does_not_fit" and found["suggestions"]
