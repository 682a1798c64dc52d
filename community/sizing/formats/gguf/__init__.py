"""GGUF: the files of llama.cpp, Ollama and LM Studio."""

from __future__ import annotations

from ...architecture import Architecture
from ...architecture.tensors import Tensor
from ...errors import InputError
from ..format import Format
from .choice import chosen
from .metadata import metadata_bytes
from .tensors import Layout, Stored, keeps_prediction
from .types import LEVELS, NEEDS_IMATRIX, UNQUANTIZED, WIDE_LEVELS, fitting, size

__all__ = ["LEVELS", "WIDE_LEVELS", "bytes_of", "file_bytes", "parse", "projector_file_bytes"]

ALIGNMENT = 32  # GGUF_DEFAULT_ALIGNMENT
DESCRIPTION = 58  # bytes of a tensor's description in an mmproj file
SUFFIXES = ("imatrix", "output", "mtp", "no-mtp")


def parse(format_id: str) -> Format | None:
    """gguf-LEVEL, with +imatrix, +output (a separate output.weight though the model ties it), +mtp or +no-mtp."""
    if not format_id.startswith("gguf-"):
        return None
    level, *suffixes = format_id.removeprefix("gguf-").split("+")
    if level == "mxfp4":
        level = "mxfp4_moe"
    wide, level = level in WIDE_LEVELS, WIDE_LEVELS.get(level, level)
    if level not in LEVELS:
        return None
    if not set(suffixes) <= set(SUFFIXES):
        raise InputError("weights", f"{format_id!r} has an unknown suffix", " ".join(f"+{s}" for s in SUFFIXES))
    mtp = True if "mtp" in suffixes else False if "no-mtp" in suffixes else None
    imatrix = level in NEEDS_IMATRIX or "imatrix" in suffixes
    return Format(
        format_id, "gguf", level, 0, bytes_of, imatrix=imatrix, untied="output" in suffixes, wide_tables=wide, mtp=mtp
    )


def layout(weights: Format, architecture: Architecture) -> Layout:
    """Kept with the architecture, which every tensor of a file asks for."""
    mtp = keeps_prediction(architecture) if weights.mtp is None else weights.mtp
    kept: dict[bool, Layout] = vars(architecture).setdefault("gguf_layouts", {})
    if mtp not in kept:
        kept[mtp] = Layout(architecture, mtp)
    return kept[mtp]


def bytes_of(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    if tensor.part == "vision":
        return projector(tensor)
    plan = layout(weights, architecture)
    return sum(stored_bytes(weights, piece, plan) for piece in pieces(weights, tensor, plan))


def pieces(weights: Format, tensor: Tensor, plan: Layout) -> tuple[Stored, ...]:
    found = plan.stored(tensor)
    if tensor.name == "embed_tokens.weight" and weights.untied and plan.architecture.tied:
        return (*found, Stored("output", "output", tensor.shape[-1], tensor.shape[0], None))
    return found


def projector(tensor: Tensor) -> int:
    """mmproj in F16 or BF16: patches, positions, norms and biases stay F32."""
    return tensor.elements * (2 if tensor.role == "vision_linear" else 4)


def stored_bytes(weights: Format, stored: Stored, plan: Layout) -> int:
    return size(type_of(weights, stored, plan), stored.columns, stored.rows)


def projector_file_bytes(architecture: Architecture) -> int:
    tower = [tensor for tensor in architecture.tensors if tensor.part == "vision"]
    return sum(projector(tensor) + DESCRIPTION for tensor in tower)


def type_of(weights: Format, stored: Stored, plan: Layout) -> str:
    level = weights.scheme
    if stored.single:
        return "F32"
    if level in UNQUANTIZED:
        return LEVELS[level]
    if weights.wide_tables and stored.category in ("embed", "output"):
        return fitting("Q8_0", stored.columns)
    tied = plan.architecture.tied and not weights.untied
    return fitting(chosen(level, stored, plan, weights.imatrix, tied), stored.columns)


def file_bytes(weights: Format, architecture: Architecture) -> int:
    """Padded tensors and metadata; the vision tower is a file of its own."""
    plan = layout(weights, architecture)
    stored = [piece for tensor in plan.kept for piece in pieces(weights, tensor, plan)]
    padded = sum(-(-stored_bytes(weights, piece, plan) // ALIGNMENT) * ALIGNMENT for piece in stored)
    return padded + metadata_bytes(architecture, stored)
