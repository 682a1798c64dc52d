"""The blocks of ggml and the levels of llama-quantize.

Sources: ggml/src/ggml-common.h (the static_asserts) and llama_ftype_get_default_type in src/llama-quant.cpp, both of
ggml-org/llama.cpp at 007dbbf3, read 2026-11.
"""

from __future__ import annotations

# type: (weights in a block, bytes of it)
BLOCKS: dict[str, tuple[int, int]] = {
    "F32": (1, 4),
    "F16": (1, 2),
    "BF16": (1, 2),
    "Q1_0": (128, 18),
    "Q2_0": (64, 18),
    "Q4_0": (32, 18),
    "Q4_1": (32, 20),
    "Q5_0": (32, 22),
    "Q5_1": (32, 24),
    "Q8_0": (32, 34),
    "Q2_K": (256, 84),
    "Q3_K": (256, 110),
    "Q4_K": (256, 144),
    "Q5_K": (256, 176),
    "Q6_K": (256, 210),
    "IQ1_S": (256, 50),
    "IQ1_M": (256, 56),
    "IQ2_XXS": (256, 66),
    "IQ2_XS": (256, 74),
    "IQ2_S": (256, 82),
    "IQ3_XXS": (256, 98),
    "IQ3_S": (256, 110),
    "IQ4_NL": (32, 18),
    "IQ4_XS": (256, 136),
    "TQ1_0": (256, 54),
    "TQ2_0": (256, 66),
    "MXFP4": (32, 17),
    "NVFP4": (64, 36),
}

# level: the type it starts from
LEVELS: dict[str, str] = {
    "q1_0": "Q1_0",
    "q2_0": "Q2_0",
    "q4_0": "Q4_0",
    "q4_1": "Q4_1",
    "q5_0": "Q5_0",
    "q5_1": "Q5_1",
    "q8_0": "Q8_0",
    "q2_k": "Q2_K",
    "q2_k_s": "Q2_K",
    "q3_k_s": "Q3_K",
    "q3_k_m": "Q3_K",
    "q3_k_l": "Q3_K",
    "q4_k_s": "Q4_K",
    "q4_k_m": "Q4_K",
    "q5_k_s": "Q5_K",
    "q5_k_m": "Q5_K",
    "q6_k": "Q6_K",
    "iq1_s": "IQ1_S",
    "iq1_m": "IQ1_M",
    "iq2_xxs": "IQ2_XXS",
    "iq2_xs": "IQ2_XS",
    "iq2_s": "IQ2_XS",
    "iq2_m": "IQ2_S",
    "iq3_xxs": "IQ3_XXS",
    "iq3_xs": "IQ3_S",
    "iq3_s": "IQ3_S",
    "iq3_m": "IQ3_S",
    "iq4_xs": "IQ4_XS",
    "iq4_nl": "IQ4_NL",
    "tq1_0": "TQ1_0",
    "tq2_0": "TQ2_0",
    "mxfp4_moe": "MXFP4",
    "nvfp4": "NVFP4",
    "f16": "F16",
    "bf16": "BF16",
    "f32": "F32",
}
UNQUANTIZED = frozenset({"f16", "bf16", "f32"})

# Levels that llama-quantize refuses without an importance matrix (tensor_requires_imatrix).
NEEDS_IMATRIX = frozenset({"iq1_s", "iq1_m", "iq2_xxs", "iq2_xs", "iq2_s", "iq2_m", "iq3_xxs", "q2_k_s"})

# What publishers call a level with embedding and output in Q8_0 (bartowski's files in data/files.jsonl).
WIDE_LEVELS = {
    "q2_k_l": "q2_k",
    "q3_k_xl": "q3_k_l",
    "q4_k_l": "q4_k_m",
    "q5_k_l": "q5_k_m",
    "q6_k_l": "q6_k",
}

# The type for rows that blocks of 256 do not divide (tensor_type_fallback); F16 where 32 does not divide them either.
FALLBACK: dict[str, str] = {
    "Q2_K": "Q4_0",
    "Q3_K": "Q4_0",
    "Q4_K": "Q5_0",
    "Q5_K": "Q5_1",
    "Q6_K": "Q8_0",
    "TQ1_0": "Q4_0",
    "TQ2_0": "Q4_0",
    "Q2_0": "Q4_0",
    **{name: "IQ4_NL" for name in BLOCKS if name.startswith("IQ") and name != "IQ4_NL"},
}


def fitting(name: str, columns: int) -> str:
    """`name`, or what takes its place for rows of this length."""
    if columns % BLOCKS[name][0] == 0:
        return name
    other = FALLBACK.get(name, "F16")
    return other if columns % BLOCKS[other][0] == 0 else "F16"


def size(name: str, columns: int, rows: int) -> int:
    elements, stored = BLOCKS[name]
    return columns // elements * stored * rows
