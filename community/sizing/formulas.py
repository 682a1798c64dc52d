"""Formulas in English, for a terminal and for JSON. Sizes in bytes are written in MiB."""

from __future__ import annotations

from typing import Any

from .estimate import Formula

MIB = 2**20
TEXTS = {
    "tensors": "tensors of this GPU = {weights_bytes}",
    "tensors_and_tables": "tensors of this GPU and tables = {weights_bytes}",
    "tensors_rotations_workspaces": "tensors of this GPU, table of rotations and workspaces = {weights_bytes}",
    "text_tensors": "tensors of the language model",
    "layers": "{layers} layers, tensor by tensor",
    "layers_and_output": "{layers} layers and the output, tensor by tensor",
    "layers_table_in_system_memory": "{layers} layers, tensor by tensor; the table is in system memory",
    "blocks": "{requests} requests x {request_bytes} in blocks of {block} tokens",
    "tokens_of_requests": "{requests} requests x {tokens} tokens x {per_token} B",
    "cells": "{requests} x {cells} cells of {kv} in {layers} layers",
    "pages": "{tokens} tokens in pages of {page}, {kv}",
    "steps": "{requests} x {request_bytes} of {kv}, in steps of {step} tokens",
    "profile_run": "profile run: {tokens} tokens, {sequences} x {vocabulary} logits",
    "full_batch": "a full batch of tokens and logits",
    "chunk_and_decode_batch": "a prefill chunk and a decode batch",
    "chunk_buffers": "buffers for chunks of {tokens} tokens",
    "prompt_chunks": "peak of a prompt in chunks of {tokens} tokens",
    "micro_batch_graph": "graph of one micro-batch of {tokens} tokens, placed by ggml's allocator",
    "context": "context {context_bytes}",
    "context_graphs": "context {context_bytes} + CUDA graphs {graphs_bytes}",
    "context_outside_graphs": "context {context_bytes} + outside torch {outside_bytes} + CUDA graphs {graphs_bytes}",
    "libraries": "driver and libraries",
    "libraries_of_vendor": "driver and libraries, {vendor} cards",
    "limit_leaves_room": "none: the limit leaves room for the system",
}


def formula_text(formula: Formula) -> str:
    return TEXTS[formula.code].format_map(written(formula))


def written(formula: Formula) -> dict[str, str]:
    """The values as text: thousands with commas, bytes in MiB."""
    return {name: written_value(name, value) for name, value in formula.values.items()}


def written_value(name: str, value: Any) -> str:
    if name.endswith("_bytes"):
        return f"{value / MIB:,.0f} MiB"
    return f"{value:,}" if isinstance(value, int) else str(value)
