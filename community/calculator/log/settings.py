"""The settings of a log, each with what it sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST = 200
SETTINGS = {
    "max_model_len": gettext_lazy("요청 하나의 가장 긴 문맥"),
    "context_length": gettext_lazy("요청 하나의 가장 긴 문맥"),
    "n_ctx": gettext_lazy("KV 캐시를 잡는 문맥"),
    "gpu_memory_utilization": gettext_lazy("GPU 메모리 중 엔진이 잡을 몫"),
    "mem_fraction_static": gettext_lazy("가중치와 KV 캐시에 쓸 몫"),
    "max_num_seqs": gettext_lazy("함께 도는 요청 수의 한도"),
    "max_running_requests": gettext_lazy("함께 도는 요청 수의 한도"),
    "n_parallel": gettext_lazy("요청 자리의 수"),
    "max_num_batched_tokens": gettext_lazy("한 번에 계산하는 토큰 수의 한도"),
    "chunked_prefill_size": gettext_lazy("프롬프트를 나눠 계산하는 토큰 수"),
    "max_prefill_tokens": gettext_lazy("한 번에 받는 프롬프트 토큰 수의 한도"),
    "n_batch": gettext_lazy("한 번에 받는 토큰 수"),
    "n_ubatch": gettext_lazy("한 번에 계산하는 토큰 수"),
    "kv_cache_dtype": gettext_lazy("KV 캐시의 자료형"),
    "cache_type_k": gettext_lazy("K 캐시의 자료형"),
    "cache_type_v": gettext_lazy("V 캐시의 자료형"),
    "kv_cache_type": gettext_lazy("KV 캐시의 자료형"),
    "dtype": gettext_lazy("계산하는 자료형"),
    "quantization": gettext_lazy("양자화 방식"),
    "tensor_parallel_size": gettext_lazy("텐서 병렬 GPU 수"),
    "tp_size": gettext_lazy("텐서 병렬 GPU 수"),
    "pipeline_parallel_size": gettext_lazy("파이프라인 병렬 단계 수"),
    "pp_size": gettext_lazy("파이프라인 병렬 단계 수"),
    "data_parallel_size": gettext_lazy("데이터 병렬 벌 수"),
    "dp_size": gettext_lazy("데이터 병렬 벌 수"),
    "ep_size": gettext_lazy("전문가 병렬 GPU 수"),
    "enable_expert_parallel": gettext_lazy("전문가 병렬"),
    "enable_dp_attention": gettext_lazy("어텐션의 데이터 병렬"),
    "enforce_eager": gettext_lazy("CUDA 그래프 끄기"),
    "disable_cuda_graph": gettext_lazy("CUDA 그래프 끄기"),
    "cuda_graph_max_bs": gettext_lazy("CUDA 그래프를 잡는 가장 큰 배치"),
    "cpu_offload_gb": gettext_lazy("시스템 메모리에 둘 가중치(GiB)"),
    "swap_space": gettext_lazy("KV 캐시를 옮겨 둘 시스템 메모리"),
    "num_gpu_blocks_override": gettext_lazy("직접 정한 KV 블록 수"),
    "block_size": gettext_lazy("KV 블록 하나의 토큰 수"),
    "page_size": gettext_lazy("KV 페이지 하나의 토큰 수"),
    "kv_cache_memory_bytes": gettext_lazy("직접 정한 KV 캐시 바이트"),
    "max_total_tokens": gettext_lazy("KV 캐시 토큰 수의 한도"),
    "speculative": gettext_lazy("앞서 짚는 방식"),
    "attention_backend": gettext_lazy("어텐션 구현"),
    "n_gpu_layers": gettext_lazy("GPU에 두라고 한 층 수"),
    "offloaded": gettext_lazy("GPU에 올라간 층/모든 층"),
    "split_mode": gettext_lazy("여러 GPU에 나누는 방식"),
    "tensor_split": gettext_lazy("GPU마다의 몫"),
    "flash_attention": gettext_lazy("플래시 어텐션"),
    "kv_unified": gettext_lazy("모든 자리가 KV 캐시 하나를 나눠 쓰기"),
    "mla": gettext_lazy("MLA 방식"),
    "attn_max_batch": gettext_lazy("어텐션 중간값의 한도(MiB)"),
    "override_tensor": gettext_lazy("텐서마다 정한 자리"),
    "cpu_moe": gettext_lazy("전문가 가중치를 시스템 메모리에"),
    "n_cpu_moe": gettext_lazy("전문가를 시스템 메모리에 둘 층 수"),
}


def setting_rows(settings: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(name, value, what it sets); a name that is not known here has no words."""
    return [(name, value_words(value), str(SETTINGS.get(name, ""))) for name, value in settings.items()]


def value_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("켬") if value else _("끔")
    if value is None:
        return _("정하지 않음")
    if isinstance(value, (int, float)):
        return f"{value:,}" if value != int(value) else f"{int(value):,}"
    return str(value)[:LONGEST]
