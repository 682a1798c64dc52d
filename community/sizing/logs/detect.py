"""Which program wrote the log, and which version of it says so itself."""

from __future__ import annotations

import re

# Words that only this program prints. The most different ones win; at a tie the first program of the table.
MARKERS: dict[str, tuple[str, ...]] = {
    "ollama": (
        "level=DEBUG source=", "level=INFO source=", "level=WARN source=", "level=ERROR source=", "source=server.go",
        "source=routes.go", "source=sched.go", "source=images.go", "source=device.go", "source=ggml.go",
        "source=memory.go", "source=runner.go", "source=backend.go", "source=llama.go", "source=gpu.go",
        "source=types.go", "OLLAMA_", "ollama runner", "ollama serve", "ollama run ", "routes.go:", "llama_server.go",
        'msg="model weights"', 'msg="kv cache"', 'msg="compute graph"', "llama runner", ".ollama/models",
        "Error: model requires more system memory", "ollama[", "source=app.go", "source=app_windows.go",
        "source=ui.go", "source=app_darwin.go", "llama-server process has terminated", "starting Ollama",
        "pull model manifest",
    ),
    "sglang": (
        "server_args=", "sglang.launch_server", "sglang serve", "Load weight end.", "Load weight begin.",
        "KV Cache is allocated.", "max_total_num_tokens=", "Memory pool end.", "mem_fraction_static", "/sglang/",
        "mem-fraction-static", "sglang.srt", "Capture cuda graph", "CUDA graph end. elapsed",
        "Init torch distributed", "is larger than the profiled value", "lmsysorg/sglang", "sglang is using nccl",
        "launch_server.py: error", "The server is fired up and ready to roll", "ServerArgs",
        "Received sigquit from a child process", "sgl_kernel", "Scheduler hit an exception", "sglang::",
        "sgl-workspace",
    ),
    "vllm": (
        "vLLM API server", "vllm serve", "/vllm/", "vllm.entrypoints", "Available KV cache memory:",
        "GPU KV cache size:", "EngineCore", "gpu_memory_utilization", "Model loading took",
        "Loading model weights took", "VllmWorker", "KV cache is needed, which is larger", "gpu_model_runner.py",
        "GPU memory utilization", "# GPU blocks:", "the current vLLM instance", "LLM engine (v", "non-default args",
        "gpu_worker.py", "kv_cache_utils.py", "No available memory for the cache blocks", "Maximum concurrency for",
        "vllm/vllm-openai", "vllm: error", "WorkerProc", "usage: vllm", "EngineArgs", "Starting vLLM", "vllm.engine",
        "vllm==", "vLLM version", "maximum number of tokens that can be stored in KV cache",
        "Estimated CUDA graph memory", "# cuda blocks:", "api_server.py: error", "llm_engine.py",
        "Graph capturing finished", "RayWorkerWrapper", "worker_base.py:", "multiproc_executor.py", "(APIServer pid=",
        "(Worker_TP", "(Worker pid=", "vllm.v1", "vllm.worker", "vllm.executor", "model_runner.py:",
    ),
    "llama.cpp": (
        "llama_model_loader:", "llm_load_tensors:", "llm_load_print_meta:", "llama_context:", "load_tensors:",
        "ggml_cuda", "ggml_backend", "ggml_gallocr", "ggml_metal", "ggml_vulkan", "llama_new_context",
        "llama_kv_cache", "print_info:", "llama_load_model_from_file", "/llama_cpp/", "LLAMA_ASSERT",
        "error loading model", "llama_model_load_from", "KoboldCpp", "llama_init_from", "sched_reserve:",
        "graph_reserve:", "common_init", "llama_params_fit", "main: build =", "llama-server", "llama-cli",
        "llama-perplexity", "llama_model_load", "llama.cpp", "GGML_ASSERT",
        "error: invalid argument: -", "error while handling argument", "gguf_init_from_file",
        "system_info: n_threads", "load_backend: loaded", "common_params_print_info", "srv    load_model",
        "main: server is listening",
    ),
}  # fmt: skip
# A tag that the journal or Compose puts before each line of Ollama, and words of its server.
OLLAMAS = re.compile(
    r"\bollama(?:\.\w{1,20})?\[\d{1,8}\]: |^[ \t]{0,4}ollama\S{0,20} {1,8}\| |"
    r"msg=\"waiting for server to become available|github\.com/ollama/ollama/",
    re.MULTILINE,
)
# How each line of vLLM begins.
VLLMS = re.compile(r"\b(?:INFO|WARNING|ERROR|DEBUG) \d\d-\d\d \d\d:\d\d:\d\d \[?\w{1,40}\.py:\d{1,5}\]")
FORK = (
    "ik_llama", " -fmoe", " -mla ", " -amb ", "fused_moe", "attn_max_b", "mla_attn", "HAVE_FANCY_SIMD",
    "fused_up_gate", "Repacked ", "grouped er", "llm_prepare_mla", "only active experts offload",
    "max stdio successfully set", "ser           =", "merge_qkv",
)  # fmt: skip
# Weights in the fork's own types.
FORK_TYPES = re.compile(r"- type +(?:iq\d_k[st]?l?|iq\d_kt|q8_k_r8|\w{2,6}_r[48]|iq1_[sm]_r4|q8_kv|q6_0|iq\dkss?):")
FORK_FUNCTIONS = re.compile(r"llama_init_from_model: +(?:mla_attn|attn_max_b|fused_moe|KV self size)")

VERSION = r"v?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?(?:[-.+]?(?:rc|post|dev|a|b|g)[\w.]{0,40})?)(?:\+[\w.]{0,40})?"
BUILD = re.compile(
    r"(?:main: build = |build: |version: |common_params_print_info: build |build_info: b?)"
    r"(\d{1,6})[ -]\(?([0-9a-f]{6,40}|unknown)\)?"
)
BUILD_OF_LINES = re.compile(
    r'build=(\d{1,6}) commit="([0-9a-f]{6,40})"|"build":(\d{1,6}),"commit":"([0-9a-f]{6,40})"|'
    r"\(build (\d{1,6}), commit ([0-9a-f]{6,40})\)"
)
VERSIONS: dict[str, tuple[str, ...]] = {
    "vllm": (
        rf"vLLM API server version {VERSION}", rf"LLM engine \({VERSION}\)", rf"█[^\n]{{0,40}}  version {VERSION}",
        rf"(?i:vllm version) ?:? ?{VERSION}", rf"vllm/vllm-openai(?:-rocm)?:{VERSION}",
        rf"\bvllm==?{VERSION}", rf"INFO [^\n]{{0,80}}\bversion {VERSION}",
    ),
    "sglang": (
        rf"\bsglang==?{VERSION}", rf"\bsglang: {VERSION}", rf"\bsglang(?:\[\w+\])?-{VERSION}",
        rf"lmsysorg/sglang:{VERSION}", rf"[Ss][Gg][Ll]ang [Vv]ersion:? {VERSION}", rf"\bsglang:{VERSION}",
        rf"sglang v{VERSION}",
    ),
    "ollama": (
        rf"\(version {VERSION}\)", rf"ollama version is {VERSION}", rf"ollama/ollama:{VERSION}",
        rf"[Oo]llama version:? {VERSION}", rf"starting Ollama\"[^\n]{{0,200}} version={VERSION}",
    ),
}  # fmt: skip


def engine_of(text: str) -> str | None:
    counts = {name: sum(marker in text for marker in markers) for name, markers in MARKERS.items()}
    counts["vllm"] += bool(VLLMS.search(text))
    # Ollama runs llama.cpp inside and prints its lines too.
    if counts["ollama"] > 1 or (counts["ollama"] and not counts["llama.cpp"]) or OLLAMAS.search(text):
        counts["ollama"], counts["llama.cpp"] = counts["ollama"] + 1, 0
    name = max(counts, key=lambda key: counts[key])
    if not counts[name]:
        return None
    return "ik_llama.cpp" if name == "llama.cpp" and is_fork(text) else name


def is_fork(text: str) -> bool:
    return any(word in text for word in FORK) or bool(FORK_TYPES.search(text) or FORK_FUNCTIONS.search(text))


def version_of(engine: str, text: str) -> str | None:
    if engine in ("llama.cpp", "ik_llama.cpp"):
        return build_of(text)
    for pattern in VERSIONS[engine]:
        if match := re.search(pattern, text):
            return match[1]
    return None


def build_of(text: str) -> str | None:
    """Number and commit, as the program prints them."""
    match = BUILD.search(text) or BUILD_OF_LINES.search(text)
    number, commit = [part for part in match.groups() if part] if match else (None, None)
    return f"{number} ({commit})" if match else None
