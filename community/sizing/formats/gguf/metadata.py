"""The metadata of a GGUF file: a description of each tensor, and the tokenizer, which is most of it.

For each token the file has its text, its kind and, from SentencePiece, a score; for each merge the text of the pair
(docs/gguf.md and gguf-py/gguf/gguf_writer.py of ggml-org/llama.cpp, read 2026-11). The lengths of the texts are
measured: the rates below come from the published files named, the other families of data/files.jsonl test them
(tests/sizing/test_formats_files.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from ...architecture import Architecture
from .tensors import Stored

SENTENCEPIECE = 22.4  # bytes a token; set on Mistral-7B, tested on Llama-2 (23.2) and Gemma-2 (23.5)
MERGED = 39.0  # one merge a token; set on Qwen2.5-7B to 72B, tested on Qwen3
MANY_MERGES = 60.9  # every merge of a tiktoken vocabulary; set on Llama-3.1, tested on GLM-4.7-Flash and gpt-oss
GENERAL = 12_000  # chat template and settings: 4 to 20 kB

# Families by tokenizer; the others have one merge a token.
SENTENCEPIECE_VOCABULARY = 65_536  # Llama-2, Mistral-7B, Mixtral, SOLAR are below, tiktoken vocabularies above
MANY_MERGES_TYPES = ("gpt_oss", "glm", "llama4", "mistral")
LLAMA_3 = range(128_000, 128_513)  # the vocabularies of Llama-3 and its fine-tunes


def metadata_bytes(architecture: Architecture, stored: Iterable[Stored]) -> int:
    tokenizer = round(rate(architecture) * architecture.vocabulary)
    return GENERAL + tokenizer + sum(description_bytes(tensor) for tensor in stored)


def rate(architecture: Architecture) -> float:
    family, vocabulary = architecture.model_type, architecture.vocabulary
    small = vocabulary <= SENTENCEPIECE_VOCABULARY
    if family.startswith("gemma") or (small and family.startswith(("llama", "mistral", "mixtral", "phi3", "solar"))):
        return SENTENCEPIECE
    many = family.startswith(MANY_MERGES_TYPES) or (family == "llama" and vocabulary in LLAMA_3)
    return MANY_MERGES if many else MERGED


def description_bytes(stored: Stored) -> int:
    """Name with its length, number of dimensions, dimensions, type and offset."""
    name = len(stored.name) + len(".weight") + (len(f"blk.{stored.layer}.") if stored.layer is not None else 0)
    return 8 + name + 4 + 8 * (3 if stored.deep else 1 if stored.rows == 1 else 2) + 4 + 8
