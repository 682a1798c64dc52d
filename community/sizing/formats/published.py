"""What a publisher's record of a file says of its format: format, level, group_size, bpw, hf_repo -> Format.

Records have the shape of data/files.jsonl. The published size is never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..architecture import Architecture
from ..errors import InputError
from . import parse_format, weigh
from .format import Format
from .gguf import projector_file_bytes

# Publishers that quantize GGUF files with an importance matrix. The sizes in data/files.jsonl bear out bartowski and
# unsloth; lmstudio-community (made by bartowski) and mradermacher's i1 files are so by their own account.
WITH_IMATRIX = ("bartowski", "unsloth", "lmstudio", "i1-gguf")
IMATRIX_LEVELS = ("q4_0", "q5_0", "iq4_xs", "iq4_nl")
# Qwen2.5's own GGUF files store output.weight though the small models tie it.
UNTIED = "qwen/qwen2.5-"

# The format of a family's own checkpoints where it is not BF16 (their config.json on huggingface.co, 2026-11).
NATIVE = {
    "gpt_oss": "mxfp4",
    "deepseek_v3": "fp8",
    "deepseek_v32": "fp8",
    "minimax_m2": "fp8",
    "deepseek_v4": "fp8-mxfp4",
    "kimi_k25": "w4a16-g32",
    "kimi_k2": "fp8",
}


def format_of(record: Mapping[str, Any], architecture: Architecture) -> Format:
    """Raises InputError for what is not a known format, such as recipes of one publisher."""
    name, level = str(record.get("format") or "").lower(), str(record.get("level") or "").lower()
    repository = str(record.get("hf_repo") or "").lower()
    if name.startswith("gguf"):
        return parse_format(gguf_id(name, level, repository, architecture))
    if name == "mlx":
        return parse_format(mlx_id(level, record.get("group_size")))
    if name.startswith("exl"):
        return parse_format(exl_id(name, level, record.get("bpw")))
    return parse_format(linear_id(name, level, record.get("group_size"), architecture))


def gguf_id(name: str, level: str, repository: str, architecture: Architecture) -> str:
    if "mmproj" in name:
        return "gguf-f16"
    suffix = "+imatrix" if level in IMATRIX_LEVELS and any(part in repository for part in WITH_IMATRIX) else ""
    return f"gguf-{level}{suffix}" + ("+output" if architecture.tied and UNTIED in repository else "")


def mlx_id(level: str, group: int | None) -> str:
    if "mxfp4" in level:
        return "mlx-mxfp4-q8" if level.endswith("q8") else "mlx-mxfp4"
    return f"mlx-{level}" + (f"-g{group}" if group and group != 64 else "")


def exl_id(name: str, level: str, bits: float | None) -> str:
    number, head = re.search(r"\d+(\.\d+)?", level), re.search(r"h(?:b)?(\d+)", level)
    bits = bits or (float(number[0]) if number else 0)
    return f"{name[:4]}-{bits}" + (f"-h{head[1]}" if head else "")


# First match wins.
LINEAR = (
    (r"compressed|w4a16", "w4a16"),
    (r"awq", "awq-4bit"),
    (r"(gptq|autoround).*8", "gptq-int8"),
    (r"gptq|autoround", "gptq-int4"),
    (r"fp8.*(dynamic|channel)", "fp8-channel"),
    (r"fp8.*tensor", "fp8-tensor"),
    (r"fp8", "fp8"),
    (r"nvfp4", "nvfp4"),
    (r"mxfp4", "mxfp4"),
    (r"(bnb|bitsandbytes).*8", "bnb-int8"),
    (r"bnb|bitsandbytes|nf4", "bnb-nf4"),
    (r"int8|w8a8", "int8"),
    (r"f(p|loat)?32", "f32"),
    (r"safetensors|bf16|f(p|loat)?16", "bf16"),
)


def linear_id(name: str, level: str, group: int | None, architecture: Architecture) -> str:
    found = next((format_id for pattern, format_id in LINEAR if re.search(pattern, f"{name} {level}")), None)
    if found is None:
        raise InputError("format", f"{name!r} is not known", "GGUF, MLX, EXL2, AWQ, GPTQ, FP8, safetensors, …")
    native = NATIVE.get(architecture.model_type)
    if native and ((found == "bf16" and not level) or "native" in name):
        return native
    return f"{found}-g{group}" if group and found.startswith(("awq", "gptq", "w4a16")) else found


def predicted(record: Mapping[str, Any], architecture: Architecture) -> int:
    """Bytes of the published thing: a file, or the tensors alone where a tool or an index counted those."""
    weights = weigh(architecture, format_of(record, architecture))
    if "mmproj" in str(record.get("format")).lower():
        return projector_file_bytes(architecture)
    return weights.weights_bytes if weights_only(record) else weights.file_bytes


def weights_only(record: Mapping[str, Any]) -> bool:
    """MLX's indexes and the outputs of gguf-parser and llama-bench leave the metadata out."""
    return record.get("format") == "MLX" or str(record.get("hf_repo") or "").startswith("(")
