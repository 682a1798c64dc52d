"""Codes of the sizing engine -> Korean sentences with their values. Amounts are written in the reader's unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.sizing import Evidence, InputError, Reason, Verdict
from community.sizing.estimate import Suggestion
from community.sizing.report import UNITS, reason_text

Amount = Callable[[int], str]

ENGINES = {
    "vllm": "vLLM", "sglang": "SGLang", "tensorrt-llm": "TensorRT-LLM", "llama.cpp": "llama.cpp", "ollama": "Ollama",
    "exllamav2": "ExLlamaV2", "exllamav3": "ExLlamaV3", "mlx": "MLX", "tgi": "TGI", "lmdeploy": "LMDeploy",
}  # fmt: skip
SCHEMES = {
    "16-bit": "BF16·F16", "fp8": "FP8", "int8": "INT8", "awq": "AWQ", "gptq": "GPTQ",
    "compressed-tensors": "compressed-tensors", "bitsandbytes": "bitsandbytes", "mxfp4": "MXFP4", "nvfp4": "NVFP4",
    "gguf": "GGUF", "exl2": "EXL2", "exl3": "EXL3", "mlx": "MLX",
}  # fmt: skip
PARTS = {
    "weights": gettext_lazy("가중치"), "kv_cache": gettext_lazy("KV 캐시"),
    "activations": gettext_lazy("활성값"), "runtime": gettext_lazy("엔진"),
}  # fmt: skip
EVIDENCE = {
    Evidence.EXACT: gettext_lazy("정확"), Evidence.RULE: gettext_lazy("공식"),
    Evidence.MEASURED: gettext_lazy("실측"), Evidence.ESTIMATE: gettext_lazy("추정"),
}  # fmt: skip
# (words, icon, tone): a verdict never rests on its colour alone.
VERDICTS = {
    Verdict.FITS: (gettext_lazy("들어가요"), "check", "ok"),
    Verdict.TIGHT: (gettext_lazy("빠듯해요"), "tilde", "warn"),
    Verdict.FITS_WITH_OFFLOAD: (gettext_lazy("일부를 시스템 메모리에 두면 떠요"), "split", "warn"),
    Verdict.DOES_NOT_FIT: (gettext_lazy("안 들어가요"), "cross", "bad"),
    Verdict.UNSUPPORTED: (gettext_lazy("못 띄워요"), "cross", "bad"),
    Verdict.UNKNOWN: (gettext_lazy("판단할 수 없어요"), "question", "plain"),
}
CONDITIONS = {
    "weight_only": gettext_lazy("가중치만 이 형식으로 읽고 계산은 16비트로 해요."),
    "partial": gettext_lazy("이 GPU에서는 일부만 지원해요."),
    "experimental": gettext_lazy("이 조합은 아직 시험 단계예요."),
    "needs_plugin": gettext_lazy("따로 나온 플러그인을 설치해야 해요."),
    "convert_to_gguf": gettext_lazy("먼저 GGUF로 바꿔야 해요."),
    "no_row_split": gettext_lazy("전문가 혼합 모델은 행 분할(-sm row)을 쓸 수 없어요. 층 분할로 계산했어요."),
    "maintenance_mode": gettext_lazy("엔진이 유지 보수만 하고 있어요."),
    "no_cuda_model": gettext_lazy("이 엔진에는 이 모델의 CUDA 구현이 없어요."),
    "transformers_fallback": gettext_lazy("전용 구현 없이 Transformers로 돌아요."),
    "open_bug": gettext_lazy("아직 고쳐지지 않은 버그가 알려져 있어요."),
}
REASONS = {
    "engine_cannot_run": gettext_lazy("%(engine)s%(version)s에서는 이 GPU와 모델로 %(weights)s 형식을 띄울 수 없어요."),
    "support_not_known": gettext_lazy("%(engine)s%(version)s에서 %(weights)s 형식이 되는지 확인한 자료가 없어요."),
    "runs_with_condition": gettext_lazy("%(engine)s%(version)s에서 %(weights)s 형식은 조건이 있어요."),
    "memory_not_known": gettext_lazy("%(engine)s의 메모리 규칙은 아직 몰라서 계산하지 않아요."),
    "context_beyond_model": gettext_lazy("문맥 %(context)s토큰은 이 모델의 한도 %(model)s토큰보다 길어요."),
    "unequal_cards": gettext_lazy("이 엔진은 모든 장을 가장 작은 GPU에 맞춰요. 큰 GPU의 남는 자리는 쓰지 못해요."),
    "gpu_layers_beyond_model": gettext_lazy("GPU에 둘 층을 %(gpu_layers)s개로 정했지만 이 모델은 %(model)s개까지예요."),
    "setting_not_in_version": gettext_lazy("이 버전에는 %(setting)s 설정이 아직 없어요."),
    "parts_not_counted": gettext_lazy("세지 않은 부분이 있어요: %(parts)s."),
    "heads_not_divisible": gettext_lazy(
        "어텐션 헤드 %(heads)s개는 %(tensor_parallel)s장으로 나뉘지 않아요. 텐서 병렬 %(suggested)s이면 나뉘어요."
    ),
    "kv_heads_not_divisible": gettext_lazy("KV 헤드 %(kv_heads)s개는 %(tensor_parallel)s장으로 나뉘지 않아요."),
    "experts_fewer_than_gpus": gettext_lazy("전문가 %(experts)s개는 %(expert_parallel)s장에 나눠 둘 수 없어요."),
    "expert_width_not_divisible": gettext_lazy(
        "전문가의 너비(%(width)s)를 %(tensor_parallel)s장으로 나누면 양자화 묶음(%(block)s)에 맞지 않아요."
    ),
    "width_not_divisible": gettext_lazy(
        "피드포워드 너비(%(width)s)를 %(tensor_parallel)s장으로 나누면 묶음(%(block)s)에 맞지 않아요."
    ),
    "layers_fewer_than_stages": gettext_lazy("층 %(layers)s개는 파이프라인 %(stages)s단계로 나눌 수 없어요."),
    "kv_type_not_supported": gettext_lazy("이 엔진에 없는 KV 자료형이에요(%(kv)s). 되는 것: %(allowed)s."),
    "context_beyond_pool": gettext_lazy(
        "요청 하나의 KV 캐시에 %(needed)s가 필요한데, 엔진이 잡는 자리는 %(kv_pool)s예요."
    ),
    "kv_heads_replicated": gettext_lazy(
        "KV 헤드는 %(kv_heads)s개뿐이라 텐서 병렬 %(tensor_parallel)s에서는 GPU마다 복사돼요."
    ),
    "communication_memory": gettext_lazy("GPU 사이 통신에 장마다 %(bytes)s가 들어요."),
    "requests_beyond_pool": gettext_lazy("동시에 도는 요청은 %(max_requests)s건까지예요. 나머지는 기다려요."),
    "budget_above_free": gettext_lazy("엔진이 잡으려는 몫이 GPU의 빈자리보다 %(bytes)s 커요. 예약 비율을 낮추세요."),
    "split_by_layer": gettext_lazy("이 엔진은 텐서 병렬 대신 층으로 나눠요."),
    "quantized_values_need_flash_attention": gettext_lazy(
        "양자화한 KV 캐시(%(kv)s)는 플래시 어텐션을 켜야 쓸 수 있어요."
    ),
    "experts_in_system_memory": gettext_lazy("층 %(of)s개 중 %(layers)s개의 전문가 가중치를 시스템 메모리에 둬요."),
    "layers_in_system_memory": gettext_lazy("층 %(of)s개 중 %(layers)s개를 시스템 메모리에 둬요."),
    "host_memory_too_small": gettext_lazy("시스템 메모리 %(needed)s가 필요한데 %(host)s뿐이에요."),
    "below_fit_margin": gettext_lazy("빈자리가 %(free)s라서 llama.cpp가 남겨 두려는 %(margin)s보다 적어요."),
    "weights_near_wired_limit": gettext_lazy("가중치 %(weights)s가 Metal이 쓰게 하는 한도 %(limit)s에 가까워요."),
    "kv_bits_not_in_server": gettext_lazy(
        "양자화한 KV 캐시(%(kv)s)는 MLX 서버의 옵션이 아니라 코드에서만 켤 수 있어요."
    ),
    "automatic_context_differs": gettext_lazy(
        "Ollama는 그냥 두면 문맥을 %(automatic)s토큰으로 잡아요. %(context)s토큰은 직접 정해야 해요."
    ),
    "automatic_context_steps_down": gettext_lazy("자동 문맥 %(from)s토큰이 안 들어가면 %(to)s토큰으로 줄어요."),
}
BYTES = {"needed", "kv_pool", "bytes", "host", "free", "margin", "limit"}
SUGGESTIONS = {
    "kv_in_8_bit": gettext_lazy("KV 캐시를 8비트(%(kv)s)로 줄이기"),
    "shorter_context": gettext_lazy("문맥을 %(context)s토큰으로 줄이기"),
    "expert_parallel": gettext_lazy("전문가를 GPU %(ep)s장에 나눠 두기"),
    "other_split": gettext_lazy("텐서 %(tp)s × 파이프라인 %(pp)s로 나누기"),
    "smaller_format": gettext_lazy("%(weights)s 형식으로 바꾸기"),
    "more_gpus": gettext_lazy("같은 GPU를 %(gpus)s장으로 늘리기"),
    "smaller_format_on_more_gpus": gettext_lazy("%(weights)s 형식으로 GPU %(gpus)s장에 올리기"),
}


def amount_in(unit: str) -> Amount:
    """Bytes as text, one decimal; below 0.1 two, so that nothing that is there reads as 0.0."""

    def amount(size: int) -> str:
        value = size / UNITS[unit]
        return f"{value:,.{1 if abs(value) >= 0.1 or not size else 2}f}\u00a0{unit}"

    return amount


def reason_words(reason: Reason, amount: Amount) -> str:
    if reason.code not in REASONS:
        return reason_text(reason)
    values = {name: written(reason.code, name, value, amount) for name, value in reason.values.items()}
    if reason.code in ("engine_cannot_run", "support_not_known", "runs_with_condition", "memory_not_known"):
        values["engine"] = ENGINES[reason.values["engine"]]
        values["version"] = f" {values['version']}" if values.get("version") else ""
    said = str(REASONS[reason.code]) % values
    return " ".join([said, *support_words(reason.values)])


def support_words(values: Mapping[str, Any]) -> list[str]:
    """Condition and version of an answer of the compatibility table."""
    said = [str(CONDITIONS[values["condition"]])] if values.get("condition") in CONDITIONS else []
    if values.get("since"):
        said.append(_("%(since)s부터 돼요.") % values)
    if values.get("until"):
        said.append(_("%(until)s까지 됐어요.") % values)
    return said


def written(code: str, name: str, value: Any, amount: Amount) -> str:
    if isinstance(value, int) and (name in BYTES or (code, name) == ("weights_near_wired_limit", "weights")):
        return amount(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if name == "weights":
        return format_name(str(value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def suggestion_words(suggestion: Suggestion) -> str:
    values = {name: format_name(value) if name == "weights" else f"{value:,}" if isinstance(value, int) else value
              for name, value in suggestion.change.items()}  # fmt: skip
    said = str(SUGGESTIONS[suggestion.code]) % values
    if suggestion.code == "more_gpus" and "tp" in values:
        return f"{said} ({SUGGESTIONS['other_split'] % values})"
    return said


def format_name(weights: str) -> str:
    """gguf-q4_k_m -> GGUF Q4_K_M; what is no format of a family stays as it is written."""
    family, _dash, rest = weights.partition("-")
    if family in ("gguf", "mlx", "exl2", "exl3"):
        return f"{family.upper()} {rest.upper() if family == 'gguf' else rest}"
    return "-".join([family.upper(), *([rest] if rest else [])])


ALLOWED = {
    "model": gettext_lazy("목록에 없는 모델이에요."),
    "engine": gettext_lazy("모르는 엔진이거나 버전이에요."),
    "version": gettext_lazy("모르는 버전이에요."),
    "weights": gettext_lazy("모르는 형식이에요."),
    "gpu": gettext_lazy("쓸 수 없는 GPU예요."),
}
VALUES = {
    "one Mac, or cards": gettext_lazy("Mac 한 대 또는 GPU"),
    "one device": gettext_lazy("한 대"),
    "cards of one maker": gettext_lazy("한 회사의 GPU"),
    "above 0, at most 1": gettext_lazy("0보다 크고 1 이하"),
    "a divisor of tp": gettext_lazy("텐서 병렬을 나누는 수"),
    "a type such as f16, fp8 or q8_0, or two: q8_0/q4_0": gettext_lazy(
        "f16, fp8, q8_0 같은 자료형이나 q8_0/q4_0처럼 둘"
    ),
}
RANGE = re.compile(r"^([\d,]+) to ([\d,]+)$")
NO_SETTING = "is no setting of"
NO_EXPERTS = "has no experts"


def error_words(error: InputError, field: str) -> str:
    """What is wrong with a field and what it may be. Names that are near are the engine's own words."""
    if NO_SETTING in error.message:
        return _("이 엔진에는 없는 설정이에요. 비워 두세요.")
    if NO_EXPERTS in error.message:
        return _("전문가 혼합 모델에만 쓰는 설정이에요. 비워 두세요.")
    said = str(ALLOWED.get(field, _("쓸 수 없는 값이에요.")))
    allowed = error.allowed.removeprefix("nearest: ")
    if allowed == "see the list":
        return f"{said} {_('목록에서 골라 주세요.')}"
    if not allowed:
        return said
    if error.allowed != allowed:
        return f"{said} {_('가까운 이름: %s') % allowed}"
    ranged = RANGE.sub(r"\1–\2", allowed)
    return f"{said} {_('되는 값: %s') % VALUES.get(allowed, ranged)}"
