"""Configs and cards for the tests of the server engines: published fields, figures of data/gpus.toml."""

from community.sizing.architecture import Architecture
from community.sizing.deployment import Deployment, Options
from community.sizing.formats import parse_format
from community.sizing.hardware import Device

MIB = 2**20


def llama(layers, hidden, heads, width, vocabulary=128_256, context=8_192):
    return {
        "model_type": "llama", "num_hidden_layers": layers, "hidden_size": hidden, "num_attention_heads": heads,
        "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": width, "vocab_size": vocabulary,
        "max_position_embeddings": context, "tie_word_embeddings": False,
    }  # fmt: skip


def qwen3(layers, hidden, heads, kv_heads, width, experts=None, **more):
    config = {
        "model_type": "qwen3_moe" if experts else "qwen3", "num_hidden_layers": layers, "hidden_size": hidden,
        "num_attention_heads": heads, "num_key_value_heads": kv_heads, "head_dim": 128, "intermediate_size": width,
        "vocab_size": 151_936, "max_position_embeddings": 40_960, "tie_word_embeddings": False,
    }  # fmt: skip
    if experts:
        config |= {
            "num_experts": 128, "num_experts_per_tok": 8, "moe_intermediate_size": experts,
            "decoder_sparse_step": 1, "mlp_only_layers": [],
        }  # fmt: skip
    return config | more


CONFIGS = {
    "llama-3-8b": llama(32, 4096, 32, 14_336),
    "llama-3.1-8b": llama(32, 4096, 32, 14_336, context=131_072),
    "llama-3-70b": llama(80, 8192, 64, 28_672),
    "qwen3-8b": qwen3(36, 4096, 32, 8, 12_288),
    "qwen3-32b": qwen3(64, 5120, 64, 8, 25_600),
    "qwen3-30b-a3b": qwen3(48, 2048, 32, 4, 6144, 768),
    "qwen3-235b-a22b": qwen3(94, 4096, 64, 4, 12_288, 1536),
    "gemma-2-2b": {
        "model_type": "gemma2", "num_hidden_layers": 26, "hidden_size": 2304, "num_attention_heads": 8,
        "num_key_value_heads": 4, "head_dim": 256, "intermediate_size": 9216, "vocab_size": 256_000,
        "max_position_embeddings": 8192, "sliding_window": 4096, "tie_word_embeddings": True,
    },
}  # fmt: skip


def card(name, usable, cuda=None, nvlink=0.0, capability="9.0"):
    return Device(
        id=name.lower().replace(" ", "-"), name=name, usable=usable * MIB, cuda_total=cuda * MIB if cuda else None,
        bandwidth=1e12, tflops={}, capability=capability, vendor="NVIDIA", nvlink=nvlink, unified=False,
        memory=usable * MIB, source="data/gpus.toml", checked="2026-11-20",
    )  # fmt: skip


CARDS = {
    "h100-80gb": card("H100 80GB", 81_559, 81_088, 900e9),
    "h200": card("H200", 143_771, 143_167, 900e9),
    "a100-80gb": card("A100 80GB", 81_920, 81_101, 600e9, "8.0"),
    "l40s": card("L40S", 46_068, 45_484, 0, "8.9"),
    "rtx-6000-ada": card("RTX 6000 Ada", 49_140, None, 0, "8.9"),
    "rtx-5090": card("RTX 5090", 32_607, None, 0, "12.0"),
    "rtx-4090": card("RTX 4090", 24_564, 24_124, 0, "8.9"),
}


def deploy(model, weights, engine, gpu, count=1, context=8192, requests=1, version="", **options):
    return Deployment(
        model=model,
        architecture=Architecture.from_config(CONFIGS[model]),
        weights=parse_format(weights),
        engine=engine,
        version=version,
        devices=(CARDS[gpu],) * count,
        context=context,
        requests=requests,
        options=Options(**options),
    )


def codes(memory):
    return {reason.code for reason in memory.reasons}
