"""The log's page: what the reader found, the lines it came from, what was to be expected, and what to change."""

import html
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.calculator.log.answer import LogAnswer
from community.calculator.log.cards import card_of
from community.calculator.log.causes import CAUSES
from community.calculator.log.errors import FLAG_QUESTIONS, QUESTIONS, VALUES, question_of, value_rows
from community.calculator.log.figures import FIGURES, lines_of, meaning
from community.calculator.log.form import LogForm
from community.calculator.log.steps import STEPS, steps_of
from community.models import Question
from community.sizing import catalog, size
from community.sizing.logs import advice, read_log
from community.sizing.logs.messages import AFTER_MEMORY, BEFORE_MEMORY, LAST
from community.sizing.logs.text import LARGEST
from community.sizing.size import assess, needed_bytes
from tests.sizing import start_logs

from .fixture_files import letters
from .guest_forms import send

PATH = "/calculator/log/"
CODES = {code for table in (*BEFORE_MEMORY, *AFTER_MEMORY, *LAST) for code in table} | set(advice.STEPS)
LOGS = {name: text for name, text in vars(start_logs).items() if name.isupper() and isinstance(text, str)}

# ruff: noqa: E501 (lines as engines print them)

VLLM = """\
(APIServer pid=11) INFO 05-02 09:00:00 [utils.py:253] vLLM API server version 0.19.0
(APIServer pid=11) INFO 05-02 09:00:00 [utils.py:253] non-default args: {'model': 'Qwen/Qwen3-8B', 'max_model_len': \
16384, 'gpu_memory_utilization': 0.9}
(EngineCore_DP0 pid=20) INFO 05-02 09:01:00 [gpu_model_runner.py:3905] Model loading took 15.27 GiB memory and 9.1 s
(EngineCore_DP0 pid=20) INFO 05-02 09:01:20 [gpu_worker.py:358] Available KV cache memory: 4.10 GiB
(EngineCore_DP0 pid=20) INFO 05-02 09:01:20 [kv_cache_utils.py:1305] GPU KV cache size: 29,856 tokens
(EngineCore_DP0 pid=20) INFO 05-02 09:01:30 [gpu_model_runner.py:4856] Graph capturing finished in 5 secs, took 0.61 GiB
(APIServer pid=11) INFO:     Application startup complete.
"""
LLAMA = """\
ggml_cuda_init: found 2 CUDA devices:
  Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes
  Device 1: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes
build: 6123 (abcdef12) with cc (Ubuntu 13.3.0) for x86_64-linux-gnu
llama_model_loader: loaded meta data with 30 key-value pairs and 400 tensors from /models/Qwen3-14B-Q4_K_M.gguf (version GGUF V3 (latest))
load_tensors: offloaded 41/41 layers to GPU
load_tensors:        CUDA0 model buffer size =  4100.00 MiB
load_tensors:        CUDA1 model buffer size =  4100.50 MiB
load_tensors:   CPU_Mapped model buffer size =   417.30 MiB
llama_context: n_ctx         = 16384
llama_context: n_batch       = 2048
llama_context: n_ubatch      = 512
llama_kv_cache: size = 2560.00 MiB ( 16384 cells,  40 layers,  1/1 seqs), K (f16): 1280.00 MiB, V (f16): 1280.00 MiB
llama_kv_cache:      CUDA0 KV buffer size =  1280.00 MiB
llama_kv_cache:      CUDA1 KV buffer size =  1280.00 MiB
llama_context:      CUDA0 compute buffer size =   380.00 MiB
"""
FAILURE = """\
(EngineCore_DP0 pid=20) INFO 05-02 09:00:09 [core.py:96] Initializing a V1 LLM engine (v0.14.1) with config: \
model='Qwen/Qwen3-8B', max_seq_len=40960
(EngineCore_DP0 pid=20) ValueError: To serve at least one request with the models's max seq len (40960), (5.62 GiB KV \
cache is needed, which is larger than the available KV cache memory (2.25 GiB). Based on the available memory, the \
estimated maximum model length is 16384. Try increasing `gpu_memory_utilization` or decreasing `max_model_len`.
"""


def make_answer(text, gpu="", model=""):
    form = LogForm({"log": text, "gpu": gpu, "model": model})
    assert form.is_valid(), form.errors
    return LogAnswer(form.reading, form.text, form.devices, form.chosen)


# words ---------------------------------------------------------------------------------------------------------------


def test_every_class_of_failure_has_words():
    assert len(CODES) > 40
    assert set(CAUSES) >= CODES
    for happened, because in CAUSES.values():
        assert re.search("[가-힣]", str(happened)) and str(because).endswith("요.")


def test_every_advice_has_words():
    steps = {code for by_engine in advice.STEPS.values() for codes in by_engine.values() for code in codes}
    assert len(steps) > 30
    assert set(STEPS) >= steps
    assert all(re.search("[가-힣]", str(words)) for words in STEPS.values())


def test_every_value_of_a_message_has_a_name():
    groups = {
        name
        for table in (*BEFORE_MEMORY, *AFTER_MEMORY, *LAST)
        for messages in table.values()
        for message in messages
        for name in re.compile(message.expression).groupindex
    }
    assert len(groups) > 10
    assert set(VALUES) >= groups


def test_every_figure_has_a_name():
    assert set(read_log("").found) == set(FIGURES)


@pytest.mark.django_db
def test_the_questions_that_answer_failures_are_published():
    numbers = {*QUESTIONS.values(), *FLAG_QUESTIONS.values()}
    assert set(QUESTIONS) <= CODES
    assert set(Question.objects.published().values_list("number", flat=True)) >= numbers


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "wording"),
    [
        (125, "No available memory for the cache blocks"),
        (125, "KV cache is needed, which is larger than the available KV cache memory"),
        (125, "is less than desired GPU memory utilization"),
        (125, "CUDA out of memory"),
        (124, "no kernel image is available"),
        (115, "is not divisible by"),
        (118, "--device"),
        (119, "HF_TOKEN"),
        (131, "드라이버는 R570 이상"),
    ],
)
def test_the_question_speaks_of_the_failure(number, wording):
    question = Question.objects.get(number=number)
    texts = [question.title, question.body, *question.answers.filter(verdict="curated").values_list("body", flat=True)]
    texts += question.answers.filter(verdict="curated").values_list("conclusion", flat=True)
    assert letters(wording) in "".join(map(letters, texts))


# figures and their lines ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(LOGS))
def test_figures_stand_in_the_lines_that_are_shown(name):
    reading = read_log(LOGS[name])
    for figure, value in reading.found.items():
        for line in lines_of(LOGS[name], reading.engine, figure, value) if value is not None else ():
            assert line.strip("…") in LOGS[name]
            assert re.search(r"\d", line)


@pytest.mark.parametrize("text", [VLLM, LLAMA], ids=["vllm", "llama"])
def test_every_figure_of_a_plain_log_has_its_line_and_its_meaning(text):
    for row in make_answer(text).rows:
        assert row.lines and row.meaning, row.name


def test_a_sum_shows_all_of_its_lines():
    rows = {row.name: row for row in make_answer(LLAMA).rows}
    assert [line.split()[1] for line in rows["가중치"].lines] == ["CUDA0", "CUDA1"]
    assert rows["가중치"].logged == f"{8200.5 / 1024:.2f}\u00a0GiB"


def test_of_several_starts_the_last_one_is_shown_and_its_cards_are_counted_once():
    first = LLAMA.replace("4100.00", "9999.00").replace("16384", "8192")
    answer = make_answer(first + LLAMA)
    assert answer.rows[0].lines[0].endswith("4100.00 MiB")
    assert len(answer.result.deployment.devices) == 2
    assert answer.result.deployment.context == 16384


def test_what_the_log_does_not_hold_is_named_and_not_guessed():
    answer = make_answer("llama_context: n_ctx = 4096\n")
    assert answer.missing == ["가중치", "KV 캐시", "KV 캐시에 담기는 토큰", "계산 버퍼"]
    assert [row.name for row in answer.rows] == ["문맥 길이"]
    assert meaning("vllm", "compute_buffer_mib") == ""


# expected beside logged ----------------------------------------------------------------------------------------------


def test_a_vllm_log_is_compared_with_the_same_deployment():
    answer = make_answer(VLLM, "rtx-4090")
    deployment = answer.result.deployment
    assert (deployment.model, deployment.weights.id, deployment.version) == ("qwen3-8b", "bf16", "0.19.0")
    assert (deployment.context, deployment.options.gpu_memory_utilization) == (16384, 0.9)
    memory = assess(deployment).memory
    assert answer.expectations["weights_gib"].value * 2**30 == memory.gpus[0].part("weights")
    assert answer.expectations["kv_gib"].value * 2**30 == memory.gpus[0].kv_pool
    assert answer.expectations["kv_tokens"].value == memory.kv_pool_tokens
    pool, activations = answer.expectations["kv_gib"], memory.gpus[0].parts[2]
    assert pool.evidence == activations.evidence, "what the rest leaves is no surer than the rest"
    assert pool.records == catalog.validation()["vllm"]["0.17-0.19"].get("kv_pool", 0)
    assert (
        answer.result.query
        == "model=qwen3-8b&engine=vllm@0.19.0&weights=bf16&gpu=rtx-4090&context=16384&utilization=0.9"
    )
    weights = answer.rows[0].expected
    assert weights.value == "15.27\u00a0GiB" and weights.difference == "0%" and weights.evidence == "정확"


def test_a_model_that_is_not_listed_is_taken_as_the_one_that_is_chosen():
    answer = make_answer(VLLM.replace("Qwen/Qwen3-8B", "acme/Bear-8B"), "rtx-4090", "qwen3-8b")
    assert answer.result.deployment == make_answer(VLLM, "rtx-4090").result.deployment


@pytest.mark.parametrize(
    ("name", "settings", "weights"),
    [
        ("Qwen/Qwen3-8B", "", "bf16"),
        ("Qwen/Qwen3-8B", ", 'dtype': 'half'", "f16"),
        ("Qwen/Qwen3-8B", ", 'quantization': 'fp8'", "fp8-tensor"),
        ("/data/Qwen3-8B", "", "bf16"),
        ("/home/a/.cache/huggingface/hub/models--Qwen--Qwen3-8B/snapshots/0a1b2c/", "", "bf16"),
        ("acme/Bear-8B-AWQ", "", "awq-4bit"),
        ("acme/Bear-8B-GPTQ-Int8", "", "gptq-int8"),
        ("acme/Bear-8B-W4A16", "", None),
        ("acme/Bear-8B", ", 'quantization': 'compressed-tensors'", None),
    ],
)
def test_the_format_is_the_repositorys_or_what_the_engine_made_of_it(name, settings, weights):
    text = VLLM.replace("Qwen/Qwen3-8B", name).replace("0.9}", f"0.9{settings}}}")
    answer = make_answer(text, "rtx-4090", "qwen3-8b" if "acme" in name else "")
    assert (answer.result.deployment.weights.id if answer.result else None) == weights


def test_without_a_version_the_pool_is_not_compared():
    answer = make_answer(VLLM.replace(" version 0.19.0", ""), "rtx-4090")
    assert set(answer.expectations) == {"weights_gib"}
    assert "버전마다" in answer.unclear


def test_without_the_share_the_pool_is_not_compared():
    text = re.sub(r"non-default args.*", "", VLLM) + "vllm serve Qwen/Qwen3-8B\nmax_seq_len=4096"
    answer = make_answer(text, "rtx-4090")
    assert set(answer.expectations) == {"weights_gib"}
    assert "예약 비율" in answer.unclear


def test_a_llama_log_names_its_cards():
    answer = make_answer(LLAMA)
    deployment = answer.result.deployment
    assert [device.id for device in deployment.devices] == ["rtx-3090", "rtx-3090"]
    assert (deployment.model, deployment.weights.id, deployment.version) == ("qwen3-14b", "gguf-q4_k_m", "b6123")
    memory = assess(deployment).memory
    assert answer.expectations["kv_gib"].value * 2**30 == sum(gpu.part("kv_cache") for gpu in memory.gpus)
    assert {"weights_gib", "kv_gib", "compute_buffer_mib"} == set(answer.expectations)


def test_ollama_leaves_a_card_empty_where_one_holds_the_model():
    text = """\
time=2025-10-01T10:00:00.000Z level=INFO source=routes.go:1400 msg="Listening on 127.0.0.1:11434 (version 0.12.0)"
time=2025-10-01T10:00:01.000Z level=INFO source=types.go:131 msg="inference compute" id=GPU-1 library=CUDA compute=8.6 name="NVIDIA GeForce RTX 3060" total="12.0 GiB"
time=2025-10-01T10:00:09.000Z level=INFO source=server.go:400 msg="starting runner" cmd="ollama runner --model /m/sha256-1 --ctx-size 4096 --parallel 1"
llama_model_loader: loaded meta data with 30 key-value pairs and 400 tensors from /m/sha256-1 (version GGUF V3 (latest))
print_info: file type   = Q4_K - Medium
load_tensors: offloaded 37/37 layers to GPU
load_tensors:        CUDA0 model buffer size =  4400.00 MiB
llama_context: n_ctx         = 4096
"""
    answer = make_answer(text, "rtx-3060-12gb,rtx-4090", "qwen3-8b")
    assert any(not gpu.parts for gpu in answer.result.memory.gpus)
    assert answer.rows[0].expected.value.startswith("4.")


@pytest.mark.parametrize(
    ("name", "model", "weights"),
    [
        ("Qwen3-14B-Q4_K_M", "qwen3-14b", "gguf-q4_k_m"),
        ("Qwen_Qwen3-14B-IQ4_XS", "qwen3-14b", "gguf-iq4_xs"),
        ("qwen3-8b-q8_0", "qwen3-8b", "gguf-q8_0"),
        ("Qwen3-14B-BF16", "qwen3-14b", "gguf-bf16"),
    ],
)
def test_a_gguf_file_says_model_and_level(name, model, weights):
    deployment = make_answer(LLAMA.replace("Qwen3-14B-Q4_K_M", name)).result.deployment
    assert (deployment.model, deployment.weights.id) == (model, weights)


@pytest.mark.parametrize(
    ("text", "gpu", "said"),
    [
        (VLLM, "", "GPU 이름이 없어요"),
        (VLLM.replace("Qwen/Qwen3-8B", "acme/Bear-8B"), "rtx-4090", "acme/Bear-8B 모델은 목록에 없어요"),
        (VLLM.replace("'model': 'Qwen/Qwen3-8B', ", ""), "rtx-4090", "모델 이름이 없어요"),
        (VLLM.replace("0.9}", "0.9, 'cpu_offload_gb': 4}"), "rtx-4090", "cpu_offload_gb"),
        (VLLM.replace("0.9}", "0.9, 'quantization': 'unheard'}"), "rtx-4090", "형식을 알 수 없어요"),
        (VLLM.replace("0.9}", "5.5}"), "rtx-4090", "계산할 수 없어요"),
        (LLAMA.replace("RTX 3090", "RTX 3090 Laptop GPU"), "", "목록에 없는 GPU"),
        (LLAMA.replace("Qwen3-14B-Q4_K_M", "Qwen3-14B-UD-Q4_K_XL"), "", "형식을 알 수 없어요"),
        (LLAMA.replace("llama_context: n_ctx ", "llama_context: n_other "), "", "문맥 길이가 없어요"),
    ],
)
def test_what_is_not_known_is_said_and_not_guessed(text, gpu, said):
    answer = make_answer(text, gpu)
    assert said in answer.why_not
    assert answer.result is None and answer.expectations == {}


def test_cards_that_only_resemble_one_of_the_catalogue_are_none():
    for name in (
        "NVIDIA GeForce RTX 4090 Laptop GPU",
        "NVIDIA GeForce RTX 4090 D",
        "NVIDIA GeForce RTX 3060 Ti",
        "RTX",
    ):
        assert card_of(name) is None
    for name, card in (("NVIDIA GeForce RTX 4090", "rtx-4090"), ("NVIDIA H100 80GB HBM3", "h100-80gb"),
                       ("Tesla T4", "t4"), ("AMD Radeon RX 7900 XTX", "rx-7900-xtx"), ("NVIDIA L40S", "l40s")):  # fmt: skip
        assert card_of(name) == catalog.device(card)


# failures ------------------------------------------------------------------------------------------------------------


def test_a_failure_is_explained_with_its_line_and_what_to_change():
    answer = make_answer(FAILURE)
    assert answer.error[0] == "KV 캐시 자리가 요청 하나보다 작아요"
    assert "5.62 GiB KV cache is needed" in answer.error_line
    assert ("가능한 가장 긴 문맥", "16,384토큰") in answer.error_rows
    first = answer.steps[0]
    assert (first.words, first.flag) == ("문맥을 줄여요.", "--max-model-len")
    assert "16,384토큰까지 들어가요" in first.now and "40,960" in first.now


@pytest.mark.parametrize(("engine", "message", "code", "_values"), start_logs.FAILURES)
def test_every_failure_shows_its_line_and_what_to_do(engine, message, code, _values):
    answer = make_answer(start_logs.BEGINNING[engine] + message + "\n")
    assert answer.error == tuple(map(str, CAUSES[code]))
    assert answer.error_line and answer.error_line.strip("…") in message
    assert answer.steps or code not in advice.STEPS


def test_a_log_that_breaks_off_shows_where():
    answer = make_answer("\n".join(VLLM.splitlines()[:3]) + "\n \n")
    assert answer.reading.error_class == "log_ends_during_start"
    assert answer.error_line.endswith("Model loading took 15.27 GiB memory and 9.1 s")


def test_a_removed_flag_says_what_took_its_place():
    given = [{"code": "remove_flag", "values": {"flag": "--enable-reasoning", "instead": "--reasoning-parser"}}]
    [step] = steps_of(given, "vllm")
    assert (step.flag, step.now) == ("--enable-reasoning", "지금은 --reasoning-parser를 써요.")
    assert question_of("unknown_argument", {"flag": "--device"}) == 118
    assert question_of("unknown_argument", {"flag": "--other"}) is None


def test_rocm_has_no_answer_about_cuda_builds():
    beginning = start_logs.BEGINNING["vllm"]
    assert make_answer(beginning + "RuntimeError: CUDA error: no kernel image is available\n").question_number == 124
    assert make_answer(beginning + "RuntimeError: HIP error: invalid device function\n").question_number is None


def test_values_of_messages_are_written_with_units():
    rows = value_rows({"asked_mib": 1536.5, "context": 40960, "stage": "profile", "unheard": 3, "recovered": True})
    assert rows == [("잡으려던 양", "1,536.5\u00a0MiB"), ("달라고 한 문맥", "40,960토큰"),
                    ("언제", "메모리를 재는 시험 실행에서"), ("unheard", "3")]  # fmt: skip


# the page ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_links_the_question_with_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        source = send(PATH, {"log": FAILURE}).content.decode()
    assert 'href="/q/125/"' in source
    assert "문맥을 줄여요." in source


def test_a_log_without_a_failure_needs_no_query():
    source = send(PATH, {"log": VLLM, "gpu": "rtx-4090"}).content.decode()
    assert html.escape("Available KV cache memory: 4.10 GiB") in source
    assert '<a href="/calculator/?model=qwen3-8b&amp;engine=vllm@0.19.0' in source
    needed = needed_bytes(size(make_answer(VLLM, "rtx-4090").result.deployment).memory)
    assert re.findall(r'class="needed" value="(\d+)"', source) == [str(needed)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"log": ""}, "붙여 넣어 주세요"),
        ({"log": "x" * (LARGEST + 1)}, "200 KiB까지 읽어요"),
        ({"log": "a\0b"}, "로그로 읽을 수 없는 글"),
        ({"log": "\x01" * 500}, "로그로 읽을 수 없는 글"),
        ({"log": "vllm serve x", "model": "qwen3-8"}, "목록에 없는 모델이에요. 가까운 이름: [^<]*qwen3-8b"),
        ({"log": "vllm serve x", "gpu": "rtx-4091"}, "쓸 수 없는 GPU예요"),
        ({"log": "vllm serve x", "gpu": "rtx-4090:9999"}, "쓸 수 없는 GPU예요"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(fields, said):
    response = send(PATH, fields)
    source = response.content.decode()
    assert response.status_code == 200
    assert re.search(rf'<p id="(?:log|model|gpu)-error" class="field-error">[^<]*{said}', source)
    assert 'id="results"' not in source


def test_a_text_of_no_engine_is_answered_so():
    assert "어느 엔진의 로그인지 모르겠어요" in send(PATH, {"log": "hello"}).content.decode()


def test_what_a_log_says_is_escaped():
    source = send(PATH, {"log": VLLM.replace("Qwen/Qwen3-8B", "<script>alert(1)</script>")}).content.decode()
    assert "<script>alert" not in source


LINES = [line for text in (*LOGS.values(), VLLM, LLAMA, FAILURE) for line in text.splitlines()]
CARDS, MODELS = ["", "rtx-4090", "h100-80gb:8", "rtx-4090,rtx-3090"], ["", "qwen3-8b", "gemma-3-27b"]
NUMBERS = st.sampled_from(["-1", "0", "1e99", "9" * 18, "nan", "inf", "None", "'x'", "[1]", "{'a': 1}", "True", "2.5"])


@settings(max_examples=60, deadline=4_000)
@given(st.lists(st.sampled_from(LINES), max_size=30), NUMBERS, st.sampled_from(CARDS), st.sampled_from(MODELS))
def test_any_lines_are_answered(lines, number, gpu, model):
    text = "\n".join(lines)
    if len(lines) % 2:
        text = re.sub(r"(?:(?<=[=:] )|(?<==))\d+(?:\.\d+)?", number, text)
    form = LogForm({"log": text or "x", "gpu": gpu, "model": model})
    form.is_valid()
    if form.reading:
        answer = LogAnswer(form.reading, form.text, form.devices, form.chosen)
        shown = [answer.rows, answer.settings, answer.steps, answer.error_line, answer.error_rows, answer.why_not]
        assert json.dumps(shown, default=str)


def test_the_largest_log_is_answered():
    buffer = "CUDA0 model buffer size = 1.00 MiB\nllama_model_loader:\n"
    for line in ("GPU KV cache size: 1 tokens\n", buffer, "Device 0: x,"):
        text = (line * (LARGEST // len(line)))[:LARGEST]
        assert make_answer(text).rows is not None


@pytest.mark.parametrize(
    "end", ["contains custom code which must be executed", "does not appear to have a file named config.json"]
)
def test_the_line_of_a_failure_is_found_behind_one_long_word(end):
    assert make_answer(f"{'a' * 150_000} {end}\nx/y {end}").error_line


def test_what_was_pasted_is_in_no_log_of_ours(caplog):
    """And in no row: this test may not touch the database."""
    caplog.set_level("DEBUG")
    for path, field in ((PATH, "log"), ("/calculator/config/", "config")):
        assert "A-SECRET-WORD" in send(path, {field: "A-SECRET-WORD"}).content.decode()
        assert send(path, {field: "A-SECRET-WORD"}, headers={}).status_code == 403
    assert caplog.records
    assert "A-SECRET-WORD" not in caplog.text
