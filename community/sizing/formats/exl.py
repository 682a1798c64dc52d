"""EXL2 and EXL3: a budget of bits per weight over the decoder's linear layers, the head at bits of its own.

turboderp-org/exllamav2 0.3.2 (conversion/, 2025-07) and exllamav3 1.6.5 (2026-10): the budget holds the scales and
orders of EXL2; EXL3 stores beside it two vectors of 16 bits, one over the inputs and one over the outputs.
"""

from __future__ import annotations

import re
from math import ceil

from ..architecture import Architecture
from ..architecture.tensors import Tensor
from ..errors import InputError
from .format import Format, is_linear, rows_and_columns, unquantized

NAME = re.compile(r"(exl[23])-(\d+(?:\.\d+)?)(?:bpw)?(?:-h(\d+))?")
HEAD_BITS = 6  # the default of both converters
LEAST, MOST = 1.0, 8.0


def parse(format_id: str) -> Format | None:
    match = NAME.fullmatch(format_id)
    if not match:
        return None
    bits, head = float(match[2]), int(match[3] or HEAD_BITS)
    if not LEAST <= bits <= MOST or not (1 <= head <= 8 or head == 16):
        raise InputError("weights", f"{format_id!r} is not usable", f"{LEAST} to {MOST} bits, head 1 to 8 or 16")
    return Format(format_id, "exl", match[1], bits, bytes_of, head_bits=head, parts=6 if match[1] == "exl2" else 3)


def bytes_of(weights: Format, tensor: Tensor, architecture: Architecture) -> int:
    if tensor.part == "mtp" and weights.scheme == "exl2":
        return 0  # ExLlamaV2 does not read prediction layers
    if tensor.role == "head":
        return budget(weights, tensor, weights.head_bits)
    if not is_linear(tensor) or tensor.part == "vision" or tensor.role == "ssm_ba":
        return unquantized(tensor, architecture)
    return budget(weights, tensor, 4 if tensor.part == "mtp" else weights.bits)


def budget(weights: Format, tensor: Tensor, bits: float) -> int:
    rows, columns = rows_and_columns(tensor)
    vectors = 2 * (rows + columns * tensor.copies) if weights.scheme == "exl3" and bits < 16 else 0
    return ceil(tensor.elements * bits / 8) + vectors
