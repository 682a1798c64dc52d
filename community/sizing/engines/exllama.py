"""ExLlamaV2 and V3 under TabbyAPI: layers split over the cards, a cache of fixed size, embeddings in host memory.

exllamav2 0.3.2 (2025-07) cache.py; exllamav3 1.6.5 (2026-10) cache/ and modules/embedding.py; tabbyAPI
config_sample.yml @004e8374.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from ..deployment import Deployment
from ..errors import InputError
from ..estimate import EngineMemory, Evidence, Formula, GpuMemory, Part, Reason
from ..formats import weigh
from ..hardware import Device
from ..kv_cache import KvType, kv_type, layer_bytes_per_token, state_bytes
from ..versions import parse_version
from .ggml_placement import owners
from .llama_cpp import largest

MIB = 2**20
NEWEST = {"exllamav2": "0.3.2", "exllamav3": "1.6.5"}
LATEST = NEWEST["exllamav3"]
OLDEST = "0.0.1"
PAGE = 256  # tokens; the cache is a whole number of pages
SOURCE = "https://github.com/turboderp-org/exllamav3/blob/master/exllamav3/cache"
CHUNK = 2_048  # tokens of a prompt at once
CONTEXT, BUFFERS = 400 * MIB, 520 * MIB  # driver, and buffers for such chunks: data/local_constants.toml
# Keys and values alike (V2), or bits of each (V3).
V2_TYPES = ("f16", "q8", "q6", "q4")
V3_TYPES = ("f16", *(f"q{bits}" for bits in range(2, 9)))


def version_of(deployment: Deployment) -> str:
    newest = NEWEST[deployment.engine]
    version = parse_version(deployment.version or newest)
    if not parse_version(OLDEST) <= version <= parse_version(newest):
        raise InputError("engine", f"{deployment.engine} {deployment.version} is not known", f"{OLDEST} to {newest}")
    return deployment.version or newest


def cache_types(deployment: Deployment) -> tuple[KvType, KvType]:
    known = V2_TYPES if deployment.engine == "exllamav2" else V3_TYPES
    keys, _, values = (deployment.options.kv or "f16").partition("/")
    found = (keys, values or keys)
    if not set(found) <= set(known) or (deployment.engine == "exllamav2" and found[0] != found[1]):
        raise InputError(
            "kv", f"{deployment.options.kv!r} is not a cache type of {deployment.engine}", ", ".join(known)
        )
    return kv_type(found[0]), kv_type(found[1])


@dataclass(frozen=True)
class Layers:
    """Bytes by layer, with what a token costs in each; the head is the last entry of `weights`."""

    weights: tuple[int, ...]
    token: tuple[int, ...]
    state: int  # recurrent state of a sequence, all layers
    table: int


def measure(deployment: Deployment) -> Layers:
    architecture, (keys, values) = deployment.architecture, cache_types(deployment)
    sizes, table = [0] * (len(architecture.layers) + 1), 0
    for tensor, size in weigh(architecture, deployment.weights).tensors:
        if tensor.role == "embed" and tensor.part == "text":
            table += size
        elif tensor.part != "mtp":
            sizes[tensor.layer if tensor.layer is not None and tensor.part == "text" else -1] += size
    token = tuple(
        (layer_bytes_per_token(layer, keys) + layer_bytes_per_token(layer, values)) // 2
        for layer in architecture.layers
    )
    return Layers(tuple(sizes), token, state_bytes(architecture), table)


def tokens(context: int, requests: int) -> int:
    return -(-context // PAGE) * PAGE * requests


def overhead() -> int:
    return CONTEXT + BUFFERS


@dataclass(frozen=True)
class Share:
    weights: int
    cache: int
    layers: int

    @property
    def total(self) -> int:
        return self.weights + self.cache + (overhead() if self.layers else 0)


def split(layers: Layers, devices: tuple[Device, ...], cells: int, requests: int) -> list[Share]:
    """Layers in order, in proportion to the memory left by the overhead; gpu_split says the same to TabbyAPI."""
    count = len(layers.token)
    room = [float(max(device.usable - overhead(), 0)) for device in devices]
    places = owners(count, count + 1, room if sum(room) else [1.0] * len(devices))
    found = []
    for device in range(len(devices)):
        mine = [position for position, place in enumerate(places) if place == device]
        cached = sum(layers.token[position] for position in mine if position < count) * cells
        state = layers.state * requests * len(mine) // (count + 1)
        found.append(Share(sum(layers.weights[position] for position in mine), cached + state, len(mine)))
    return found


def memory(deployment: Deployment) -> EngineMemory:
    version_of(deployment)
    layers, devices = measure(deployment), deployment.devices

    def fits(context: int, requests: int) -> bool:
        shares = split(layers, devices, tokens(context, requests), requests)
        return all(share.total <= device.usable for share, device in zip(shares, devices, strict=True))

    limit = tokens(max(deployment.context, deployment.architecture.context or 0), 1) // PAGE
    cells = tokens(deployment.context, deployment.requests)
    shares = split(layers, devices, cells, deployment.requests)
    return EngineMemory(
        gpus=tuple(gpu(deployment, share, device) for share, device in zip(shares, devices, strict=True)),
        kv_pool_tokens=cells,
        max_context=largest(lambda pages: fits(pages * PAGE, deployment.requests), limit) * PAGE,
        max_requests=largest(lambda requests: fits(deployment.context, requests), 256),
        host_bytes=layers.table,
        reasons=tuple(reasons_of(deployment)),
    )


def reasons_of(deployment: Deployment) -> list[Reason]:
    """Tensor parallel is not sized: what is shown is the usual split."""
    parallel = deployment.options.tensor_parallel or 1
    if parallel > 1:
        return [Reason("split_by_layer", {"tensor_parallel": parallel})]
    return []


def gpu(deployment: Deployment, share: Share, device: Device) -> GpuMemory:
    kv, used = deployment.options.kv or "f16", bool(share.layers)
    cells = tokens(deployment.context, deployment.requests)
    layers = Formula("layers_table_in_system_memory", {"layers": share.layers})
    pages = Formula("pages", {"tokens": cells, "page": PAGE, "kv": kv})
    parts = (
        Part("weights", share.weights, layers, Evidence.RULE, SOURCE, 8),
        Part("kv_cache", share.cache, pages, Evidence.RULE, SOURCE, 8),
        Part("activations", BUFFERS * used, Formula("chunk_buffers", {"tokens": CHUNK}), Evidence.ESTIMATE, SOURCE, 8),
        Part("runtime", CONTEXT * used, Formula("libraries"), Evidence.ESTIMATE, SOURCE, 8),
    )
    return GpuMemory(device.id, device.usable, parts)


def command(deployment: Deployment) -> str:
    version_of(deployment)
    keys, values = cache_types(deployment)
    name = deployment.source.rsplit("/", 1)[-1]
    words = [
        f"python main.py --backend {deployment.engine} --model-name {shlex.quote(name)}",
        f"--max-seq-len {deployment.context} --cache-size {tokens(deployment.context, deployment.requests)}",
        f"--cache-mode {cache_mode(deployment.engine, keys, values)}",
    ]
    if len(deployment.devices) > 1:
        shares = split(measure(deployment), deployment.devices, tokens(deployment.context, deployment.requests), 1)
        sizes = " ".join(f"{share.total / 2**30:.1f}" for share in shares)
        words.append(f"--gpu-split-auto false --gpu-split {sizes}")
    return " ".join(words)


def cache_mode(engine: str, keys: KvType, values: KvType) -> str:
    if keys.id == "f16":
        return "FP16"
    return keys.id.upper() if engine == "exllamav2" else f"{keys.id[1:]},{values.id[1:]}"
