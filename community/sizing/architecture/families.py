"""What sets model families apart where config.json does not say it. One row a model_type; an unknown type is refused.

Sources: the model classes of transformers 5.23.0 of the same name (2026-11-20, every row compared tensor by tensor on
the meta device); types that transformers does not have (exaone, solar, kimi_k2, mimo, internlm2, baichuan, minimax_m3,
deepseek_ref) and the prediction layers are solved from the published parameter counts in data/models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Flag = bool | tuple[str, bool]  # a fixed answer, or the field of the config and its default


@dataclass(frozen=True)
class Family:
    attention: str = "grouped"  # latent (MLA), or compressed (DeepSeek-V4)
    qkv_bias: Flag = ("attention_bias", False)
    output_bias: Flag = ("attention_bias", False)
    query_bias: Flag = False  # on the compressions of latent attention
    head_dim: int = 0  # the default of head_dim; 0: hidden_size / num_attention_heads
    qk_norm: str = ""  # head: over head_dim; full: over all heads
    qk_norm_flag: Flag = True
    gate: str = ""  # of the output. query: in the query projection; full: for each value; head: for each head
    fused: bool = False  # query, key and value in one matrix
    sinks: tuple[str, ...] = ()  # kinds of layer with one learned logit a head
    keys_as_values: str = ""  # kind of layer without a value projection where attention_k_eq_v is set
    indexer: str = ""  # of sparse attention: latent (DeepSeek-V3.2, GLM-5), grouped (MiniMax-M3)
    norms: int = 2  # norms of hidden size in a layer
    expert_norms: int = 0  # further ones in a layer with experts
    post_norms: Flag = False  # two more norms in a layer
    scalars: int = 0  # learned numbers in a layer
    norm_bias: bool = False
    final_norm: bool = True
    mlp: str = "gated"  # fused: gate and up in one matrix; plain: up and down
    mlp_bias: Flag = ("mlp_bias", False)
    head_bias: Flag = False
    experts: str = ""  # which layers carry experts, "" for none: see feed_forward.expert_layers
    expert_biases: bool = False
    router_bias: str = ""  # name of a vector beside the router
    router_scales: bool = False  # a scale for each input and each expert (Gemma 4)
    shared: str = ""  # how the shared expert's width is given: see feed_forward.shared_width
    recurrent: str = ""  # delta (Qwen3-Next, Qwen3.5), kda (Kimi Linear), mamba2, conv (LFM2)
    blocks: bool = False  # a layer is one block: mixer or feed-forward (Nemotron-H)
    window: int = 0  # a full layer every n-th, the others sliding; 0: what has a window has it everywhere
    first_full: bool = False  # the first layer is full as well (MiMo-V2)
    window_flag: Flag = True  # whether the window is used at all
    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # field names of one kind of layer
    names: Mapping[str, str] = field(default_factory=dict)  # this family's name of a field
    defaults: Mapping[str, int] = field(default_factory=dict)  # fields that published configs leave out
    tied: bool = False  # the default of tie_word_embeddings
    # A prediction step holds a layer like the others, a dense one or blocks; absent: the config names steps that the
    # checkpoint has not; "": not known, not counted.
    mtp: str = ""
    mtp_kind: str = "full"
    mtp_layers: int = 0  # prediction layers that the checkpoint holds where config.json does not name them
    mtp_tables: int = 0  # embedding tables of its own in a prediction layer


LLAMA = Family()
QWEN2 = Family(qkv_bias=True, output_bias=False, window_flag=("use_sliding_window", False))
QWEN3 = Family(qk_norm="head", window_flag=("use_sliding_window", False))
QWEN3_MOE = replace(QWEN3, experts="sparse_step")
DELTA = replace(QWEN3, head_dim=256, gate="query", recurrent="delta", mtp="layer")
GEMMA2 = Family(head_dim=256, norms=4, tied=True, window=2)
# google/gemma-3-4b-it, -12b-it and -27b-it leave out what is the default of Gemma3TextConfig.
GEMMA3_DEFAULTS = {
    "vocab_size": 262_208, "num_attention_heads": 8, "num_key_value_heads": 4, "max_position_embeddings": 131_072,
}  # fmt: skip
GEMMA3 = replace(GEMMA2, qk_norm="head", window=6)
COHERE = Family(norms=1, qk_norm="full", qk_norm_flag=("use_qk_norm", False), tied=True)
OLMO2 = Family(qk_norm="full", window=4)
EXAONE4 = Family(qkv_bias=False, output_bias=False, qk_norm="head", window=4, mtp="layer")
GLM4 = Family(head_dim=128, qkv_bias=("attention_bias", True), output_bias=False, mlp="fused", norms=4)
PLAIN = Family(mlp="plain", norm_bias=True)
MOE = Family(experts="first_dense", shared="count", router_bias="e_score_correction_bias")
LATENT = Family(attention="latent", output_bias=("attention_bias", False), query_bias=("attention_bias", False))
DEEPSEEK2 = replace(LATENT, experts="first_dense", shared="count")
DEEPSEEK3 = replace(DEEPSEEK2, router_bias="e_score_correction_bias", mtp="layer", mtp_tables=2)
DEEPSEEK4 = Family(
    attention="compressed",
    experts="every",
    shared="count",
    router_bias="e_score_correction_bias",
    mtp="layer",
    mtp_kind="compressed/0",
)
GLM5 = replace(DEEPSEEK3, indexer="latent", mtp_tables=0)
GLM4_MOE = replace(
    MOE, output_bias=False, qk_norm="head", qk_norm_flag=("use_qk_norm", False), mtp="layer", mtp_tables=2
)
MINIMAX3 = replace(
    MOE, qk_norm="head", shared="width", indexer="grouped", mtp="absent", defaults={"dense_intermediate_size": 12288}
)
GRANITE_MOE = Family(experts="every", shared="width")
SWA = {"num_attention_heads", "num_key_value_heads", "head_dim", "v_head_dim"}

FAMILIES: dict[str, Family] = {
    "llama": LLAMA,
    "mistral": LLAMA,
    "ministral": LLAMA,
    "ministral3": Family(head_dim=128),
    "solar": LLAMA,
    "exaone": replace(LLAMA, names={"num_hidden_layers": "num_layers"}),
    "arcee": Family(mlp="plain"),
    "apertus": Family(mlp="plain", qk_norm="head", scalars=4),
    "cwm": Family(head_dim=128, window=4),
    "granite": LLAMA,
    "smollm3": replace(LLAMA, tied=True),
    "hyperclovax": Family(post_norms=("use_post_norm", True)),
    "ernie4_5": Family(
        head_dim=128,
        qkv_bias=("use_bias", False),
        output_bias=("use_bias", False),
        mlp_bias=("use_bias", False),
        tied=True,
    ),
    "seed_oss": Family(head_dim=128, qkv_bias=("attention_bias", True), output_bias=("attention_out_bias", False)),
    "internlm2": Family(qkv_bias=("bias", False), output_bias=("bias", False), fused=True),
    "internlm3": Family(
        head_dim=128, qkv_bias=("qkv_bias", False), output_bias=("bias", False), mlp_bias=("bias", False)
    ),
    "baichuan": Family(fused=True),
    "hunyuan_v1_dense": Family(qk_norm="head", qk_norm_flag=("use_qk_norm", True)),
    "hunyuan_v1_moe": Family(qk_norm="head", qk_norm_flag=("use_qk_norm", True), experts="every", shared="layer"),
    "qwen2": QWEN2,
    "qwen2_vl_text": QWEN2,
    "qwen2_5_vl_text": QWEN2,
    "qwen2_moe": replace(QWEN2, qkv_bias=("qkv_bias", True), experts="sparse_step", shared="gated"),
    "qwen3": replace(QWEN3, head_dim=128),
    "qwen3_vl_text": replace(QWEN3, head_dim=128),
    "qwen3_moe": QWEN3_MOE,
    "qwen3_vl_moe_text": QWEN3_MOE,
    "qwen3_next": replace(DELTA, experts="sparse_step", shared="gated", mtp_layers=1),
    "qwen3_5_text": DELTA,
    "qwen3_5_moe_text": replace(DELTA, experts="sparse_step", shared="gated"),
    "mimo": replace(QWEN2, mtp="layer"),
    "exaone4": EXAONE4,
    "exaone4_5_text": EXAONE4,
    "exaone_moe": replace(MOE, qk_norm="head", window=4),
    "phi": Family(
        qkv_bias=True,
        output_bias=True,
        mlp="plain",
        mlp_bias=True,
        norms=1,
        norm_bias=True,
        head_bias=True,
        qk_norm="head",
        qk_norm_flag=("qk_layernorm", False),
    ),
    "phi3": Family(fused=True, mlp="fused"),
    "phimoe": Family(norm_bias=True, experts="every", head_bias=("lm_head_bias", False)),
    "gemma": Family(head_dim=256, tied=True),
    "gemma2": GEMMA2,
    "gemma3_text": replace(GEMMA3, defaults=GEMMA3_DEFAULTS),
    "vaultgemma": replace(GEMMA2, norms=2),
    "gemma4_text": replace(
        GEMMA3,
        expert_norms=3,
        scalars=1,
        shared="dense",
        experts="enabled",
        router_scales=True,
        keys_as_values="full",
        kinds={"full": {"head_dim": "global_head_dim", "num_key_value_heads": "num_global_key_value_heads"}},
        defaults={"global_head_dim": 512},
    ),
    "cohere": COHERE,
    "cohere2": replace(COHERE, qk_norm="", window=4),
    "olmo": Family(norms=0, final_norm=False),
    "olmo2": OLMO2,
    "olmo3": OLMO2,
    "olmoe": Family(qk_norm="full", experts="every"),
    "stablelm": Family(
        qkv_bias=("use_qkv_bias", False),
        output_bias=False,
        norm_bias=True,
        qk_norm="full",
        qk_norm_flag=("qk_layernorm", False),
    ),
    "starcoder2": replace(
        PLAIN, qkv_bias=("use_bias", True), output_bias=("use_bias", True), mlp_bias=("use_bias", True), tied=True
    ),
    "nemotron": PLAIN,
    "jais2": replace(
        PLAIN, qkv_bias=("attention_bias", True), output_bias=("attention_bias", True), mlp_bias=("mlp_bias", True)
    ),
    "glm": replace(GLM4, norms=2),
    "glm4": GLM4,
    "mixtral": Family(experts="every"),
    "minimax_m2": Family(head_dim=128, qk_norm="full", experts="every", router_bias="e_score_correction_bias"),
    "minimax_m3": MINIMAX3,
    "minimax_m3_vl_text": MINIMAX3,
    "gpt_oss": Family(
        head_dim=64,
        sinks=("full", "sliding"),
        experts="every",
        expert_biases=True,
        router_bias="bias",
        window=2,
        qkv_bias=("attention_bias", True),
        output_bias=("attention_bias", True),
    ),
    "llama4_text": Family(head_dim=128, experts="interleaved", shared="dense", window=4),
    "granitemoe": replace(GRANITE_MOE, shared=""),
    "granitemoeshared": GRANITE_MOE,
    "granitemoehybrid": replace(GRANITE_MOE, recurrent="mamba2"),
    "nemotron_h": Family(
        recurrent="mamba2",
        head_dim=128,
        blocks=True,
        norms=1,
        mlp="plain",
        experts="blocks",
        shared="width",
        mtp="blocks",
    ),
    "lfm2": Family(qk_norm="head", recurrent="conv", tied=True),
    "lfm2_moe": Family(qk_norm="head", recurrent="conv", tied=True, experts="dense_first", router_bias="expert_bias"),
    "afmoe": replace(
        MOE,
        head_dim=128,
        qk_norm="head",
        gate="full",
        norms=4,
        experts="dense_first",
        router_bias="expert_bias",
        window=4,
    ),
    "solar_open": replace(MOE, head_dim=128, experts="every"),
    "hy_v3": replace(MOE, head_dim=128, qk_norm="head"),
    "ernie4_5_moe": Family(
        qkv_bias=("use_bias", False),
        output_bias=("use_bias", False),
        mlp_bias=("use_bias", False),
        experts="spaced",
        shared="count",
        router_bias="e_score_correction_bias",
        head_bias=("use_bias", False),
        tied=True,
    ),
    "mimo_v2_flash": replace(
        MOE,
        shared="",
        sinks=("sliding",),
        window=6,
        first_full=True,
        mtp="dense",
        mtp_kind="sliding",
        kinds={"sliding": {name: f"swa_{name}" for name in SWA}},
        mtp_layers=3,
    ),
    "step3p7_text": replace(
        MOE,
        qk_norm="head",
        gate="head",
        shared="width",
        mtp="dense",
        mtp_kind="sliding",
        mtp_tables=1,
        kinds={"sliding": {"num_attention_heads": "attention_other_setting.num_attention_heads"}},
        defaults={"attention_other_setting.num_attention_heads": 96},
    ),
    "deepseek_v2": DEEPSEEK2,
    "deepseek_v3": DEEPSEEK3,
    "deepseek_v32": replace(DEEPSEEK3, indexer="latent"),
    "deepseek_v4": DEEPSEEK4,
    "deepseek_ref": DEEPSEEK4,
    "kimi_k2": DEEPSEEK3,
    "kimi_linear": replace(DEEPSEEK3, recurrent="kda", mtp=""),
    "axk1": replace(DEEPSEEK3, expert_norms=1, mtp=""),
    "mistral4": DEEPSEEK2,
    "youtu": replace(LATENT, tied=True),
    "minicpm3": replace(LATENT, tied=True),
    "glm_moe_dsa": GLM5,
    "glm4_moe_lite": replace(DEEPSEEK3, mtp_layers=1),
    "glm4_moe": GLM4_MOE,
}

# Composite configs: the type of the language model where the nested config does not name one.
COMPOSITE: dict[str, str] = {
    "qwen2_vl": "qwen2_vl_text",
    "qwen2_5_vl": "qwen2_5_vl_text",
    "qwen3_vl": "qwen3_vl_text",
    "qwen3_vl_moe": "qwen3_vl_moe_text",
    "qwen3_5": "qwen3_5_text",
    "qwen3_5_moe": "qwen3_5_moe_text",
    "llama4": "llama4_text",
    "gemma3": "gemma3_text",
    "gemma4": "gemma4_text",
    "mistral3": "mistral",
    "cohere2_vision": "cohere2",
    "kimi_k25": "kimi_k2",
    "exaone4_5": "exaone4_5_text",
    "minimax_m3_vl": "minimax_m3",
    "step3p7": "step3p7_text",
}
