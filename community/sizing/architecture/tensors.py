"""One weight of a model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod


@dataclass(frozen=True, slots=True)
class Tensor:
    """`copies` equal tensors, such as the experts of a layer. `shape` is (out, in) for a linear layer.

    `role` is what the formats and the engines decide by: embed, head, norm, bias, attn_q, ffn_down, expert_up, router…
    `part` is text, vision or mtp (multi-token prediction).
    """

    name: str
    shape: tuple[int, ...]
    role: str
    layer: int | None = None
    copies: int = 1
    part: str = "text"

    @property
    def elements(self) -> int:
        return prod(self.shape) * self.copies

    @property
    def is_matrix(self) -> bool:
        return len(self.shape) >= 2 and self.role not in ("norm", "bias", "conv")

    def of_part(self, part: str) -> Tensor:
        return replace(self, part=part)


def linear(name: str, out: int, size: int, role: str, layer: int | None, bias: bool = False) -> list[Tensor]:
    """A linear layer of `size` inputs and `out` outputs, with its bias where it has one."""
    weights = [Tensor(f"{name}.weight", (out, size), role, layer)]
    return weights + ([Tensor(f"{name}.bias", (out,), "bias", layer)] if bias else [])


def vector(name: str, size: int, role: str, layer: int | None) -> Tensor:
    return Tensor(name, (size,), role, layer)
