"""The audio tower of Gemma 4 E2B and E4B: a conformer (transformers 5.23.0 models/gemma4, compared 2026-11-20).

Its tensors are counted with the vision tower's, as both stand in one projector file.
"""

from __future__ import annotations

from ..errors import InputError
from .fields import Fields
from .tensors import Tensor, vector
from .vision import clipping, matrix, norm

WIDTHS = (("ffw_layer_1", (4, 1)), ("ffw_layer_2", (1, 4)))  # in multiples of the hidden size
NORMS = 9


def audio_tensors(audio: Fields, text_hidden: int) -> list[Tensor]:
    hidden, out = audio.integer("hidden_size"), audio.integer("output_proj_dims")
    channels = audio.integers("subsampling_conv_channels")
    if len(channels) != 2:
        raise InputError(audio.path + "subsampling_conv_channels", "is not usable", "two whole numbers")
    first, second = channels
    found = convolution("audio_tower.layer0", first, 1) + convolution("audio_tower.layer1", second, first)
    found += matrix("audio_tower.input_proj_linear", hidden, first // 4 * second, bias=False)
    for layer in range(audio.layers("num_hidden_layers")):
        found += conformer(f"audio_tower.layers.{layer}", audio, hidden, layer)
    found += matrix("audio_tower.output_proj", out, hidden)
    found += matrix("embed_audio.embedding_projection", text_hidden, out, bias=False)
    return [tensor.of_part("vision") for tensor in found]


def convolution(name: str, out: int, channels: int) -> list[Tensor]:
    return [Tensor(f"{name}.conv.weight", (out, 9 * channels), "vision_patch"), *norm(name, out, bias=False)]


def conformer(prefix: str, audio: Fields, hidden: int, layer: int) -> list[Tensor]:
    """Half a feed-forward, attention with relative positions, a gated convolution, the other half."""
    found: list[Tensor] = []
    shapes = [(f"feed_forward{half}.{name}", size) for half in (1, 2) for name, size in WIDTHS]
    shapes += [(f"self_attn.{name}", (1, 1)) for name in ("q_proj", "k_proj", "v_proj", "post")]
    shapes += [("lconv1d.linear_start", (2, 1)), ("lconv1d.linear_end", (1, 1))]
    for name, (out, size) in shapes:
        found += matrix(f"{prefix}.{name}", out * hidden, size * hidden, layer, bias=False)
    found += clipping(prefix, len(shapes), layer) if audio.flag("use_clipped_linears", True) else []
    found += matrix(f"{prefix}.self_attn.relative_k_proj", hidden, hidden, layer, bias=False)
    found.append(vector(f"{prefix}.per_dim_scale", hidden // audio.integer("num_attention_heads"), "bias", layer))
    found.append(
        Tensor(f"{prefix}.depthwise_conv1d.weight", (hidden, audio.integer("conv_kernel_size")), "conv", layer)
    )
    for position in range(NORMS):
        found += norm(f"{prefix}.norm{position}", hidden, layer, bias=False)
    return found
