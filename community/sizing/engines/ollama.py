"""Ollama: since 0.30.0 llama-server with settings of its own; before that runners of its own, of which little is known.

Rules from server/sched.go, server/routes.go and llm/llama_server.go @fb307609 (2026-08-21).
"""

from __future__ import annotations

import shlex
from dataclasses import replace

from ..deployment import Deployment
from ..errors import InputError
from ..estimate import EngineMemory, Evidence, GpuMemory, Part, Reason
from ..formats import weigh
from ..hardware import Device
from ..versions import Version, parse_version
from . import llama_cpp

GIB = 2**30
LATEST, OLDEST = "0.33.0", "0.5.0"
SERVER = (0, 30, 0)  # GGUF models run in llama-server only (commit 9db4bdbad, 2026-05-29)
SOURCE = "https://github.com/ollama/ollama/blob/main/server/sched.go"

# The llama.cpp build inside, by the first version that has it: b10488 from LLAMA_CPP_VERSION @fb307609, the others by
# date. Its own runners before that reserved logits for few rows only, as llama.cpp does from b9450.
BUILDS = (((0, 33, 0), 10488), ((0, 31, 0), 10300), ((0, 30, 0), 9400), ((0, 0, 0), 9450))

# Context by the memory of all GPUs together (server/routes.go, commit 0334ffa62 of 2026-02-02; 4,096 before).
AUTOMATIC = ((47 * GIB, 262_144), (23 * GIB, 32_768), (0, 4_096))
TIERS_SINCE = (0, 15, 5)
# Batch by context, with what it must leave: predicted + extra <= share of the free memory (llm/llama_server.go).
BATCHES = ((32_768, 2_048, 2 * GIB, 0.60), (4_096, 1_024, 768 * 2**20, 0.75))
ONE_GPU_SHARE = 0.80  # a model goes on one GPU if this much of the free memory holds it, otherwise on all
KV_TYPES = ("f16", "q8_0", "q4_0")  # OLLAMA_KV_CACHE_TYPE (PR #6279, 0.5.0)
CONTEXT_VARIABLE = (0, 5, 13)  # OLLAMA_CONTEXT_LENGTH


def version_of(deployment: Deployment) -> Version:
    version = parse_version(deployment.version or LATEST)
    if not parse_version(OLDEST) <= version <= parse_version(LATEST):
        raise InputError("engine", f"ollama {deployment.version} is not known", f"{OLDEST} to {LATEST}")
    return version


def automatic_context(devices: tuple[Device, ...], version: Version) -> int:
    """What Ollama takes when nobody sets a context."""
    total = sum(device.usable for device in devices)
    return next(context for least, context in AUTOMATIC if total >= least) if version >= TIERS_SINCE else 4_096


def predicted(deployment: Deployment) -> int:
    """Ollama's own guess before it loads: no head size, no window, no cache type, no buffers."""
    architecture = deployment.architecture
    head = architecture.hidden // max(architecture.heads, 1)  # none where every layer is recurrent
    cache = 4 * len(architecture.layers) * architecture.kv_heads * head * deployment.context * deployment.requests
    return weigh(architecture, deployment.weights).file_bytes + cache


def free(device: Device) -> int:
    return device.usable - llama_cpp.outside(device)


def chosen(deployment: Deployment) -> tuple[Device, ...]:
    """The roomiest GPU if it holds the model, otherwise all."""
    roomiest = max(deployment.devices, key=free)
    return (roomiest,) if predicted(deployment) <= ONE_GPU_SHARE * free(roomiest) else deployment.devices


def batch(deployment: Deployment, devices: tuple[Device, ...]) -> int:
    context, room = deployment.context * deployment.requests, sum(free(device) for device in devices)
    guess = predicted(deployment)
    for beyond, size, extra, share in BATCHES:
        if context > beyond and guess + extra <= share * room:
            return size
    return llama_cpp.UBATCH


def served(deployment: Deployment) -> Deployment:
    """The llama-server that Ollama starts."""
    kv, version, devices = deployment.options.kv or "f16", version_of(deployment), chosen(deployment)
    if kv not in KV_TYPES:
        raise InputError("kv", f"{kv[:30]!r} is not a cache type of Ollama", ", ".join(KV_TYPES))
    build = next(build for since, build in BUILDS if version >= since)
    size = deployment.options.ubatch or (batch(deployment, devices) if version >= SERVER else llama_cpp.UBATCH)
    options = replace(deployment.options, ubatch=size, kv=kv)
    return replace(deployment, engine="llama.cpp", version=f"b{build}", devices=devices, options=options)


def memory(deployment: Deployment) -> EngineMemory:
    version, inner = version_of(deployment), served(deployment)
    found = llama_cpp.memory(inner)
    used = dict(zip(map(id, inner.devices), found.gpus, strict=True)) if len(inner.devices) == 1 else {}
    gpus = tuple(used.pop(id(device), empty(device)) for device in deployment.devices) if used else found.gpus
    if version < SERVER:
        gpus = tuple(estimated(gpu) for gpu in gpus)
    return replace(found, gpus=gpus, reasons=(*found.reasons, *reasons_of(deployment, found, version)))


def empty(device: Device) -> GpuMemory:
    return GpuMemory(device.id, device.usable, ())


def estimated(gpu: GpuMemory) -> GpuMemory:
    """Its own runners had buffers of their own, which nobody measured."""

    def soften(part: Part) -> Part:
        return part if part.name in ("weights", "kv_cache") else replace(part, evidence=Evidence.ESTIMATE, records=1)

    return replace(gpu, parts=tuple(soften(part) for part in gpu.parts))


def reasons_of(deployment: Deployment, found: EngineMemory, version: Version) -> list[Reason]:
    automatic, reasons = automatic_context(deployment.devices, version), []
    if deployment.context != automatic:
        reasons.append(Reason("automatic_context_differs", {"automatic": automatic, "context": deployment.context}))
    offloaded = any(reason.code.endswith("in_system_memory") for reason in found.reasons)
    lower = [context for _, context in AUTOMATIC if context < automatic]
    if deployment.context == automatic and offloaded and lower and version >= SERVER:
        reasons.append(Reason("automatic_context_steps_down", {"from": automatic, "to": lower[0]}))
    return reasons


def command(deployment: Deployment) -> str:
    version, options = version_of(deployment), deployment.options
    variables = [
        f"OLLAMA_CONTEXT_LENGTH={deployment.context}" if version >= CONTEXT_VARIABLE else "",
        f"OLLAMA_NUM_PARALLEL={deployment.requests}" if deployment.requests > 1 else "",
        f"OLLAMA_KV_CACHE_TYPE={options.kv}" if options.kv and options.kv != "f16" else "",
        "OLLAMA_FLASH_ATTENTION=1" if options.kv and options.kv != "f16" else "",
        "OLLAMA_FLASH_ATTENTION=0" if not options.flash_attention else "",
    ]
    served(deployment)  # refuses what Ollama does not take
    start = " ".join(word for word in [*variables, "ollama serve"] if word)
    return f"{start}\n{run_words(deployment, version)}"


def run_words(deployment: Deployment, version: Version) -> str:
    """Settings without a variable are lines of a Modelfile (docs/modelfile.md)."""
    name, options = shlex.quote(tag(deployment)), deployment.options
    lines = {
        "num_ctx": deployment.context if version < CONTEXT_VARIABLE else None,
        "num_gpu": options.gpu_layers,
        "num_batch": options.ubatch,
    }
    set_lines = [f"PARAMETER {line} {value}" for line, value in lines.items() if value is not None]
    if not set_lines:
        return f"ollama run {name}"
    made = " ".join(shlex.quote(line) for line in [f"FROM {tag(deployment)}", *set_lines])
    return f"printf '%s\\n' {made} > Modelfile\nollama create sized -f Modelfile\nollama run sized"


def tag(deployment: Deployment) -> str:
    """A repository by hf.co and the level."""
    level = deployment.weights.id.removeprefix("gguf-").split("+")[0].upper()
    found = deployment.hub_name and deployment.weights.kind == "gguf"
    return f"hf.co/{deployment.hub_name}:{level}" if found else deployment.placeholder
