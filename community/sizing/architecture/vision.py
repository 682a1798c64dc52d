"""Vision towers: what stands beside the language model, by the type of the composite config.

Sources: the model classes of transformers 5.23.0 of the same names (compared 2026-11-20); the towers of Llama 4, Kimi
K2.5, MiniMax-M3 and Step 3.7 are the exact difference between the published totals and the language models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .fields import Fields
from .tensors import Tensor, linear, vector

# Towers of models whose config.json is published without them.
PUBLISHED_TOWERS: Mapping[str, Mapping[str, Any]] = {
    "llama4": {
        "hidden_size": 1408, "intermediate_size": 5632, "num_hidden_layers": 34, "patch_size": 14, "image_size": 336,
        "projector_input_dim": 4096, "projector_output_dim": 4096, "vision_output_dim": 4096,
    },
    "step3p7": {
        "hidden_size": 1536, "intermediate_size": 8960, "num_hidden_layers": 47, "patch_size": 14, "image_size": 728,
    },
    "minimax_m3": {
        "hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "patch_size": 14,
        "projection_dim": 6144,
    },
}  # fmt: skip


def vision_tensors(model_type: str, vision: Fields, hidden: int) -> list[Tensor]:
    """The tower's tensors, or none for a tower whose layout is not known (Architecture.uncounted then says so)."""
    tower = TOWERS.get(model_type)
    return [tensor.of_part("vision") for tensor in tower(vision, hidden)] if tower else []


def matrix(name: str, out: int, size: int, layer: int | None = None, bias: bool = True) -> list[Tensor]:
    return linear(name, out, size, "vision_linear", layer, bias)


def norm(name: str, size: int, layer: int | None = None, bias: bool = True) -> list[Tensor]:
    weight = vector(f"{name}.weight", size, "norm", layer)
    return [weight, vector(f"{name}.bias", size, "bias", layer)] if bias else [weight]


def patches(name: str, out: int, pixels: int, bias: bool = True) -> list[Tensor]:
    weight = Tensor(f"{name}.weight", (out, pixels), "vision_patch")
    return [weight, vector(f"{name}.bias", out, "bias", None)] if bias else [weight]


def positions(name: str, count: int, hidden: int) -> Tensor:
    return Tensor(f"{name}.weight", (count, hidden), "vision_position")


def attention(
    prefix: str, hidden: int, layer: int, fused: bool = False, bias: bool = True, keys: int = 0
) -> list[Tensor]:
    keys = keys or hidden
    rows = [("qkv", hidden + 2 * keys)] if fused else [("q_proj", hidden), ("k_proj", keys), ("v_proj", keys)]
    found = [tensor for name, out in rows for tensor in matrix(f"{prefix}.attn.{name}", out, hidden, layer, bias)]
    return found + matrix(f"{prefix}.attn.proj", hidden, hidden, layer, bias)


def mlp(prefix: str, hidden: int, width: int, layer: int, gated: bool = False, bias: bool = True) -> list[Tensor]:
    names = ("gate_proj", "up_proj") if gated else ("fc1",)
    found = [tensor for name in names for tensor in matrix(f"{prefix}.mlp.{name}", width, hidden, layer, bias)]
    return found + matrix(f"{prefix}.mlp.down", hidden, width, layer, bias)


def block(prefix: str, hidden: int, width: int, layer: int, fused: bool = False) -> list[Tensor]:
    """A transformer block with biases and two layer norms."""
    found = attention(prefix, hidden, layer, fused) + mlp(prefix, hidden, width, layer)
    return found + norm(f"{prefix}.norm1", hidden, layer) + norm(f"{prefix}.norm2", hidden, layer)


def clipping(prefix: str, linears: int, layer: int) -> list[Tensor]:
    """Gemma 4: the range of the inputs and outputs of each linear layer."""
    return [vector(f"{prefix}.clipping", 4 * linears, "bias", layer)]


def sizes(vision: Fields, *names: str) -> tuple[int, ...]:
    return tuple(vision.integer(name) for name in names)


def video_patch(vision: Fields) -> int:
    channels = vision.integer("in_channels", "in_chans", default=3)
    return channels * vision.integer("temporal_patch_size", default=2) * vision.integer("patch_size") ** 2


def qwen3_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    hidden, width, out = sizes(vision, "hidden_size", "intermediate_size", "out_hidden_size")
    found = patches("visual.patch_embed.proj", hidden, video_patch(vision))
    found.append(positions("visual.pos_embed", vision.integer("num_position_embeddings"), hidden))
    depth = vision.layers("depth")
    for layer in range(depth):
        found += block(f"visual.blocks.{layer}", hidden, width, layer, fused=True)
    merged = hidden * vision.integer("spatial_merge_size") ** 2
    found += merger("visual.merger", hidden, merged, out)
    for position, _ in enumerate(vision.integers("deepstack_visual_indexes", longest=depth)):
        found += merger(f"visual.deepstack_merger_list.{position}", merged, merged, out)
    return found


def merger(prefix: str, normed: int, merged: int, out: int, bias: bool = True) -> list[Tensor]:
    found = norm(f"{prefix}.norm", normed, bias=bias)
    return found + matrix(f"{prefix}.linear_fc1", merged, merged) + matrix(f"{prefix}.linear_fc2", out, merged)


def qwen2_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    """Qwen2-VL: here hidden_size is what the tower gives to the text model."""
    hidden = vision.integer("embed_dim")
    width = hidden * vision.integer("mlp_ratio", default=4)
    found = patches("visual.patch_embed.proj", hidden, video_patch(vision), bias=False)
    for layer in range(vision.layers("depth")):
        found += block(f"visual.blocks.{layer}", hidden, width, layer, fused=True)
    merged = hidden * vision.integer("spatial_merge_size", default=2) ** 2
    return found + merger("visual.merger", hidden, merged, vision.integer("hidden_size"))


def qwen25_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    """Qwen2.5-VL, and EXAONE 4.5 with fewer key heads."""
    hidden, width = sizes(vision, "hidden_size", "intermediate_size")
    heads = vision.integer("num_heads")
    keys = hidden // heads * vision.integer("num_key_value_heads", default=heads)
    found = patches("visual.patch_embed.proj", hidden, video_patch(vision), bias=False)
    for layer in range(vision.layers("depth")):
        prefix = f"visual.blocks.{layer}"
        found += attention(prefix, hidden, layer, fused=True, keys=keys) + mlp(prefix, hidden, width, layer, gated=True)
        found += norm(f"{prefix}.norm1", hidden, layer, bias=False) + norm(f"{prefix}.norm2", hidden, layer, bias=False)
    merged = hidden * vision.integer("spatial_merge_size", default=2) ** 2
    return found + merger("visual.merger", hidden, merged, vision.integer("out_hidden_size"), bias=False)


def siglip(vision: Fields) -> list[Tensor]:
    hidden, width, patch = sizes(vision, "hidden_size", "intermediate_size", "patch_size")
    found = patches("vision_tower.patch_embedding", hidden, vision.integer("num_channels", default=3) * patch**2)
    found.append(positions("vision_tower.position_embedding", (vision.integer("image_size") // patch) ** 2, hidden))
    for layer in range(vision.layers("num_hidden_layers")):
        found += block(f"vision_tower.layers.{layer}", hidden, width, layer)
    return found + norm("vision_tower.post_layernorm", hidden)


def gemma3_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    hidden = vision.integer("hidden_size")
    projector = Tensor("multi_modal_projector.mm_input_projection_weight", (hidden, text_hidden), "vision_linear")
    return [*siglip(vision), projector, *norm("multi_modal_projector.mm_soft_emb_norm", hidden, bias=False)]


def gemma4_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    hidden, width = sizes(vision, "hidden_size", "intermediate_size")
    heads, head_dim = sizes(vision, "num_attention_heads", "head_dim")
    keys, prefix = vision.integer("num_key_value_heads", default=heads) * head_dim, "vision_tower"
    found = patches(f"{prefix}.input_proj", hidden, 3 * vision.integer("patch_size") ** 2, bias=False)
    found.append(positions(f"{prefix}.position_embedding_table", 2 * vision.integer("position_embedding_size"), hidden))
    for layer in range(vision.layers("num_hidden_layers")):
        name = f"{prefix}.layers.{layer}"
        found += attention(name, hidden, layer, bias=False, keys=keys) + mlp(name, hidden, width, layer, True, False)
        for position in range(4):
            found += norm(f"{name}.norm{position}", hidden, layer, bias=False)
        found += norm(f"{name}.q_norm", head_dim, layer, bias=False) + norm(
            f"{name}.k_norm", head_dim, layer, bias=False
        )
        found += clipping(name, 7, layer) if vision.flag("use_clipped_linears") else []
    if vision.flag("standardize"):
        found += [vector(f"{prefix}.{name}", hidden, "bias", None) for name in ("std_bias", "std_scale")]
    return found + matrix("embed_vision.embedding_projection", text_hidden, hidden, bias=False)


def moonvit_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    """Kimi K2.5."""
    hidden, width = sizes(vision, "vt_hidden_size", "vt_intermediate_size")
    rows, columns = sizes(vision, "init_pos_emb_height", "init_pos_emb_width")
    found = patches("vision_tower.patch_embed.proj", hidden, 3 * vision.integer("patch_size") ** 2)
    found.append(positions("vision_tower.patch_embed.pos_emb", rows * columns, hidden))
    for layer in range(vision.layers("vt_num_hidden_layers")):
        found += block(f"vision_tower.blocks.{layer}", hidden, width, layer, fused=True)
    found += norm("vision_tower.final_layernorm", hidden)
    kernel = vision.integers("merge_kernel_size") or [2, 2]
    merged = hidden * kernel[0] * kernel[-1]
    found += norm("mm_projector.pre_norm", hidden) + matrix("mm_projector.in_proj", merged, merged)
    return found + matrix("mm_projector.out_proj", text_hidden, merged)


def llama4_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    hidden, width, patch = sizes(vision, "hidden_size", "intermediate_size", "patch_size")
    first, second, out = sizes(vision, "projector_input_dim", "projector_output_dim", "vision_output_dim")
    found = patches("vision_model.patch_embedding", hidden, 3 * patch**2, bias=False)
    found.append(vector("vision_model.class_embedding", hidden, "bias", None))
    found.append(
        positions("vision_model.positional_embedding", (vision.integer("image_size") // patch) ** 2 + 1, hidden)
    )
    for layer in range(vision.layers("num_hidden_layers")):
        found += block(f"vision_model.layers.{layer}", hidden, width, layer)
    found += norm("vision_model.layernorm_pre", hidden) + norm("vision_model.layernorm_post", hidden)
    found += matrix("vision_model.vision_adapter.fc1", first, width, bias=False)
    found += matrix("vision_model.vision_adapter.fc2", second, second, bias=False)
    return found + matrix("multi_modal_projector.linear_1", text_hidden, out, bias=False)


def pixtral_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    """Mistral Small 3.1 and later, Ministral 3."""
    hidden, width = sizes(vision, "hidden_size", "intermediate_size")
    found = patches("vision_tower.patch_conv", hidden, 3 * vision.integer("patch_size") ** 2, bias=False)
    found += norm("vision_tower.ln_pre", hidden, bias=False)
    for layer in range(vision.layers("num_hidden_layers")):
        name = f"vision_tower.layers.{layer}"
        found += attention(name, hidden, layer, bias=False) + mlp(name, hidden, width, layer, gated=True, bias=False)
        found += norm(f"{name}.norm1", hidden, layer, bias=False) + norm(f"{name}.norm2", hidden, layer, bias=False)
    merged = hidden * vision.integer("spatial_merge_size", default=2) ** 2
    found += norm("multi_modal_projector.norm", hidden, bias=False)
    found += matrix("multi_modal_projector.merging_layer", hidden, merged, bias=False)
    found += matrix("multi_modal_projector.linear_1", text_hidden, hidden, bias=False)
    return found + matrix("multi_modal_projector.linear_2", text_hidden, text_hidden, bias=False)


def minimax_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    hidden, width, projected = sizes(vision, "hidden_size", "intermediate_size", "projection_dim")
    merging = vision.nested("img_token_compression_config") or vision
    found = patches("vision_tower.embeddings.proj", hidden, video_patch(vision), bias=False)
    found += norm("vision_tower.pre_layernorm", hidden)
    for layer in range(vision.layers("num_hidden_layers")):
        found += block(f"vision_tower.layers.{layer}", hidden, width, layer)
    prefix, merged = "multi_modal_projector", projected * merging.integer("spatial_merge_size", default=2) ** 2
    found += matrix(f"{prefix}.linear_1", projected, hidden) + matrix(f"{prefix}.linear_2", projected, projected)
    return found + matrix(f"{prefix}.merge_1", projected, merged) + matrix(f"{prefix}.merge_2", text_hidden, projected)


def step_tower(vision: Fields, text_hidden: int) -> list[Tensor]:
    hidden, width, patch = sizes(vision, "hidden_size", "intermediate_size", "patch_size")
    found = patches("vision_model.patch_embedding", hidden, 3 * patch**2, bias=False)
    found.append(positions("vision_model.position_embedding", (vision.integer("image_size") // patch) ** 2, hidden))
    found += norm("vision_model.pre_layernorm", hidden)
    for layer in range(vision.layers("num_hidden_layers")):
        found += block(f"vision_model.layers.{layer}", hidden, width, layer)
        found += [
            vector(f"vision_model.layers.{layer}.{name}", hidden, "bias", layer) for name in ("lambda_1", "lambda_2")
        ]
    for name, size in (("downsampler1", hidden), ("downsampler2", 2 * hidden)):
        found += matrix(f"vision_model.{name}", 2 * size, 9 * size)
    return found + matrix("multi_modal_projector", text_hidden, 4 * hidden, bias=False)


TOWERS: Mapping[str, Callable[[Fields, int], list[Tensor]]] = {
    "qwen2_vl": qwen2_tower,
    "qwen2_5_vl": qwen25_tower,
    "qwen3_vl": qwen3_tower,
    "qwen3_vl_moe": qwen3_tower,
    "qwen3_5": qwen3_tower,
    "qwen3_5_moe": qwen3_tower,
    "exaone4_5": qwen25_tower,
    "gemma3": gemma3_tower,
    "gemma4": gemma4_tower,
    "mistral3": pixtral_tower,
    "kimi_k25": moonvit_tower,
    "llama4": llama4_tower,
    "minimax_m3": minimax_tower,
    "minimax_m3_vl": minimax_tower,
    "step3p7": step_tower,
}
