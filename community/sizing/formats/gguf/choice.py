"""Which type each tensor of a GGUF file gets at a level.

llama_tensor_get_type_impl in src/llama-quant.cpp of ggml-org/llama.cpp (007dbbf3, read 2026-11), as it was for the
published files: until 2026 attn_qkv and attn_kv_b were no attention values to it (the buffers
of Phi-3-mini Q4_K_M in data/measurements.jsonl agree to 0.01 MiB).
"""

from __future__ import annotations

from collections.abc import Callable

from .tensors import Layout, Stored
from .types import BLOCKS, LEVELS

LOWEST = frozenset({"iq1_s", "iq1_m", "iq2_xxs", "iq2_xs", "iq2_s", "iq2_m"})
TWO_BIT_S = frozenset({"iq2_s", "iq2_m"})


def more(layer: int, layers: int) -> bool:
    """The first and last eighth, and every third between (use_more_bits)."""
    return layer < layers // 8 or layer >= 7 * layers // 8 or (layer - layers // 8) % 3 == 2


def chosen(level: str, stored: Stored, layout: Layout, imatrix: bool, tied: bool) -> str:
    """Before any fallback for the shape."""
    base = LEVELS[level]
    if stored.category == "output" or (stored.category == "embed" and tied):
        return output(level, base, stored.columns)
    if level == "mxfp4_moe":
        return "MXFP4" if stored.deep else "Q8_0"
    if stored.category == "embed":
        return EMBEDDING.get(level, base)
    if level in LOWEST:
        return lowest(level, base, stored, layout)
    rule = RULES.get(stored.category)
    return (rule(level, stored, layout, imatrix) if rule else None) or base


def output(level: str, base: str, columns: int) -> str:
    if level == "mxfp4_moe" or columns % BLOCKS[base][0]:
        return "Q8_0"
    if level in LOWEST or level == "iq3_xxs":
        return "Q5_K"
    return base if base == "Q8_0" else "Q6_K"


EMBEDDING = {
    "iq1_s": "Q2_K",
    "iq1_m": "Q2_K",
    "iq2_xxs": "Q2_K",
    "iq2_xs": "Q2_K",
    "iq2_s": "IQ3_S",
    "iq2_m": "IQ3_S",
    "iq3_xxs": "IQ3_S",
    "tq1_0": "Q4_K",
    "tq2_0": "Q4_K",
    "q2_0": "Q4_K",
}


def lowest(level: str, base: str, stored: Stored, layout: Layout) -> str:
    """One and two bits. The promotion of 70B models does not apply here."""
    small = "IQ3_S" if level in TWO_BIT_S else "Q2_K"
    if stored.category == "attn_v":
        return "Q4_K" if layout.gqa >= 4 or layout.experts >= 4 else small
    if stored.category == "attn_k" and layout.experts == 8:
        return "Q4_K"
    if stored.category == "ffn_down" and layout.downs[stored.layer or 0, stored.name] < layout.layers // 8:
        return small
    if stored.category == "attn_output":
        if layout.experts == 8:
            return "Q5_K"
        return {"iq1_s": "IQ2_XXS", "iq1_m": "IQ2_XXS", "iq2_s": "IQ3_S", "iq2_m": "IQ3_S"}.get(level, base)
    return base


def attention_value(level: str, stored: Stored, layout: Layout, imatrix: bool) -> str | None:
    if layout.experts == 8:
        return "Q8_0"
    found = plain_value(level, layout, layout.values[stored.layer or 0], imatrix) or LEVELS[level]
    return "Q5_K" if layout.seventy and found in ("Q3_K", "Q4_K") else found


def plain_value(level: str, layout: Layout, position: int, imatrix: bool) -> str | None:
    grouped = layout.gqa >= 4
    if level in ("q4_k_m", "q5_k_m"):
        return "Q6_K" if more(position, layout.values_count) else None
    if level == "q3_k_m":
        return "Q5_K" if position < 2 else "Q4_K"
    if level == "q4_k_s":
        return "Q5_K" if position < 4 else None
    if level == "iq3_xxs":
        return "Q4_K" if grouped else "IQ3_XXS" if imatrix else "IQ3_S"
    if level == "q2_k":
        return "Q4_K" if grouped else "Q3_K"
    if level in ("q3_k_l", "iq3_m"):
        return "Q5_K" if level == "q3_k_l" else "Q4_K"
    of_grouped = {"q2_k_s": "Q4_K", "iq3_xs": "Q4_K", "iq3_s": "Q4_K", "iq4_nl": "Q5_K", "iq4_xs": "Q5_K"}
    return of_grouped.get(level) if grouped else None


def attention_key(level: str, stored: Stored, layout: Layout, imatrix: bool) -> str | None:
    return "Q8_0" if layout.experts == 8 else attention_query(level, stored, layout, imatrix)


def attention_query(level: str, stored: Stored, layout: Layout, imatrix: bool) -> str | None:
    return {"iq3_xs": "IQ3_XXS", "iq3_xxs": "IQ2_S"}.get(level)


def attention_fused(level: str, stored: Stored, layout: Layout, imatrix: bool) -> str | None:
    return {"q3_k_m": "Q4_K", "q3_k_l": "Q4_K", "iq3_m": "Q4_K", "q4_k_m": "Q5_K", "q5_k_m": "Q6_K"}.get(level)


EIGHT_EXPERTS = frozenset(
    {"q2_k", "q3_k_s", "q3_k_m", "q4_k_s", "q4_k_m", "iq3_xxs", "iq3_xs", "iq3_s", "iq3_m", "iq4_nl", "iq4_xs"}
)
ATTENTION_OUTPUT = {"q2_k": "Q3_K", "iq3_xxs": "IQ3_S", "q3_k_m": "Q4_K", "q3_k_l": "Q5_K", "iq3_m": "Q4_K"}


def attention_output(level: str, stored: Stored, layout: Layout, imatrix: bool) -> str | None:
    if layout.experts == 8:
        return "Q5_K" if level in EIGHT_EXPERTS else None
    return ATTENTION_OUTPUT.get(level)


# level: (type of the layers before the limit, type of the rest), the limit being a share of the layers
FIRST_EIGHTH = {
    "q2_k_s": "Q4_K",
    "iq3_m": "Q4_K",
    "q4_k_s": "Q5_K",
}
WITH_IMATRIX = {"q4_0": "Q4_1", "q5_0": "Q5_1"}
WITHOUT_IMATRIX = {"iq4_nl": "Q5_K", "iq4_xs": "Q5_K", "iq3_xxs": "Q4_K"}


def down(level: str, stored: Stored, layout: Layout, imatrix: bool) -> str | None:
    layer, layers = layout.down_position(stored), layout.layers
    if level in ("q4_k_m", "q5_k_m"):
        return "Q6_K" if more(layer, layers) else None
    if level == "q3_k_m":
        return "Q5_K" if layer < layers // 16 else "Q4_K"
    if level in ("q2_k", "q3_k_l"):
        return "Q3_K" if level == "q2_k" else "Q5_K"
    if layer >= layers // 8:
        eight = level == "iq3_m" and layout.experts == 8 and more(layer, layers)
        return "Q4_K" if eight else "Q3_K" if level == "iq3_xxs" and not imatrix else None
    return FIRST_EIGHTH.get(level) or (WITH_IMATRIX if imatrix else WITHOUT_IMATRIX).get(level)


def middle(level: str, stored: Stored, layout: Layout, imatrix: bool) -> str | None:
    layers = layout.layers
    return "IQ3_XXS" if level == "iq3_xs" and layers // 8 <= (stored.layer or 0) < 7 * layers // 8 else None


RULES: dict[str, Callable[[str, Stored, Layout, bool], str | None]] = {
    "attn_v": attention_value,
    "attn_k": attention_key,
    "attn_q": attention_query,
    "attn_qkv": attention_fused,
    "attn_output": attention_output,
    "ffn_down": down,
    "ffn_gate": middle,
    "ffn_up": middle,
}
