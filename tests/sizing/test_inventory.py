"""The tensor inventory against what is published: parameter counts, FP8 blocks, active parameters, KV bytes."""

import pytest

from community.sizing import catalog
from community.sizing.architecture import Architecture
from community.sizing.architecture.tensors import Tensor
from community.sizing.kv_cache import bytes_per_token, cache_bytes, kv_type, state_bytes

PUBLISHED = [model for model in catalog.models() if model.published]


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: model.id)
def test_published_parameters_are_reproduced_to_the_last_one(model: catalog.Model) -> None:
    assert model.architecture.parameters + model.difference == model.published


def test_differences_are_few_and_explained() -> None:
    different = {model.id: model.why for model in PUBLISHED if model.difference}
    assert len(PUBLISHED) >= 100
    assert len(different) == 9
    assert all(different.values())


# The hub counts the scales of FP8 blocks as elements: published total less the published BF16 total.
@pytest.mark.parametrize(
    ("name", "scales"),
    [
        ("qwen3-32b", 1_904_640),
        ("qwen3-30b-a3b", 1_824_768),
        ("qwen3-235b-a22b", 14_269_952),
        ("minimax-m2.5", 13_880_064),
        ("deepseek-v3", 41_540_496),
        ("glm-5", 45_885_024),
    ],
)
def test_linear_layers_have_as_many_blocks_as_published(name: str, scales: int) -> None:
    assert sum(blocks(tensor) for tensor in catalog.model(name).architecture.tensors) == scales


def blocks(tensor: Tensor) -> int:
    linear = ("attn_", "ffn_", "expert_", "shared_gate", "shared_up", "shared_down", "indexer_q", "indexer_k")
    if tensor.part == "vision" or len(tensor.shape) != 2 or not tensor.role.startswith(linear):
        return 0
    out, size = tensor.shape
    return -(-out // 128) * -(-size // 128) * tensor.copies


# Model cards: Qwen3 22 B and 3.3 B, Mixtral 12.9 B; gpt-oss and DeepSeek leave the input embedding out.
@pytest.mark.parametrize(
    ("name", "active", "digits", "embedding"),
    [
        ("qwen3-235b-a22b", 22, 0, True),
        ("qwen3-30b-a3b", 3.4, 1, True),
        ("mixtral-8x7b-v0.1", 12.9, 1, True),
        ("gpt-oss-120b", 5.13, 2, False),
        ("gpt-oss-20b", 3.61, 2, False),
        ("deepseek-v3", 37, 0, False),
        ("llama-4-scout-17b-16e", 17, 0, True),
    ],
)
def test_active_parameters(name: str, active: float, digits: int, embedding: bool) -> None:
    architecture = catalog.model(name).architecture
    counted = architecture.active_parameters
    counted -= 0 if embedding else architecture.vocabulary * architecture.hidden
    assert round(counted / 1e9, digits) == active


def test_every_parameter_of_a_dense_model_is_active() -> None:
    architecture = catalog.model("llama-3-70b").architecture
    assert architecture.active_parameters == architecture.parameters == 70_553_706_496


# f16, as in the logs of llama.cpp and vLLM; DeepSeek: one latent vector of 576 a layer.
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("llama-3-70b", 327_680),
        ("qwen3-8b", 147_456),
        ("qwen3-32b", 262_144),
        ("qwen3-30b-a3b", 98_304),
        ("qwen3-235b-a22b", 192_512),
        ("deepseek-v3", 61 * 576 * 2),
        ("qwen3.5-27b", 16 * 2 * 4 * 256 * 2),
        ("nemotron-3-nano-30b-a3b", 6 * 2 * 2 * 128 * 2),
    ],
)
def test_kv_bytes_per_token(name: str, expected: int) -> None:
    assert bytes_per_token(catalog.model(name).architecture, kv_type("f16")) == expected


def test_layers_without_an_indexer_keep_no_index() -> None:
    layers = catalog.model("glm-5.2").architecture.layers
    listed = catalog.model("glm-5.2").config["indexer_types"]
    assert [bool(layer.indexer) for layer in layers] == [own != "shared" for own in listed]
    assert 0 < sum(bool(layer.indexer) for layer in layers) < len(layers)


def test_recurrent_state_does_not_grow() -> None:
    architecture = catalog.model("qwen3.5-27b").architecture
    assert [layer.kind for layer in architecture.layers[:4]] == ["recurrent"] * 3 + ["full"]
    assert state_bytes(architecture) == 48 * 4 * (48 * 128 * 128 + 3 * 10240)


def test_windows_bound_the_cache() -> None:
    gemma = catalog.model("gemma-3-27b").architecture
    f16 = kv_type("f16")
    kinds = [layer.kind for layer in gemma.layers]
    assert kinds.count("full") == 62 // 6
    grown = cache_bytes(gemma, f16, 101_000) - cache_bytes(gemma, f16, 100_000)
    assert grown == 1000 * kinds.count("full") * 2 * 16 * 128 * 2


def test_compressed_layers_keep_one_entry_for_their_stride() -> None:
    architecture = catalog.model("deepseek-v4-flash").architecture
    ratios = catalog.model("deepseek-v4-flash").config["compress_ratios"][:43]
    assert [layer.stride for layer in architecture.layers] == ratios
    f16 = kv_type("f16")
    grown = cache_bytes(architecture, f16, 131_072) - cache_bytes(architecture, f16, 65_536)
    assert grown == 65_536 // 4 * (1024 + 132) * ratios.count(4) + 65_536 // 128 * 1024 * ratios.count(128)


@pytest.mark.parametrize(
    ("name", "mlp_only"),
    [("qwen3-30b-a3b", None), ("qwen3-vl-32b", "vision"), ("glm-4.5", "mtp")],
)
def test_parts(name: str, mlp_only: str | None) -> None:
    parts = {tensor.part for tensor in catalog.model(name).architecture.tensors}
    assert parts == {"text"} | ({mlp_only} if mlp_only else set())


# Totals of models that the catalogue does not have, as their hubs print them: the rules hold beyond its rows.
RELATIVES = [
    (7_737_708_544, {"model_type": "internlm2", "num_key_value_heads": 8, "intermediate_size": 14336,
                     "vocab_size": 92544}),
    (7_505_973_248, {"model_type": "baichuan", "intermediate_size": 11008, "vocab_size": 125696}),
    (8_170_848_256, {"model_type": "granite", "num_hidden_layers": 40, "num_key_value_heads": 8,
                     "intermediate_size": 12800, "vocab_size": 49155, "tie_word_embeddings": True}),
    (2_779_683_840, {"model_type": "phi", "hidden_size": 2560, "intermediate_size": 10240, "vocab_size": 51200}),
    (8_292_166_656, {"model_type": "qwen2_5_vl", "hidden_size": 3584, "num_hidden_layers": 28,
                     "num_attention_heads": 28, "num_key_value_heads": 4, "intermediate_size": 18944,
                     "vocab_size": 152064, "vision_config": {
                         "depth": 32, "hidden_size": 1280, "intermediate_size": 3420, "num_heads": 16,
                         "out_hidden_size": 3584, "patch_size": 14}}),
    (24_011_361_280, {"model_type": "mistral3", "text_config": {
        "hidden_size": 5120, "num_hidden_layers": 40, "num_attention_heads": 32, "num_key_value_heads": 8,
        "head_dim": 128, "intermediate_size": 32768, "vocab_size": 131072}, "vision_config": {
        "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16,
        "patch_size": 14}}),
]  # fmt: skip


@pytest.mark.parametrize(("published", "config"), RELATIVES, ids=lambda value: str(value)[:40])
def test_relatives(published: int, config: dict) -> None:
    usual = {"hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "tie_word_embeddings": False}
    assert Architecture.from_config(usual | config).parameters == published


def test_a_missing_head_dim_is_the_family_s_own() -> None:
    """Qwen3-0.6B has heads of 128 though hidden_size / num_attention_heads is 64."""
    config = {name: value for name, value in catalog.model("qwen3-0.6b").config.items() if name != "head_dim"}
    assert Architecture.from_config(config).parameters == catalog.model("qwen3-0.6b").architecture.parameters


def test_an_unknown_tower_or_prediction_layer_is_named() -> None:
    config = {**catalog.model("qwen3-8b").config, "model_type": "cohere2_vision", "vision_config": {"hidden_size": 8}}
    assert Architecture.from_config(config).uncounted == ("vision",)
    config = {**catalog.model("glm-4.5").config, "model_type": "exaone_moe", "num_nextn_predict_layers": 1}
    assert Architecture.from_config(config).uncounted == ("mtp",)


def test_the_audio_tower_of_gemma_4_is_counted() -> None:
    """Elements by the model class of transformers 5.23.0, default audio config, text of 5376."""
    audio = {
        "hidden_size": 1024, "num_hidden_layers": 12, "num_attention_heads": 8, "conv_kernel_size": 5,
        "subsampling_conv_channels": [128, 32], "output_proj_dims": 1536, "use_clipped_linears": True,
    }  # fmt: skip
    config = catalog.model("gemma-4-31b").config
    without = Architecture.from_config(config)
    heard = Architecture.from_config({**config, "audio_config": audio})
    assert heard.uncounted == ()
    assert heard.parameters - without.parameters == 313_082_624
