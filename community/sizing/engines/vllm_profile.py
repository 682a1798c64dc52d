"""What vLLM measures at start beside weights and KV cache: activation peak, memory outside torch, CUDA graphs.

vLLM runs one dummy forward pass of max_num_batched_tokens and one dummy sampling step of max_num_seqs, and takes the
peak (vllm/v1/worker/gpu_worker.py determine_available_memory). The two branches follow from what they allocate; the
constants were set on the records named in data/serving_constants.json, and tests/sizing/test_accuracy_serving.py checks
them on the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from ..architecture import Architecture
from ..estimate import Evidence
from ..hardware import Device
from ..sharding import Parallel
from ..versions import Version

GIB = 2**30
TRITON_SAMPLER = (0, 17, 0)  # vLLM PR #33538: top-k and top-p without sorting
GRAPHS_IN_BUDGET = (0, 21, 0)  # start-up log: "default since v0.21.0"
LARGER_BUFFERS = (0, 17, 0)
# GiB on one GPU; 0.13 since the old engine is gone.
ALONE = (((0, 17, 0), 0.25), ((0, 11, 0), 0.13), ((0, 0, 0), 0.10))
QWEN_IMAGE = 16_384


@dataclass(frozen=True)
class Run:
    """The sizes that the profile run depends on."""

    tokens: int  # max_num_batched_tokens
    sequences: int  # max_num_seqs
    dtype: int  # bytes of an activation
    eight_bit: bool  # activations are quantized to 8 bit before each matrix
    marlin: bool  # experts in MXFP4: no workspace of its own


def sampler_bytes(architecture: Architecture, run: Run, version: Version) -> int:
    """Logits in the model's type and in f32, sorted copies (or the Triton kernel's buffers) and the hidden states.

    From 0.21 on only one log with known settings is there (0.31.0, A100), and it shows the sorted copies again.
    """
    per_logit = 12.5 if TRITON_SAMPLER <= version < GRAPHS_IN_BUDGET else 36
    logits = run.sequences * architecture.vocabulary * (per_logit + run.dtype)
    return int(logits + run.tokens * architecture.hidden * run.dtype + 0.05 * GIB)


def forward_bytes(architecture: Architecture, run: Run, parallel: Parallel) -> int:
    """Gate and up, their product, input and output of the widest dense layer, for every token."""
    shared = architecture.experts.shared if architecture.experts else 0
    width = max(architecture.width, shared) / parallel.tensor
    eight_bit = run.tokens * width if run.eight_bit else 0
    return int(run.tokens * (3 * width + 2 * architecture.hidden) * run.dtype + eight_bit + 0.14 * GIB)


def expert_bytes(architecture: Architecture, run: Run, parallel: Parallel) -> int:
    """Two workspaces of the fused expert kernel (vllm/model_executor/layers/fused_moe, workspace_shapes)."""
    experts = architecture.experts
    if not experts or run.marlin:
        return 0
    width, hidden = experts.width * parallel.expert // parallel.tensor, architecture.hidden
    return run.tokens * experts.active * (max(width, hidden) + max(2 * width, hidden)) * run.dtype


def vision_bytes(architecture: Architecture, run: Run) -> tuple[int, int]:
    """What the encoder's output holds while the language model is profiled, and the encoder's own peak before that.

    Qwen's towers take an image of 16,384 tokens (longest_edge of the preprocessor) whole, four patches a token, and
    hand on one vector for each deepstack layer beside the last; the others fill max_num_batched_tokens with tiles.
    """
    tower = [tensor for tensor in architecture.tensors if tensor.part == "vision"]
    if not tower:
        return 0, 0
    if not architecture.model_type.startswith("qwen"):
        return int(run.tokens * architecture.hidden * run.dtype + 0.06 * GIB), 0
    tokens = max(run.tokens, QWEN_IMAGE)
    depths = 1 + len({tensor.name.split(".")[2] for tensor in tower if "deepstack" in tensor.name})
    hidden = next((tensor.shape[0] for tensor in tower if tensor.role == "vision_patch"), 0)
    widest = max((tensor.shape[0] for tensor in tower if tensor.layer is not None and len(tensor.shape) > 1), default=0)
    output = tokens * architecture.hidden * depths * run.dtype
    return output, 4 * tokens * (2 * widest + 4 * hidden) * run.dtype


def activations(architecture: Architecture, run: Run, parallel: Parallel, version: Version, has_head: bool) -> int:
    forward = forward_bytes(architecture, run, parallel)
    experts, (vision, encoder) = expert_bytes(architecture, run, parallel), vision_bytes(architecture, run)
    if not has_head:  # hidden states and residual go to the next stage
        return forward + 2 * run.tokens * architecture.hidden * run.dtype + experts
    sampler = sampler_bytes(architecture, run, version)
    if version >= TRITON_SAMPLER:  # the workspaces stay allocated while sampling
        return max(sampler, forward, encoder) + experts + vision
    return max(sampler, forward + experts, encoder) + vision


def activation_evidence(version: Version) -> tuple[Evidence, int]:
    """How sure the rule is, and independent records behind it."""
    if version >= (0, 20, 0):
        return Evidence.ESTIMATE, 2
    if version >= TRITON_SAMPLER:
        return Evidence.MEASURED, 25
    return (Evidence.MEASURED, 8) if version >= (0, 8, 0) else (Evidence.ESTIMATE, 2)


def graph_bytes(architecture: Architecture, parallel: Parallel, version: Version) -> int:
    """Captured graphs: a part for each layer, and one that grows with the layer's share of the hidden size."""
    layers = ceil(len(architecture.layers) / parallel.pipeline)
    if version >= GRAPHS_IN_BUDGET:
        return int((0.1 + 0.004 * layers) * GIB)
    if architecture.experts and version >= TRITON_SAMPLER:  # five models with experts: 1.13 to 1.84, no rule found
        return int((1.55 - 0.12 * min(parallel.tensor - 1, 3)) * GIB)
    return int((0.35 + layers * (0.0094 + 0.0075 * architecture.hidden / 4096 / parallel.tensor)) * GIB)


def context_bytes(parallel: Parallel, device: Device) -> int:
    """The CUDA context and NCCL's buffers, taken before vLLM looks at the memory: on top of its budget."""
    communication = 1.0 if parallel.gpus > 1 and device.nvlink >= 300e9 else 0.0
    return int((0.51 + communication) * GIB)


def outside_torch_bytes(parallel: Parallel, device: Device, version: Version) -> int:
    """Memory that torch does not see, grown while profiling: workspaces of kernels, NCCL and custom all-reduce."""
    if parallel.pipeline > 1 and parallel.tensor == 1:
        return int(0.07 * GIB)
    recent = version >= LARGER_BUFFERS
    if parallel.tensor == 1:
        return int(next(size for since, size in ALONE if version >= since) * GIB)
    if device.nvlink < 300e9:
        return int(0.3 * GIB)
    pair, more = (2.08, 2.18) if recent else (1.4, 2.1)
    return int((pair if parallel.tensor == 2 else more) * GIB)
