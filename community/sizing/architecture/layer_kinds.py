"""Which kind of attention each layer has: as the config lists it, else by the rule of the family.

A kind is full, sliding, chunked, recurrent or none, with a variant after a slash: full/unindexed (no indexer of its
own), full/indexed (MiniMax-M3), full/shared (reads the cache of an earlier layer), compressed/4 (DeepSeek-V4).
"""

from __future__ import annotations

from ..errors import InputError
from .attention import answer
from .families import Family
from .fields import Fields

NAMES = {
    "full_attention": "full",
    "attention": "full",
    "deepseek_sparse_attention": "full",
    "indexed_attention": "full",
    "minimax_m3_sparse": "full/indexed",
    "sliding_attention": "sliding",
    "chunked_attention": "chunked",
    "linear_attention": "recurrent",
    "mamba": "recurrent",
    "conv": "recurrent",
    "moe": "none",
    "mlp": "none",
}
PATTERN = {"M": "mamba", "*": "attention", "E": "moe", "-": "mlp"}  # hybrid_override_pattern of Nemotron-H
RATIOS = {"sliding_attention": 0, "compressed_sparse_attention": 4, "heavily_compressed_attention": 128}


def layer_kinds(config: Fields, family: Family, count: int) -> tuple[str, ...]:
    if family.attention == "compressed":
        return compressed_kinds(config, count)
    kinds = listed_kinds(config, count) or ruled_kinds(config, family, count)
    return variants(config, family, kinds)


def block_names(
    config: Fields, names: str = "layers_block_type", pattern: str = "hybrid_override_pattern"
) -> list[str]:
    """Nemotron-H: each layer is one block."""
    found = config.texts(names) or [PATTERN.get(mark, mark) for mark in config.text(pattern)]
    unknown = [name for name in found if name not in PATTERN.values()]
    if not found or unknown:
        message = f"{unknown[0][:20]!r} is not known" if unknown else "is missing"
        raise InputError(config.path + names, message, ", ".join(PATTERN.values()))
    return found


def compressed_kinds(config: Fields, count: int) -> tuple[str, ...]:
    ratios = config.integers("compress_ratios") or [RATIOS.get(name, -1) for name in config.texts("layer_types")]
    if len(ratios) < count:
        raise InputError(
            config.path + "compress_ratios", f"has {len(ratios)} entries", f"one for each of {count} layers"
        )
    return tuple(f"compressed/{ratio}" for ratio in ratios[:count])


def listed_kinds(config: Fields, count: int) -> tuple[str, ...]:
    listed = config.texts("layer_types") or config.texts("layers_block_type")
    if listed and (len(listed) != count or any(name not in NAMES for name in listed)):
        raise InputError(config.path + "layer_types", "does not fit the layers", f"{count} of {', '.join(NAMES)}")
    if listed:
        return tuple(NAMES[name] for name in listed)
    for name, kind in (("sliding_window_layer_flags", "sliding"), ("hybrid_layer_pattern", "sliding")):
        flags = config.integers(name)
        if flags and len(flags) != count:
            raise InputError(config.path + name, f"has {len(flags)} entries", f"one for each of the {count} layers")
        if flags:
            return tuple(kind if flag else "full" for flag in flags)
    return ()


def ruled_kinds(config: Fields, family: Family, count: int) -> tuple[str, ...]:
    if family.recurrent == "delta":
        step = config.integer("full_attention_interval", default=4)
        return tuple("full" if (layer + 1) % step == 0 else "recurrent" for layer in range(count))
    if family.recurrent:
        return recurrent_kinds(config, count)
    return window_kinds(config, family, count)


def recurrent_kinds(config: Fields, count: int) -> tuple[str, ...]:
    """The attention layers by their numbers: from 1 in Kimi Linear, from 0 in LFM2."""
    inner = config.nested("linear_attn_config")
    full = (
        {number - 1 for number in inner.integers("full_attn_layers")}
        if inner
        else set(config.integers("full_attn_idxs"))
    )
    if not full:
        raise InputError(config.path + "layer_types", "is missing", f"{count} of {', '.join(NAMES)}")
    return tuple("full" if layer in full else "recurrent" for layer in range(count))


def window_kinds(config: Fields, family: Family, count: int) -> tuple[str, ...]:
    """A full layer every n-th where the family or the config has a step, else the window everywhere."""
    chunked = config.has("attention_chunk_size") and not config.has("sliding_window")
    if not (chunked or config.has("sliding_window")) or not answer(config, family.window_flag):
        return ("full",) * count
    kind, step = "chunked" if chunked else "sliding", window_step(config, family)
    first = config.integer("max_window_layers", default=int(family.first_full), least=0)  # Qwen2: windows from here on
    return tuple("full" if layer < first or (step and (layer + 1) % step == 0) else kind for layer in range(count))


def window_step(config: Fields, family: Family) -> int:
    pattern = config.values.get("sliding_window_pattern")
    if isinstance(pattern, str):  # EXAONE 4: LLLG
        return len(pattern) if pattern.endswith("G") else 0
    names = ("sliding_window_pattern", "_sliding_window_pattern", "global_attn_every_n_layers")
    return config.integer(*names, default=family.window, least=0)


def variants(config: Fields, family: Family, kinds: tuple[str, ...]) -> tuple[str, ...]:
    types = config.texts("indexer_types") if family.indexer == "latent" else []
    if types and len(types) != len(kinds):
        raise InputError(
            config.path + "indexer_types", f"has {len(types)} entries", f"one for each of {len(kinds)} layers"
        )
    if types:  # GLM-5.2: a shared layer uses the choice of an earlier one
        return tuple("full/unindexed" if own == "shared" else kind for kind, own in zip(kinds, types, strict=True))
    shared = config.integer("num_kv_shared_layers", default=0, least=0)
    if shared:
        return tuple(f"{kind}/shared" if layer >= len(kinds) - shared else kind for layer, kind in enumerate(kinds))
    return kinds
