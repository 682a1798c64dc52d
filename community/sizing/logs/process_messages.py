"""Failures around the model: the hub, the network, what is installed, and the process itself."""

from __future__ import annotations

from .wording import Message, only, said

PATH = r"['\"]?(?P<path>[^\s'\"]{1,200})"

HUB: dict[str, tuple[Message, ...]] = {
    "trust_remote_code": (
        Message(
            "custom code which must be executed",
            r"(?:repository for )?(?<![^\s'\"])(?P<model>[^\s'\"]{1,200})(?: repository)? contains custom code which "
            r"must be executed",
        ),
        Message("requires you to execute", r"[Ll]oading (?P<model>[^\s'\"]{1,200}) requires you to execute the"),
        Message("trust_remote_code=True", r"(?:Please pass|pass) the (?:argument|option) `?trust_remote_code=True"),
        only("Please set `trust_remote_code=True`", alone=False),
        only("consider setting `trust_remote_code=True`", alone=False),
    ),
    "gated": (
        Message(
            "gated repo",
            r"(?:trying to access a|Cannot access) gated repo(?:[^\n]{0,30}https?://[\w.\-]{1,60}/(?P<model>[\w.\-]{1,80}/[\w.\-]{1,100}))?",
        ),
        only("GatedRepoError"),
        Message("is restricted", r"Access to model (?P<model>[^\s'\"]{1,200}) is restricted"),
        only("awaiting a review from the repo authors"),
    ),
}

# Looked for after the failures of the model itself and after memory: many causes end in these.
PROCESS: dict[str, tuple[Message, ...]] = {
    "shared_memory": (
        Message("/dev/shm", r"/dev/shm[^\n]{0,120}(?:No space left|not enough|cannot allocate|too small)", alone=False),  # noqa: S108 (what a message says)
        Message("shared memory segment", r"Error while creating shared memory segment (?P<path>\S{1,80})"),
        Message(
            "unable to write to file </torch_",
            r"unable to write to file </torch_[^\n]{0,80}No space left on device",
            alone=False,
        ),
        Message("insufficient shared memory", r"insufficient shared memory"),
        Message("Bus error", r"\bBus error\b", alone=False),
    ),
    "disk_full": (only("No space left on device", alone=False), only("no space left on device", alone=False)),
    "gated": (
        Message("http status code received", r"invalid http status code received: 40[13]"),
        Message(
            "Client Error",
            r"40[13] Client Error[^\n]{0,60} for url: https?://[\w.\-]{1,60}/(?P<model>[\w.\-]{1,80}/[\w.\-]{1,100})",
            alone=False,
        ),
        Message("Client Error", r"40[13] Client Error", alone=False),
    ),
    "hub_unreachable": (
        Message("We couldn't connect to", r"We couldn't connect to '(?P<address>[^'\s]{1,100})'", alone=False),
        only("LocalEntryNotFoundError", alone=False),
        only("Cannot find an appropriate cached snapshot folder", alone=False),
        only("outgoing traffic has been disabled", alone=False),
        only("offline mode is enabled", alone=False),
        Message(
            "Max retries exceeded with url",
            r"host='(?P<address>[\w.\-]{1,80})'[^\n]{0,80}Max retries exceeded with url",
            alone=False,
        ),
        Message(
            "dial tcp",
            r"dial tcp: lookup (?P<address>[\w.\-]{1,80})[^\n]{0,80}(?:no such host|i/o timeout|server misbehaving)",
            alone=False,
        ),
        Message(
            "pull model manifest",
            r"pull model manifest: [^\n]{0,120}(?:timeout|connection refused|no such host|EOF)",
            alone=False,
        ),
        only("Network is unreachable", alone=False),
        only("CAS service error", alone=False),
        Message("Read timed out", r"host='(?P<address>[\w.\-]{1,80})'[^\n]{0,80}Read timed out", alone=False),
        Message("max retries exceeded", r"Error: max retries exceeded", alone=False),
        only("failed to download model from Hugging Face", alone=False),
        only("Temporary failure in name resolution", alone=False),
    ),
    "missing_compiler": (
        said("Failed to find C compiler"),
        Message("Python.h", r"(?P<message>Python\.h: No such file or directory)", alone=False),
        said("Could not find nvcc"),
        said("CUDA_HOME environment variable is not set"),
        Message("nvcc", r"(?P<message>nvcc: not found|nvcc: command not found|'[^'\n]{0,80}nvcc')", alone=False),
        Message(
            "ninja",
            r"(?P<message>Ninja build failed|Ninja is required to load C\+\+ extensions|No such file or "
            r"directory: 'ninja')",
            alone=False,
        ),
        Message("No such file or directory: 'gcc'", r"(?P<message>No such file or directory: 'gcc')", alone=False),
    ),
    "broken_install": (
        Message(
            "undefined symbol",
            r"(?:Import|OS)Error: [^\n]{0,200}(?P<message>undefined symbol: \w{1,120})",
            alone=False,
        ),
        Message(
            "cannot open shared object file",
            r"(?:Import|OS)Error: (?P<message>[^\n]{1,120}: cannot open shared object file)",
            alone=False,
        ),
        Message(
            "while loading shared libraries",
            r"error while loading shared libraries: (?P<message>[^\n]{1,120})",
            alone=False,
        ),
        Message("no backends are loaded", r"(?P<message>no backends are loaded)"),
        Message("DLL load failed", r"(?P<message>DLL load failed[^\n]{0,120})", alone=False),
        Message(
            "has no attribute",
            r"(?P<message>'_OpNamespace' '\w{1,40}' object has no attribute '\w{1,80}')",
            alone=False,
        ),
        Message("GLIBC", r"(?P<message>version `GLIBC(?:XX)?_[\d.]{1,10}' not found)", alone=False),
        Message(
            "cannot import name",
            r"ImportError: (?P<message>cannot import name '\w{1,80}' from '[\w.\-]{1,80}')",
            alone=False,
        ),
        Message(
            "is required for a normal functioning",
            r"ImportError: (?P<message>[^\n]{1,80} is required for a normal functioning)",
            alone=False,
        ),
        Message("does not exist", r"(?P<message>operator \w{1,40}::\w{1,40} does not exist)", alone=False),
        Message(
            "numpy",
            r"(?P<message>numpy\.\w{1,20} size changed|numpy\.core\.multiarray failed to import)",
            alone=False,
        ),
        said("Torch not compiled with CUDA enabled"),
        Message("common_ops", r"(?P<message>Could not load any common_ops library)", alone=False),
    ),
    "missing_package": (
        Message("No module named", r"ModuleNotFoundError: No module named '(?P<package>[\w.\-]{1,80})'", alone=False),
        Message(
            "is not installed", r"(?:Error|Exception): `?(?P<package>[\w.\-]{1,60})`? is not installed", alone=False
        ),
        Message(
            "is not installed",
            r"(?:Error|Exception): `?(?P<package>[\w.\-]{1,60})`? with minimum required version "
            r"(?P<needed>\S{1,20}) is not installed",
            alone=False,
        ),
        Message("command not found", r"\b(?P<package>vllm|sglang|ollama|llama-server): command not found", alone=False),
        Message(
            "PackageNotFoundError",
            r"PackageNotFoundError: (?:No package metadata was found for )?'?(?P<package>[\w.\-]{1,60})",
            alone=False,
        ),
        Message(
            "minimum required version",
            r"(?P<package>[\w\-]{1,60}) is installed with version \S{1,40},? which is less than the minimum "
            r"required version (?P<needed>[\w.]{1,30})",
            alone=False,
        ),
        Message(
            "Please install",
            r"(?:Error|Exception): [^\n]{0,120}?[Pp]lease install `?(?:vllm\[)?(?P<package>[\w\-]{1,60})",
            alone=False,
        ),
    ),
    "spawn_guard": (
        only("Cannot re-initialize CUDA in forked subprocess"),
        only("before the\n        current process has finished its bootstrapping phase", alone=False),
        Message("finished its bootstrapping phase", r"finished its bootstrapping phase", alone=False),
    ),
    "permission_denied": (
        Message(
            "Permission denied",
            rf"(?:PermissionError: \[Errno 13\] |OSError: |mkdir |open )?[Pp]ermission denied(?:: {PATH})?",
            alone=False,
        ),
        Message(
            "permission denied",
            rf"(?:Error|level=ERROR)[^\n]{{0,200}}?(?:open|mkdir|stat|rename) {PATH}?:? permission denied",
            alone=False,
        ),
    ),
    "node_unreachable": (
        said("connectFullMesh failed"),
        said("The client socket has failed to connect"),
        said("The client socket has timed out"),
        said("Unable to find address for"),
        said("Unable to resolve hostname"),
        said("no socket interface found"),
    ),
    "server_not_running": (
        only("could not connect to ollama app, is it running"),
        only("could not connect to a running Ollama instance"),
        only("ollama server not responding"),
        only("could not connect to ollama server"),
    ),
    "load_timeout": (
        said("timed out waiting for llama runner to start"),
        said("timed out waiting for llama-server"),
        Message(
            "Timed out", r"(?P<message>Timed out after \d{1,6} seconds waiting for clients[^\n]{0,60})", alone=False
        ),
        Message(
            "imeout",
            r"(?P<message>DistStoreError[^\n]{0,120}|Watchdog caught collective operation timeout[^\n]{0,80})",
            alone=False,
        ),
        Message(
            "rendezvous",
            r"(?P<message>[^\n:]{0,60}rendezvous[^\n]{0,60}(?:timeout|timed out)[^\n]{0,40})",
            alone=False,
        ),
    ),
}

# The last words of a process that say how it ended and nothing of why.
ENDS: dict[str, tuple[Message, ...]] = {
    "process_killed": (
        Message("137", r"(?:[Ee]xit(?:ed)?(?: with)?[ _]?[Cc]ode:?|exit status|code) ?137\b", alone=False),
        Message("status=9/KILL", r"code=killed, status=9/KILL", alone=False),
        Message("-9", r"(?:exit ?code|exitcode)[:=]? ?-9\b", alone=False),
        Message("Killed", r"^(?:\S{0,80}: line \d{1,6}: +\d{1,9} )?Killed\b", alone=False),
    ),
    "crashed": (
        Message("egmentation", r"(?P<message>[Ss]egmentation (?:fault|violation))", alone=False),
        Message("SIG", r"\b(?P<message>SIGSEGV|SIGILL|SIGBUS|SIGFPE)\b", alone=False),
        Message("panic: ", r"^[^\n]{0,80}?\bpanic: (?P<message>[^\n]{1,160})", alone=False),
        Message("what():", r"what\(\): +(?P<message>[^\n]{1,160})", alone=False),
        Message("core dumped", r"(?P<message>\w{3,20} \(core dumped\))", alone=False),
        Message("code=dumped", r"(?P<message>code=dumped, status=\S{1,12})", alone=False),
        Message("llegal instruction", r"(?P<message>[Ii]llegal instruction)", alone=False),
        Message("exitcode", r"(?P<message>exitcode: ?-(?:4|6|7|8|11)\b)", alone=False),
        Message("exit code", r"(?P<message>exit code:? ?-(?:4|6|7|8|11)\b)", alone=False),
        Message("0xc0000", r"(?P<message>(?:exit status|exited with code) 0xc0000(?:005|409|01d))", alone=False),
    ),
}

# What only repeats that a start has failed.
ECHOED: dict[str, tuple[Message, ...]] = {
    "cause_not_shown": (
        only("died unexpectedly before finishing", alone=False),
        only("something went wrong, please see the ollama server logs"),
        only("See root cause above"),
        only("Received sigquit from a child process", alone=False),
        only("Engine process failed to start"),
        only("EngineCore failed to start", alone=False),
        only("WorkerProc initialization failed", alone=False),
        only("Engine core initialization failed", alone=False),
        only("WorkerProc failed to start", alone=False),
        only("WorkerProc hit an exception", alone=False),
        only("EngineCore hit an exception", alone=False),
        only("Rank 0 scheduler is dead", alone=False),
        only("Traceback (most recent call last)", alone=False),
    ),
}
