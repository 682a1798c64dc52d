"""What engines say when a start fails, by class. Named groups are the values of the message.

The classes stand in order of precedence: a message that names its cause before one that many causes lead to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .failure import Failure
from .patterns import NUMBER, plain_value


@dataclass(frozen=True)
class Message:
    """`hint` is plain text that every match holds. `alone`: says so much that no engine's name is needed beside it."""

    hint: str
    expression: str
    alone: bool = True

    def find(self, code: str, text: str) -> Failure | None:
        if self.hint not in text:
            return None
        match = re.search(self.expression, text, re.MULTILINE)
        return match and Failure(code, match.start(), values_of(match))


def values_of(match: re.Match[str]) -> dict[str, Any]:
    named = {name: value.strip() for name, value in match.groupdict().items() if value and value.strip()}
    return {name: plain_value(value.replace(",", "") if value[0].isdigit() else value) for name, value in named.items()}


def only(words: str, alone: bool = True) -> Message:
    """A wording that is its own hint and says no value."""
    return Message(words, re.escape(words), alone)


GIB = rf"{NUMBER}"
SPACE = r"[^\n]{0,200}?"
FLAG = r"(?P<flag>-[^\s=\"']{1,80})"
NAME = r"(?P<model>[^\s'\"]{1,200})"

SPECIFIC: dict[str, tuple[Message, ...]] = {
    "no_cache_blocks": (only("No available memory for the cache blocks"),),
    "kv_cache_too_small": (
        Message(
            "KV cache is needed",
            rf"(?:max seq len \((?P<context>\d{{1,12}})\), \(?)?(?:(?P<needed_gib>{GIB}) ?GiB |GiB )?KV cache "
            rf"is needed, which "
            rf"is larger than the available KV cache memory(?: \((?P<available_gib>{GIB}) GiB\))?"
            rf"(?:{SPACE}estimated maximum model length is (?P<largest_context>\d{{1,12}}))?",
        ),
        Message(
            "stored in KV cache",
            r"max seq len \((?P<context>\d{1,12})\) is larger than the maximum number of tokens that can be "
            r"stored in KV "
            r"cache \((?P<largest_context>\d{1,12})\)",
        ),
    ),
    "free_memory_below_request": (
        Message(
            "is less than desired GPU memory",
            rf"Free memory on device {SPACE}\((?P<free_gib>{GIB})/(?P<total_gib>{GIB}) GiB\) on startup is less "
            rf"than desired "
            rf"GPU memory utilization \((?P<gpu_memory_utilization>{GIB}), (?P<asked_gib>{GIB}) GiB\)",
        ),
        only("is less than desired GPU memory utilization"),
    ),
    "unbalanced_gpus": (only("The memory capacity is unbalanced"),),
    "profile_disturbed": (only("Error in memory profiling"),),
    "negative_pool": (
        Message(
            "mem-fraction-static",
            rf"Not enough memory\. Please try to (?:increase|decrease) --mem-fraction-static"
            rf"(?:{SPACE}mem_fraction_static=(?P<mem_fraction_static>{GIB}))?",
        ),
        Message("profiled value", r"is larger than the profiled value (?P<tokens>-\d{1,12})"),
    ),
    "no_kernel_image": (
        only("no kernel image is available"),
        Message("was built for sm", r"FATAL: kernel [^\n]{1,200}? is for sm[^\n]{1,60}was built for sm"),
        Message("invalid device function", r"(?:HIP|CUDA) error: invalid device function"),
        only("hipErrorNoBinaryForGpu"),
        Message("TensileLibrary", r"rocBLAS error: Cannot read [^\n]{0,200}TensileLibrary"),
    ),
    "unknown_argument": (
        Message("unrecognized argument", rf"error: unrecognized arguments?: {FLAG}", alone=False),
        Message("unrecognized argument", r"error: unrecognized arguments?: (?P<flag>[^\s=]{1,80})", alone=False),
        Message(
            "unexpected keyword argument",
            r"(?:EngineArgs|ServerArgs|LLM|Engine|Config)(?:\.__init__)?\(\) got an unexpected keyword argument "
            r"'(?P<flag>\w{1,80})'",
        ),
        Message("invalid argument: -", rf"error: invalid argument: {FLAG}", alone=False),
        Message("unknown argument: -", rf"error: unknown argument: {FLAG}", alone=False),
        Message("has been removed", rf"error while handling argument \"{FLAG}\": [^\n]{{0,80}}?has been removed"),
        Message("unknown flag: -", rf"Error: unknown (?:shorthand )?flag: {FLAG}", alone=False),
        Message("No such option", rf"No such option:? {FLAG}", alone=False),
    ),
    "invalid_argument": (
        Message(
            "error while handling argument", rf"error while handling argument \"{FLAG}\": (?P<message>[^\n]{{1,200}})"
        ),
        Message(
            "error: argument ",
            r"error: argument (?P<flag>-[^\s:/]{1,80})[^\n:]{0,80}: (?P<message>(?:invalid|expected|not "
            r"allowed)[^\n]{1,160})",
            alone=False,
        ),
        Message(
            "is smaller than max_model_len",
            r"(?P<flag>max_num_batched_tokens) \((?P<value>\d{1,12})\) is smaller than max_model_len "
            r"\((?P<context>\d{1,12})\)",
        ),
    ),
    "unknown_architecture": (
        Message("unknown model architecture", r"unknown model architecture: ?'(?P<architecture>[^'\n]{1,80})'"),
        Message(
            "unsupported model architecture", r"unsupported model architecture:? ?'?(?P<architecture>[\w\-]{1,80})?"
        ),
        Message(
            "are not supported for now",
            r"Model architectures? \[?'?(?P<architecture>[^'\]\n]{1,80})'?\]? are not supported for now",
        ),
        Message("has no vLLM implementation", r"(?P<architecture>\w{1,80}) has no vLLM implementation"),
        Message("has no SGl", r"(?P<architecture>\w{1,80}) has no SGl[Aa]ng implementation"),
        Message("Unsupported architectures", r"Unsupported architectures: (?P<architecture>[^\n.]{1,80})", alone=False),
        Message(
            "does not recognize this architecture",
            r"model type `(?P<architecture>[^`\n]{1,80})` but Transformers does not recognize this architecture",
        ),
    ),
    "unknown_tokenizer": (
        Message("unknown pre-tokenizer", r"unknown pre-tokenizer type: '(?P<tokenizer>[^'\n]{1,80})'"),
    ),
    "wrong_tensor_shape": (
        Message(
            "has wrong shape",
            r"tensor '(?P<tensor>[^'\n]{1,120})' has wrong shape(?:; expected (?P<expected>[^;\n]{1,80}?), got "
            r"(?P<got>[^;\n]{1,80}))?",
        ),
        Message("Attempted to load weight", r"Attempted to load weight \([^\n]{1,80}\) into parameter"),
        Message("loaded_weight.shape", r"assert param\S{0,20}\.(?:shape|size\(\)) == loaded_weight\.shape"),
        Message("size mismatch for", r"size mismatch for (?P<tensor>[\w.]{1,120})", alone=False),
    ),
    "missing_tensor": (
        Message(
            "wrong number of tensors", r"wrong number of tensors; expected (?P<expected>\d{1,9}), got (?P<got>\d{1,9})"
        ),
        Message("missing tensor", r"missing tensor '(?P<tensor>[^'\n]{1,120})'"),
    ),
    "corrupt_file": (
        only("data is not within the file bounds, model is corrupted or incomplete"),
        only("invalid magic characters", alone=False),
        Message(
            "SafetensorError", r"SafetensorError: [^\n]{0,80}(?:HeaderTooLarge|MetadataIncompleteBuffer|InvalidHeader)"
        ),
    ),
    "context_too_long": (
        Message(
            "is greater than the derived max_model_len",
            rf"max_model_len \((?P<context>\d{{1,12}})\) is greater than the derived max_model_len "
            rf"\({SPACE}[= ](?P<largest_context>\d{{1,12}})",
        ),
    ),
    "unsupported_dtype": (
        Message(
            "is only supported on GPUs with compute",
            r"(?P<dtype>[Bb]float16) is only supported on GPUs with compute capability of at least "
            r"(?P<needed>\d{1,2}\.\d)",
        ),
    ),
    "unsupported_quantization": (
        Message(
            "is not supported for the current GPU",
            r"quantization method (?P<quantization>\S{1,40}) is not supported for the current GPU",
        ),
        Message("Unknown quantization method", r"Unknown quantization method: ?(?P<quantization>[\w\-]{1,40})"),
    ),
    "parallel_size": (
        Message(
            "must be divisible by tensor parallel size",
            r"attention heads \((?P<heads>\d{1,6})\) must be divisible by tensor parallel size "
            r"\((?P<tensor_parallel_size>\d{1,6})\)",
        ),
        Message(
            "is not divisible by", r"Error: (?P<message>[^\n]{1,120}? is not divisible by [^\n]{1,120})", alone=False
        ),
    ),
    "gated": (
        Message("gated repo", r"trying to access a gated repo"),
        only("GatedRepoError"),
        Message("is restricted", rf"Access to model {NAME} is restricted"),
    ),
    "model_not_found": (
        Message("is not a local folder", rf"'?{NAME}'? is not a local folder and is not a valid model identifier"),
        Message("Repository Not Found for url", r"Repository Not Found for url: (?P<model>\S{1,200}?)\.?\s"),
        only("RepositoryNotFoundError"),
        Message("Invalid repository ID", rf"Invalid repository ID or local directory specified: ?'{NAME}'"),
        Message("file named config.json", rf"{NAME} does not appear to have a file named config\.json"),
        Message("Can't load the configuration of", rf"Can't load the configuration of '{NAME}'"),
        Message(
            "failed to open",
            r"(?:gguf_init_from_file\w{0,10}|llama_model_load\w{0,20}|llama_load_model_from_file): "
            r"[^\n]{0,60}?failed to open "
            r"(?:GGUF file )?'?(?P<model>[^'\n]{1,200}?)(?:'| \(|: |$)",
        ),
        only("pull model manifest: file does not exist"),
        Message("try pulling it first", rf"model ['\"]?{NAME}['\"]? not found, try pulling it first"),
    ),
    "no_gpu": (
        only("No CUDA GPUs are available"),
        Message("no CUDA-capable device", r"[Ee]rror: no CUDA-capable device is detected"),
        only("Failed to infer device type"),
        only("libcuda.so.1: cannot open shared object file"),
    ),
    "driver_too_old": (
        only("NVIDIA driver on your system is too old"),
        only("CUDA driver version is insufficient"),
        only("PTX was compiled with an unsupported toolchain"),
    ),
}

# After memory: what running out of it can lead to as well.
GENERAL: dict[str, tuple[Message, ...]] = {
    "nccl_error": (
        Message("NCCL error", r"NCCL error(?: in)?: ?(?P<message>[^\n(]{1,120})"),
        Message("NCCL", r"NCCL (?:error|failure)"),
        Message("nccl", r"\bnccl(?:UnhandledCudaError|SystemError|InternalError|InvalidUsage|RemoteError)\b"),
    ),
    "port_in_use": (
        Message("ddress already in use", r"\('[\w.:]{1,45}', (?P<port>\d{2,5})\)[^\n]{0,40}ddress already in use"),
        Message(
            "address already in use", r"listen tcp [\d.:\[\]]{1,45}:(?P<port>\d{2,5}): bind: address already in use"
        ),
        Message(
            "ddress already in use", r"(?:\[Errno 98\]|bind|OSError)[^\n]{0,200}ddress already in use", alone=False
        ),
        Message("EADDRINUSE", r"(?:port: (?P<port>\d{2,5})[^\n]{0,200})?EADDRINUSE", alone=False),
        only("Only one usage of each socket address", alone=False),
        Message("bind HTTP server socket", r"couldn't bind HTTP server socket(?:[^\n]{0,80}port: ?(?P<port>\d{2,5}))?"),
    ),
    "process_killed": (
        only("llama runner process has terminated: signal: killed"),
        Message("-9", r"(?:exit ?code|exitcode)[:=]? ?-9\b", alone=False),
        Message("Killed", r"^(?:\S{0,80}: line \d{1,6}: +\d{1,9} )?Killed\b", alone=False),
    ),
    "cuda_error": (
        Message(" error: ", r"(?:CUDA|HIP) error: (?P<message>(?!out of memory)[a-z][^\n(]{3,80})", alone=False),
    ),
    "assertion_failed": (Message("GGML_ASSERT", r"GGML_ASSERT\((?P<message>[^\n]{1,160})\) failed"),),
    "load_failed": (
        Message("error loading model", r"error loading model: (?P<message>[^\n]{1,200})"),
        Message("runner process has terminated", r"runner process has terminated: (?P<message>[^\n\"]{1,200})"),
        Message("unable to load model", r"unable to load model: (?P<message>[^\n\"]{1,200})", alone=False),
        Message(
            "failed to load model", r"(?:error: |: )failed to load model,? '(?P<message>[^\n']{1,200})'", alone=False
        ),
    ),
}
