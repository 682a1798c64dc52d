"""What a weight format is, and what weighing a model in it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from ..architecture import Architecture
from ..architecture.tensors import Tensor

# Never quantized by any format of linear layers: tables, routers, vectors, convolutions.
FULL_PRECISION = frozenset(
    {"embed", "head", "router", "shared_router", "norm", "bias", "expert_bias", "conv", "position"}
)


@dataclass(frozen=True, slots=True)
class Format:
    """`kind` is floating, integer, gguf, exl or mlx; `scheme` the member of it, such as awq or q4_k_m.

    `group` is the weights that share a scale (0: none, -1: a whole row); `parts` the tensors a quantized linear layer
    is stored as. `bits` are those of a weight without its scales; for EXL the average that the budget asks for.
    """

    id: str
    kind: str
    scheme: str
    bits: float
    rule: Callable[[Format, Tensor, Architecture], int] = field(repr=False, compare=False)
    group: int = 0
    head_bits: int = 16
    imatrix: bool = False
    untied: bool = False  # a GGUF that stores output.weight though the model ties it
    wide_tables: bool = False  # a GGUF with embedding and output in Q8_0 (the "_L" files)
    mtp: bool | None = None  # GGUF: prediction layers kept; None is what the converter did when the family came out
    parts: int = 1

    def bytes_of(self, tensor: Tensor, architecture: Architecture) -> int:
        """All copies of the tensor; 0 where the format's files leave it out. A vision tower counts even where it is a
        file of its own (GGUF's mmproj)."""
        return self.rule(self, tensor, architecture)


@dataclass(frozen=True)
class Weights:
    """`weights_bytes` is the tensors, `file_bytes` the file with its metadata, counted when it is asked for.

    `by_kind` and `tensors` add up to weights_bytes. `projector_bytes` is the vision tower where it is a file
    of its own.
    """

    weights_bytes: int
    by_kind: dict[str, int]
    tensors: tuple[tuple[Tensor, int], ...]
    projector_bytes: int
    count_file: Callable[[], int] = field(repr=False, compare=False)

    @cached_property
    def file_bytes(self) -> int:
        return self.count_file()

    @cached_property
    def layer_bytes(self) -> int:
        """The layers of the text model, without tables and head."""
        return sum(size for tensor, size in self.tensors if tensor.part == "text" and tensor.layer is not None)


def is_linear(tensor: Tensor) -> bool:
    """A weight that formats for linear layers may quantize."""
    return len(tensor.shape) >= 2 and tensor.role not in FULL_PRECISION and not tensor.role.startswith("vision")


def rows_and_columns(tensor: Tensor) -> tuple[int, int]:
    """Output rows of all copies, and inputs of each."""
    columns = tensor.shape[-1]
    return tensor.elements // columns, columns


# Kept in float32 by the checkpoints themselves, seen in their published sizes (data/files.jsonl): the bias beside the
# router of DeepSeek, GLM and MiniMax; MiniMax's router; the decay of Qwen3.5's recurrent layers.
FLOAT_NAMES = ("e_score_correction_bias",)
FLOAT_ROUTERS = ("minimax",)
FLOAT_DECAY = ("qwen3_5",)


def unquantized(tensor: Tensor, architecture: Architecture) -> int:
    """Bytes in the checkpoint's own type: 16 bits, or 32 where it keeps them."""
    return (4 if is_float(tensor, architecture) else 2) * tensor.elements


def is_float(tensor: Tensor, architecture: Architecture) -> bool:
    family = architecture.model_type
    return (
        tensor.name.endswith(FLOAT_NAMES)
        or (tensor.role == "router" and family.startswith(FLOAT_ROUTERS))
        or (tensor.name.endswith("A_log") and family.startswith(FLOAT_DECAY))
    )
