"""The log reader: lines written here in the engines' own formats, of several versions each."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.sizing.__main__ import main
from community.sizing.errors import InputError
from community.sizing.logs import read_log
from community.sizing.logs.advice import STEPS
from community.sizing.logs.messages import AFTER_MEMORY, BEFORE_MEMORY, LAST
from community.sizing.logs.text import LARGEST
from tests.sizing.start_logs import (
    BEGINNING,
    FAILURES,
    IK_LLAMA,
    LLAMA,
    LLAMA_METAL,
    LLAMA_OLD,
    OLLAMA,
    OLLAMA_OLD,
    OLLAMA_RUNNER,
    SGLANG,
    SGLANG_NEW,
    SGLANG_OLD,
    TRACE,
    VLLM,
    VLLM_V0,
)  # fmt: skip

FIGURES = {"weights_gib", "kv_gib", "kv_tokens", "compute_buffer_mib", "cuda_graph_gib", "context"}


def found(text):
    return {name: value for name, value in read_log(text).found.items() if value is not None}


@pytest.mark.parametrize(
    ("text", "engine", "version", "model"),
    [
        (VLLM, "vllm", "0.14.1", "acme/Llama-9B"),
        (VLLM_V0, "vllm", "0.6.6.post1", "acme/Bear-7B"),
        (SGLANG, "sglang", None, "acme/Owl-30B"),
        (SGLANG_NEW, "sglang", None, "acme/Owl-9B"),
        (LLAMA, "llama.cpp", "6123 (abcdef12)", "Fox-12B-Q4_K_M"),
        (LLAMA_OLD, "llama.cpp", "2345 (0a1b2c3d)", "elk-7b"),
        (LLAMA_METAL, "llama.cpp", None, None),
        (IK_LLAMA, "ik_llama.cpp", "3900 (1234abcd)", "Yak 100B"),
        (OLLAMA, "ollama", "0.12.3", "Lynx 8B"),
        (OLLAMA_OLD, "ollama", None, None),
        ("sglang==0.5.2\n" + SGLANG, "sglang", "0.5.2", "acme/Owl-30B"),
    ],
)
def test_engine_version_and_model(text, engine, version, model):
    reading = read_log(text)
    assert (reading.engine, reading.engine_version, reading.model) == (engine, version, model)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (VLLM, {"weights_gib": 8.31, "kv_gib": 10.42, "kv_tokens": 170_720, "cuda_graph_gib": 0.61, "context": 16_384}),
        (VLLM_V0, {"weights_gib": 13.5021, "kv_gib": 6.41, "cuda_graph_gib": 0.31, "context": 8192}),
        (
            SGLANG,
            {"weights_gib": 28.61, "kv_gib": 22.0, "kv_tokens": 240_000, "cuda_graph_gib": 0.95, "context": 32_768},
        ),
        (SGLANG_NEW, {"weights_gib": 9.7, "kv_gib": 4.0, "cuda_graph_gib": 1.1, "context": 65_536}),
        (
            LLAMA,
            {"weights_gib": 7.0, "kv_gib": 0.3125, "kv_tokens": 16_384, "compute_buffer_mib": 410.25,
             "context": 16_384},
        ),
        (LLAMA_OLD, {"weights_gib": 4.1, "kv_gib": 0.5, "compute_buffer_mib": 164.0, "context": 4096}),
        (LLAMA_METAL, {"weights_gib": 8.0, "kv_gib": 1.0, "compute_buffer_mib": 280.0, "context": 8192}),
        (IK_LLAMA, {"weights_gib": 60.0, "kv_gib": 1.0742, "compute_buffer_mib": 2100.0, "context": 32_768}),
        (OLLAMA, {"weights_gib": 4.5, "kv_gib": 1.0, "compute_buffer_mib": 130.5, "context": 8192}),
        (OLLAMA_OLD, {"weights_gib": 4.5, "kv_gib": 1.0, "compute_buffer_mib": 560.0, "context": 8192}),
        (
            OLLAMA_RUNNER,
            {"weights_gib": 2.8, "kv_gib": 1.0, "kv_tokens": 8192, "compute_buffer_mib": 669.48, "context": 8192},
        ),
        (SGLANG_OLD, {"weights_gib": 14.0, "kv_tokens": 56_000, "context": 32_768}),
        (
            LLAMA_OLD.replace("CUDA0", "ROCm0"),
            {"weights_gib": 4.1, "kv_gib": 0.5, "compute_buffer_mib": 164.0, "context": 4096},
        ),
    ],
)  # fmt: skip
def test_figures(text, expected):
    assert found(text) == expected
    assert read_log(text).error_class in (None, "log_ends_during_start")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            VLLM,
            {"max_model_len": 16_384, "gpu_memory_utilization": 0.88, "max_num_seqs": 12,
             "max_num_batched_tokens": 4096, "tensor_parallel_size": 2, "kv_cache_dtype": "fp8",
             "speculative": "{'method': 'mtp', 'num_speculative_tokens': 2}"},
        ),
        (VLLM_V0, {"max_model_len": 8192, "gpu_memory_utilization": 0.9, "enforce_eager": False}),
        (
            SGLANG,
            {"mem_fraction_static": 0.85, "context_length": 32_768, "chunked_prefill_size": 8192, "tp_size": 2,
             "page_size": 1, "max_running_requests": 2048, "speculative": "EAGLE3", "cuda_graph_max_bs": 16},
        ),
        (SGLANG_NEW, {"context_length": 65_536, "mem_fraction_static": 0.8, "tp_size": 1}),
        (
            LLAMA,
            {"n_ctx": 16_384, "n_batch": 2048, "n_ubatch": 512, "n_parallel": 4, "flash_attention": True,
             "kv_unified": False, "offloaded": "41/41", "cache_type_k": "q8_0", "cache_type_v": "q8_0"},
        ),
        (
            IK_LLAMA,
            {"n_ctx": 32_768, "n_ubatch": 1024, "flash_attention": True, "mla": 3, "attn_max_batch": 512,
             "cache_type_k": "q8_0"},
        ),
        (
            OLLAMA,
            {"n_ctx": 8192, "n_parallel": 2, "n_batch": 512, "flash_attention": True, "kv_cache_type": "q8_0",
             "n_gpu_layers": 30, "offloaded": "30/33"},
        ),
        (OLLAMA_RUNNER, {"n_ctx": 8192, "n_parallel": 4, "n_gpu_layers": 20, "offloaded": "20/33"}),
        (OLLAMA_OLD, {"n_ctx": 8192, "n_parallel": 4, "n_gpu_layers": 20, "n_batch": 512, "offloaded": "20/33"}),
        (
            "$ vllm serve acme/Elk-8B --tensor-parallel-size 2 \\\n  --max-model-len=4096 --enforce-eager\n",
            {"tensor_parallel_size": 2, "max_model_len": 4096, "enforce_eager": True},
        ),
        (
            "$ llama-server -m /m/Elk.gguf -c 4096 -ngl 99 -ctk q8_0 -fa on\nllama_model_loader: x\n",
            {"n_ctx": 4096, "n_gpu_layers": 99, "cache_type_k": "q8_0", "flash_attention": True},
        ),
    ],
)  # fmt: skip
def test_settings(text, expected):
    settings = read_log(text).settings
    assert {name: settings.get(name) for name in expected} == expected


@pytest.mark.parametrize(("engine", "message", "code", "values"), FAILURES)
def test_error_class(engine, message, code, values):
    reading = read_log(BEGINNING[engine] + message + "\n")
    assert reading.error_class == code
    first = reading.advice[0]
    assert first["code"] == code
    assert {name: first["values"].get(name) for name in values} == values
    assert reading.found["weights_gib"] is None and reading.found["kv_gib"] is None


def test_the_cause_and_not_its_echo():
    text = BEGINNING["vllm"] + TRACE + "Traceback (most recent call last):\n" + TRACE + "TypeError: bad tuple\n"
    text += "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}\n"
    reading = read_log(text)
    assert reading.error_class == "python_exception"
    assert reading.advice[0]["values"]["message"] == "bad tuple"


def test_every_class_has_an_example_and_a_step():
    classes = {code for table in (*BEFORE_MEMORY, *AFTER_MEMORY, *LAST) for code in table} | {"out_of_memory"}
    assert classes == {code for _, _, code, _ in FAILURES} - {"python_exception"}
    assert classes - set(STEPS) == {"cuda_error", "assertion_failed", "load_failed"}


def test_a_warning_is_no_cause():
    text = BEGINNING["vllm"] + "WARNING x.py:1] Failed to import: ModuleNotFoundError: No module named 'flash_owl'\n"
    text += "WARNING y.py:1] User-specified max_model_len (8) is greater than the derived max_model_len (a=4 or b\n"
    assert read_log(text).error_class is None
    assert read_log(text + "RuntimeError: bad block\n").error_class == "python_exception"


def test_the_cause_named_first_counts():
    text = BEGINNING["ollama"] + "CUDA error: an illegal memory access was encountered\n"
    text += "Error: llama runner process has terminated: exit status 2\n"
    assert read_log(text).error_class == "cuda_error"


def test_what_a_running_server_said_before_is_no_error():
    text = BEGINNING["vllm"] + "WARNING x.py:1] ImportError: no deep_gemm\nTraceback (most recent call last):\n"
    text += "ValueError: optional thing\nINFO:     Application startup complete.\n"
    assert read_log(text).error_class is None


def test_a_failed_request_is_no_failed_start():
    request = "ERROR: Exception in ASGI application\nTraceback (most recent call last):\nValueError: too long\n"
    assert read_log(VLLM + request).error_class is None
    died = "EngineCore encountered a fatal error.\n" + TRACE + "RuntimeError: bad block\n"
    assert read_log(VLLM + died).error_class == "python_exception"


@pytest.mark.parametrize("text", [VLLM, LLAMA])
def test_a_server_that_dies_while_it_serves(text):
    assert read_log(text + "Segmentation fault (core dumped)\n").error_class == "crashed"


def test_advice_carries_the_settings_and_the_limit():
    text = BEGINNING["vllm"] + "INFO [model.py:1] Using max model len 40960\n"
    text += (
        "ValueError: To serve at least one request with the model's max seq len (40960), (5.62 GiB KV cache is needed, "
    )
    text += (
        "which is larger than the available KV cache memory (3.10 GiB). Based on the available memory, the estimated "
    )
    text += "maximum model length is 22560.\n"
    steps = {step["code"]: step["values"] for step in read_log(text).advice}
    assert steps["shorter_context"] == {"max_model_len": 40_960, "largest": 22_560}


def test_a_removed_flag_and_what_takes_its_place():
    text = "vllm: error: unrecognized arguments: --speculative-model acme/draft\n"
    steps = {step["code"]: step["values"] for step in read_log(text).advice}
    assert steps["remove_flag"] == {"flag": "--speculative-model", "instead": "--speculative-config"}


def test_a_log_that_stops_in_the_middle():
    begun = "".join(SGLANG.splitlines(keepends=True)[:9])
    reading = read_log(begun)
    assert reading.error_class == "log_ends_during_start"
    assert reading.advice[0]["values"] == {"stage": "graph_capture"}
    assert found(begun)["kv_gib"] == 22.0


def dressed(text):
    """As Windows, a terminal, Compose, the journal and Docker's json-file driver hand it on."""
    lines = text.splitlines()
    journal = "Nov 01 10:00:00 host ollama[271]: " if "level=" in text else ""
    yield text.replace("\n", "\r\n")
    yield "".join(f"\x1b[36m(prefix)\x1b[0m {line}\n" for line in lines)
    yield "".join(f"server-1  | 2025-11-01T10:00:00.123456789Z {line}\n" for line in lines)
    yield "".join(f"{journal}{line}\n" for line in lines)
    wrapped = ({"log": f"{line}\n", "stream": "stderr"} for line in lines)
    yield "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in wrapped)


@pytest.mark.parametrize("text", [VLLM, VLLM_V0, SGLANG, LLAMA, LLAMA_OLD, IK_LLAMA, OLLAMA, OLLAMA_OLD])
def test_colours_prefixes_and_line_ends_change_nothing(text):
    plain = read_log(text)
    for other in dressed(text):
        reading = read_log(other)
        assert reading.engine == plain.engine and reading.found == plain.found
        assert reading.settings == plain.settings and reading.error_class == plain.error_class


def test_what_powershell_writes():
    assert read_log(("﻿" + LLAMA).encode("utf-16-le")).found == read_log(LLAMA).found


@pytest.mark.parametrize("text", [VLLM, SGLANG, LLAMA, IK_LLAMA, OLLAMA])
def test_a_truncated_log_says_less_but_nothing_else(text):
    whole = read_log(text).found
    for end in range(0, len(text), 211):
        part = read_log(text[:end]).found
        said = {name for name in FIGURES if part[name] is not None}
        assert said <= {name for name in FIGURES if whole[name] is not None}


def test_a_draft_model_is_left_out():
    draft = LLAMA.partition("\n")[2].replace("4096.00 MiB", "100.00 MiB")
    draft = draft.replace("n_ctx         = 16384", "n_ctx         = 2048")
    assert found(LLAMA + draft) == found(LLAMA)


def test_the_last_load_of_ollama_counts():
    second = OLLAMA.replace('"4.0 GiB"', '"9.0 GiB"').replace("KvSize:8192", "KvSize:4096")
    assert found(OLLAMA + second)["weights_gib"] == 9.5
    assert read_log(OLLAMA + second).settings["n_ctx"] == 4096


@pytest.mark.parametrize(
    ("text", "older"), [(VLLM, ("8.31", "9.99")), (SGLANG, ("28.61", "29.99")), (LLAMA, ("4096.00", "9999.00"))]
)
def test_of_several_starts_the_last_one_counts(text, older):
    assert read_log(text.replace(*older) + text).found == read_log(text).found
    assert read_log(text + text.replace(*older)).found != read_log(text).found


def test_first_lines_of_several_processes_are_one_start():
    engine_line = next(line for line in VLLM.splitlines(keepends=True) if "Initializing a V1 LLM engine" in line)
    doubled = VLLM.replace(engine_line, engine_line + engine_line.replace("DP0", "DP1"))
    assert read_log(doubled).found == read_log(VLLM).found
    assert read_log(doubled).settings == read_log(VLLM).settings


def test_a_shell_variable_says_nothing():
    settings = read_log("$ vllm serve acme/Elk-8B --max-model-len $LEN --gpu-memory-utilization 0.8\n").settings
    assert settings == {"gpu_memory_utilization": 0.8}


@pytest.mark.parametrize(
    "block",
    [
        'command: ["vllm", "serve", "acme/Elk-8B", "--max-model-len", "4096", "--enforce-eager"]\n',
        'command:\n  - serve\n  - acme/Elk-8B\n  - --max-model-len\n  - "4096"\n  - --enforce-eager\n',
    ],
)
def test_a_command_as_a_list(block):
    reading = read_log("image: vllm/vllm-openai:v0.9.1\n" + block)
    assert (reading.model, reading.engine_version) == ("acme/Elk-8B", "0.9.1")
    assert reading.settings == {"max_model_len": 4096, "enforce_eager": True}


def test_weights_of_the_first_gguf_builds():
    text = "llm_load_tensors: mem required  =   86.00 MB\nllm_load_tensors: VRAM used: 4010.00 MB\n"
    text += "llama_new_context_with_model: compute buffer total size = 79.13 MB\n"
    assert found(text) == {"weights_gib": 4.0, "compute_buffer_mib": 79.13}


def test_what_the_fit_leaves_of_the_context():
    text = "llama_params_fit: context size reduced from 65536 to 4096 -> need 13440 MiB less memory\n"
    assert found(text) == {"context": 4096} and read_log(text).settings == {"n_ctx": 4096}


def test_the_share_of_a_slot_is_not_the_whole_context():
    line = "srv    load_model: initializing, n_slots = {}, n_ctx_slot = 4096, kv_unified = '{}'\n"
    for slots, unified, context in ((1, "false", 4096), (4, "true", 4096), (4, "false", None)):
        reading = read_log(line.format(slots, unified))
        assert reading.settings.get("n_ctx") == context and reading.found["context"] == 4096


def test_requests_change_nothing():
    served = (
        "INFO:     Application startup complete.\nINFO 11-01 10:00:00 [loggers.py:1] Engine 000: GPU KV cache usage: "
    )
    served += "1.2%\nERROR 11-01 10:00:00 [serving.py:1] Traceback (most recent call last):\n"
    served += "ERROR 11-01 10:00:00 [serving.py:1] ValueError: This model's maximum context length is 4096 tokens.\n"
    assert read_log(VLLM + served) == read_log(VLLM)


def test_ollama_by_its_tag_alone():
    tagged = "".join(f"Nov 01 10:00:00 host ollama[271]: {line}\n" for line in LLAMA_OLD.splitlines())
    assert read_log(tagged).engine == "ollama" and found(tagged)["weights_gib"] == 4.1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "npm ERR! code EADDRINUSE\nError: listen EADDRINUSE: address already in use :::3000\n",
        "Traceback (most recent call last):\n  File \"app.py\", line 1\nValueError: bad input\n",
        "error: unrecognized arguments: --force\nusage: tool [-h]\n",
        "Nov 01 10:00:00 host kernel: Out of memory: Killed process 271 (postgres)\n",
        "2025-01-01 INFO org.example.Server: weights 4.5 GiB, cache 2 GiB, context = 4096, build: done\n",
        "오늘은 vLLM 과 ollama 를 비교해 봤어요. 메모리는 24 GiB 예요.\n",
    ],
)  # fmt: skip
def test_another_programs_text_says_nothing(text):
    reading = read_log(text)
    assert (reading.engine, reading.engine_version, reading.model, reading.settings) == (None, None, None, {})
    assert set(reading.found.values()) == {None} and set(reading.found) == FIGURES
    assert reading.error_class is None and reading.advice == []


@pytest.mark.parametrize("data", [b"\x00\x01\x02GGUF", b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 20, "a\0b"])
def test_binary_input_is_refused_by_name(data):
    with pytest.raises(InputError, match="log: is not text"):
        read_log(data)


def test_more_than_200_kb_is_refused():
    assert read_log(b"x" * LARGEST).engine is None
    with pytest.raises(InputError, match=r"log: 204,801 bytes"):
        read_log(b"x" * (LARGEST + 1))


NOISE = [
    "abc " * 30 + "\n", "x", " ", "(", "0", "a_", "KV buffer size = 1.00 MiB ", "error: ", "-- ", "GiB ", "█  model ",
    "with config: model='a', ", "allocating 1.00 MiB on device 0: cudaMalloc ", "Load weight end. ", "server_args=",
    "CUDA0 compute buffer size =  ", "llama_context: n_ctx = 1\n", "[2025-11-01 10:00:00 TP0] ", "Error: a is",
    '["--a", ', '- "--x"\n', "error: ' requires ", "undefined symbol ", "] contains custom code which must be executed",
    "vllm serve ", "Free memory on device ", VLLM, SGLANG, LLAMA, OLLAMA,
]  # fmt: skip


@pytest.mark.parametrize("line", NOISE)
def test_a_full_log_of_one_repeated_line_is_read(line):
    """A pattern of quadratic time would take minutes here; `make bench` measures it."""
    text = (line * (LARGEST // len(line.encode()) + 1)).encode()[:LARGEST]
    assert set(read_log(text).found) == FIGURES


@given(st.one_of(st.text(), st.binary()))
def test_any_input_is_read_or_refused(data):
    try:
        assert set(read_log(data).found) == FIGURES
    except InputError as error:
        assert error.field == "log"


PIECES = [line + "\n" for text in (VLLM, SGLANG, LLAMA, IK_LLAMA, OLLAMA, OLLAMA_OLD) for line in text.splitlines()]
WORDS = st.text(st.characters(exclude_categories=["C"]), max_size=8)
PIECES += [message for _, message, _, _ in FAILURES]


@given(st.lists(st.one_of(st.sampled_from(PIECES), WORDS), max_size=25), st.integers(0, 400))
def test_lines_in_any_order_are_read(pieces, cut):
    text = "".join(pieces)
    reading = read_log(text[cut:])
    assert json.loads(json.dumps(reading.as_dict())) == reading.as_dict()


def test_command_line(tmp_path, capsys):
    file = Path(tmp_path, "start.log")
    file.write_text(VLLM)
    assert main(["log", str(file), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["engine", "engine_version", "model", "settings", "found", "error_class", "advice"]
    assert set(answer["found"]) == FIGURES
    assert main(["log", str(file)]) == 0
    assert "not in the log" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"\0" * 10, b"x" * (LARGEST + 1), None])
def test_command_line_refuses(content, tmp_path, capsys):
    file = Path(tmp_path, "start.log")
    if content is not None:
        file.write_bytes(content)
    assert main(["log", str(file), "--json"]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.startswith("error: ") and "200 KB" in shown.err
