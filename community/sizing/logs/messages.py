"""What engines say when a start fails, by class.

The classes stand in order of precedence: a message that names its cause before one that many causes lead to.
"""

from __future__ import annotations

from .gpu_messages import GPUS
from .model_messages import MODEL
from .patterns import NUMBER
from .process_messages import ECHOED, ENDS, HUB, PROCESS
from .wording import Message, only

GIB = rf"{NUMBER}"
SPACE = r"[^\n]{0,200}?"
FLAG = r"(?P<flag>-[^\s=\"']{1,80})"

MEMORY: dict[str, tuple[Message, ...]] = {
    "no_cache_blocks": (only("No available memory for the cache blocks"),),
    "kv_cache_too_small": (
        Message(
            "KV cache is needed",
            rf"(?:max seq len \((?P<context>\d{{1,12}})\),[^\d(]{{1,12}}\(?)?(?:(?P<needed_gib>{GIB}) ?GiB |GiB "
            rf")?KV cache "
            rf"is needed, which "
            rf"is larger than the available KV cache memory(?: \((?P<available_gib>{GIB}) GiB\))?"
            rf"(?:[\s\S]{{0,120}}?estimated maximum model length is (?P<largest_context>\d{{1,12}}))?",
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
    "mamba_cache_too_small": (
        Message(
            "available Mamba cache blocks",
            r"max_num_seqs \((?P<max_num_seqs>\d{1,7})\) exceeds available Mamba cache blocks "
            r"\((?P<blocks>\d{1,9})\)",
        ),
    ),
    "negative_pool": (
        Message(
            "mem-fraction-static",
            rf"Not enough memory\. Please try (?:to )?(?:increas|decreas)\w{{1,3}} --mem-fraction-static"
            rf"(?:{SPACE}mem_fraction_static=(?P<mem_fraction_static>{GIB}))?",
        ),
        Message("profiled value", r"is larger than the profiled value (?P<tokens>-\d{1,12})"),
    ),
    "no_kernel_image": (
        only("no kernel image is available"),
        Message("was built for sm", r"FATAL: kernel [^\n]{1,200}? is for sm[^\n]{1,60}was built for sm"),
        Message("invalid device function", r"(?:HIP|CUDA) error: invalid device function"),
        Message("invalid device function", r"(?:ROCm|MUSA) error: invalid device function"),
        only("hipErrorNoBinaryForGpu"),
        only("was compiled without support for the current GPU architecture"),
        Message(
            "is not defined for option 'gpu-name'",
            r"Value '(?P<architecture>sm_\w{1,8})' is not defined for option 'gpu-name'",
        ),
        Message("Unsupported gpu architecture", r"Unsupported gpu architecture '(?P<architecture>\w{1,20})'"),
        only("no kernel image", alone=False),
        Message("TensileLibrary", r"rocBLAS error: Cannot read [^\n]{0,200}TensileLibrary"),
    ),
}

ARGUMENTS: dict[str, tuple[Message, ...]] = {
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
        Message("has been removed", rf"(?:the argument|option) {FLAG} has been removed", alone=False),
        Message("unknown option", rf"error: unknown option:? '?{FLAG}", alone=False),
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
            "are required", r"error: (?P<message>the following arguments are required: (?P<flag>[^\n,]{1,80}))", False
        ),
        Message(
            "one of the arguments", r"error: (?P<message>one of the arguments [^\n]{1,120} is required)", alone=False
        ),
        Message("required", r"error: (?P<message>(?P<flag>--?[\w-]{1,40}) is required)", alone=False),
        Message("invalid tool call parser", r"KeyError: [\"'](?P<message>invalid tool call parser: [^\n]{1,100})"),
        Message(
            "requires --",
            r"(?:[Ee]rror: |Exception: )(?P<message>(?P<flag>--[\w-]{1,60}) requires --[^\n]{1,80})",
            alone=False,
        ),
        Message(
            "must be <= max_num_batched_tokens",
            r"(?P<message>(?P<flag>block_size) \(\d{1,9}\) must be <= max_num_batched_tokens \(\d{1,9}\))",
        ),
        Message("max_lora_rank", r"LoRA rank (?P<value>\d{1,6}) is greater than (?P<flag>max_lora_rank) \d{1,6}"),
        Message("Too large swap space", r"(?P<message>Too large swap space\. [^\n]{1,120})"),
        Message("invalid reasoning parser", r"(?P<message>invalid reasoning parser: [^\n]{1,100})"),
        Message(
            "must be greater than or equal to max_num_seqs",
            r"(?P<flag>max_num_batched_tokens) \((?P<value>\d{1,12})\) must be greater",
        ),
        Message(
            "max_tokens_per_mm_item",
            r"max_tokens_per_mm_item \(\d{1,9}\) is larger than (?P<flag>max_num_batched_tokens) "
            r"\((?P<value>\d{1,12})\)",
        ),
        Message(
            "is smaller than max_model_len",
            r"(?P<flag>max_num_batched_tokens) \((?P<value>\d{1,12})\) is smaller than max_model_len "
            r"\((?P<context>\d{1,12})\)",
        ),
        Message(
            "be in the range",
            r"(?P<flag>gpu_memory_utilization) [^\n]{0,40}must be in the range|GPU memory utilization must be",
        ),
    ),
}

# After memory: what running out of it can lead to as well.
WORK: dict[str, tuple[Message, ...]] = {
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
        Message(
            "port is already allocated",
            r"Bind for \S{1,40}:(?P<port>\d{2,5}) failed: port is already allocated",
            alone=False,
        ),
        Message(
            "forbidden by its access",
            r"listen tcp \S{1,40}:(?P<port>\d{2,5}): bind: [^\n]{0,80}forbidden by its access",
            alone=False,
        ),
        only("Only one usage of each socket address", alone=False),
        Message("bind HTTP server socket", r"couldn't bind HTTP server socket(?:[^\n]{0,80}port: ?(?P<port>\d{2,5}))?"),
    ),
    "process_killed": (
        Message("signal: killed", r"(?:llama[^\n]{0,80}|error=[^\n]{0,60})signal: killed", alone=False),
        only("killed by the OOM killer", alone=False),
        only("killed due to memory pressure", alone=False),
        Message("OOMKilled", r"\bOOMKilled\b", alone=False),
    ),
    "cuda_error": (
        Message("CUBLAS_STATUS_", r"(?P<message>CUBLAS_STATUS_(?!SUCCESS|ALLOC)\w{1,30})", alone=False),
        Message("CUDNN_STATUS_", r"(?P<message>CUDNN_STATUS_(?!SUCCESS)\w{1,40})", alone=False),
        Message("Triton Error [CUDA]", r"Triton Error \[CUDA\]: (?P<message>(?!out of memory)[^\n]{1,80})"),
        Message(
            "CUDA error ", r"CUDA error \d{1,4} at [^\n]{1,80}?:\d{1,6}: (?P<message>(?!out of memory)[^\n]{1,80})"
        ),
        Message("Cuda error ", r"Cuda error [^\n]{1,80}?:\d{1,6} '(?P<message>[^'\n]{1,60})'"),
        Message("ROCm error", r"ROCm error: (?P<message>(?!out of memory)[a-z][^\n(]{3,80})"),
        Message(" error: ", r"(?:CUDA|HIP) error: (?P<message>(?!out of memory)[a-z][^\n(]{3,80})", alone=False),
    ),
    "assertion_failed": (
        Message("GGML_ASSERT", r"GGML_ASSERT\((?P<message>[^\n]{1,160})\) failed"),
        Message("GGML_ASSERT: ", r"GGML_ASSERT: (?P<message>[^\n]{1,160})"),
        Message("LLAMA_ASSERT: ", r"LLAMA_ASSERT: (?P<message>[^\n]{1,160})"),
    ),
    "invalid_argument": (
        Message(
            "validation error",
            r"validation errors? for (?P<config>\w{1,40})\b[\s\S]{0,200}?Value error, (?P<message>[^\n\[]{1,200})",
        ),
    ),
    "load_failed": (
        Message("error loading model", r"error loading model: (?P<message>[^\n]{1,200})"),
        Message(
            "process has terminated", r"(?:runner|llama-server) process has terminated: (?P<message>[^\n\"]{1,200})"
        ),
        Message(
            "process no longer running",
            r"(?:runner|llama-server) process (?P<message>no longer running: [^\n\"]{1,120})",
        ),
        Message("buffer is nil", r"ggml_metal_get_buffer: error: (?P<message>buffer is nil)"),
        Message("failed to start a llama runner", r"(?P<message>failed to start a llama runner)"),
        Message("model failed to load", r"(?P<message>model failed to load, this may be due to resource limitations)"),
        Message("failed to initialize the context", r"failed to initialize the context: (?P<message>[^\n]{1,160})"),
        Message("unable to create context", r"error: (?P<message>unable to create context)"),
        Message("Failed to create llama_context", r"(?P<message>Failed to create llama_context)"),
        Message(
            "encountered while running the model",
            r"(?P<message>error was encountered while running the model[^\n]{0,120})",
        ),
        Message("unable to create llama context", r"(?P<message>unable to create llama context)"),
        Message("failed to create context", r"(?P<message>failed to create context[^\n]{0,120})", alone=False),
        Message("Failed to load model from file", r"(?P<message>Failed to load model from file: [^\n]{1,160})"),
        Message("unable to load model", r"unable to load model: (?P<message>[^\n\"]{1,200})", alone=False),
        Message(
            "failed to load model", r"(?:error: |: )failed to load model,? '(?P<message>[^\n']{1,200})'", alone=False
        ),
    ),
}

BEFORE_MEMORY = (MEMORY, ARGUMENTS, HUB, MODEL, GPUS)
AFTER_MEMORY = (PROCESS, WORK)
LAST = (ENDS, ECHOED)
