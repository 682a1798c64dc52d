"""Bytes of each tensor on each GPU under tensor, pipeline and expert parallel, and where a split is not possible.

Column and row splits as in Megatron-LM (arXiv 1909.08053); stages as in vLLM, vllm/distributed/utils.py get_pp_indices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from .architecture import Architecture
from .architecture.attention import Attention
from .architecture.tensors import Tensor
from .errors import InputError
from .estimate import Reason

# Every GPU of a tensor-parallel group holds these whole; vectors (norms, biases) are too small to tell apart.
WHOLE = {
    "norm", "bias", "router", "shared_router", "attn_kv_a", "attn_q_a", "attn_qkv_a",
    "indexer_q", "indexer_k", "indexer_weights", "mtp_projection", "vision_patch", "vision_position",
}  # fmt: skip
KEYS_VALUES = {"attn_k", "attn_v"}


@dataclass(frozen=True)
class Parallel:
    """`expert` GPUs share the experts of a layer whole; 1 splits each expert as any other matrix."""

    tensor: int = 1
    pipeline: int = 1
    expert: int = 1

    @property
    def gpus(self) -> int:
        return self.tensor * self.pipeline


def parallel_of(
    gpus: int, tensor: int | None = None, pipeline: int | None = None, expert: int | None = None
) -> Parallel:
    """What was asked for, on all the GPUs; without a wish one tensor-parallel group."""
    for field, size in (("tp", tensor), ("pp", pipeline), ("ep", expert)):
        if size is not None and not 1 <= size <= gpus:
            raise InputError(field, f"{size} does not go with {gpus} GPUs", f"1 to {gpus}")
    if tensor is None:
        tensor = gpus // (pipeline or 1)
    pipeline = pipeline or gpus // tensor
    if tensor * pipeline != gpus:
        raise InputError("tp", f"{tensor} x pp {pipeline} is not {gpus} GPUs", f"sizes whose product is {gpus}")
    if expert and tensor % expert:
        raise InputError("ep", f"{expert} does not divide tp {tensor}", "a divisor of tp")
    return Parallel(tensor, pipeline, expert or 1)


def stages(layers: int, pipeline: int) -> list[range]:
    """Layers of each stage; those left over go to the stages before the last."""
    sizes = [layers // pipeline] * pipeline
    for position in range(2, layers % pipeline + 2):
        sizes[-position] += 1
    ends = accumulate(sizes)
    return [range(end - size, end) for end, size in zip(ends, sizes, strict=True)]


def divisor(tensor: Tensor, architecture: Architecture, parallel: Parallel) -> int:
    """Into how many shares the tensor is split; 1 is a copy on every GPU of its stage."""
    if tensor.role in WHOLE:
        return 1
    if tensor.role in KEYS_VALUES and tensor.part == "text":
        return min(parallel.tensor, architecture.kv_heads)  # further GPUs hold copies
    return parallel.tensor


def share(tensor: Tensor, weight: int, architecture: Architecture, parallel: Parallel) -> int:
    """The largest share of `weight` bytes that one GPU of the tensor's stage holds."""
    if parallel.expert > 1 and tensor.role.startswith("expert_"):
        whole = -(-tensor.copies // parallel.expert)  # experts of the fullest GPU
        return -(-weight * whole // (tensor.copies * (parallel.tensor // parallel.expert or 1)))
    return -(-weight // divisor(tensor, architecture, parallel))


def stage_bytes(
    tensors: Iterable[tuple[Tensor, int]], architecture: Architecture, parallel: Parallel, skip: str = "mtp"
) -> list[int]:
    """Weights on each GPU of each stage. Tensors of the part `skip` are not loaded.

    The embedding is on the first stage, final norm and head on the last; a tied embedding is on both.
    """
    parts = stages(len(architecture.layers), parallel.pipeline)
    stage_of = {layer: stage for stage, layers in enumerate(parts) for layer in layers}
    found, last = [0] * parallel.pipeline, parallel.pipeline - 1
    for tensor, weight in tensors:
        if tensor.part == skip:
            continue
        size = share(tensor, weight, architecture, parallel)
        if tensor.part == "text" and tensor.layer is not None:
            found[stage_of[tensor.layer]] += size
        else:
            found[last if tensor.role == "head" or tensor.name == "norm.weight" else 0] += size
            if tensor.role == "embed" and architecture.tied and last:
                found[last] += size
    return found


def stage_layers(architecture: Architecture, parallel: Parallel) -> list[tuple[Attention, ...]]:
    return [architecture.layers[part.start : part.stop] for part in stages(len(architecture.layers), parallel.pipeline)]


def obstacles(architecture: Architecture, parallel: Parallel, block: int = 1) -> list[Reason]:
    """Why the engines refuse this split. `block` is the input width that shares a quantization scale."""
    return [
        reason
        for reason in (
            *_heads(architecture, parallel.tensor),
            _experts(architecture, parallel, block),
            _width(architecture, parallel.tensor, block),
            _stages(architecture, parallel.pipeline),
        )
        if reason
    ]


def _heads(architecture: Architecture, tensor: int) -> list[Reason]:
    """vLLM, vllm/config/model.py verify_with_parallel_config; SGLang's attention layers assert the same."""
    heads, kv_heads, found = architecture.heads, architecture.kv_heads, []
    if heads % tensor:
        allowed = [size for size in range(1, heads + 1) if heads % size == 0]
        near = [size for size in allowed if size > tensor][:1] or allowed[-1:]
        found.append(Reason("heads_not_divisible", {"heads": heads, "tensor_parallel": tensor, "suggested": near[0]}))
    latent = any(layer.kind == "latent" for layer in architecture.layers)
    if not latent and kv_heads % tensor and tensor % kv_heads and heads % tensor == 0:
        found.append(Reason("kv_heads_not_divisible", {"kv_heads": kv_heads, "tensor_parallel": tensor}))
    return found


def _experts(architecture: Architecture, parallel: Parallel, block: int) -> Reason | None:
    """vLLM, quantization/fp8.py: the expert's share of the width must be whole blocks, unless experts stay whole."""
    experts = architecture.experts
    if not experts:
        return None
    if parallel.expert > experts.count:
        return Reason("experts_fewer_than_gpus", {"experts": experts.count, "expert_parallel": parallel.expert})
    split = parallel.tensor // parallel.expert if parallel.expert > 1 else parallel.tensor
    if split > 1 and experts.width % (split * block):
        values = {"width": experts.width, "tensor_parallel": split, "share": experts.width / split, "block": block}
        return Reason("expert_width_not_divisible", values)
    return None


def _width(architecture: Architecture, tensor: int, block: int) -> Reason | None:
    width = architecture.width
    if tensor > 1 and width and width % (tensor * block):
        values = {"width": width, "tensor_parallel": tensor, "share": width / tensor, "block": block}
        return Reason("width_not_divisible", values)
    return None


def _stages(architecture: Architecture, pipeline: int) -> Reason | None:
    if pipeline > len(architecture.layers):
        return Reason("layers_fewer_than_stages", {"layers": len(architecture.layers), "stages": pipeline})
    return None
