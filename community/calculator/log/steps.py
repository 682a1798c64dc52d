"""What to change after a failed start: the reader's advice codes in Korean, with the engine's own flags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.sizing.logs.advice import Advice

from .settings import value_words

# Advice of the reader -> what to do.
STEPS = {
    "raise_gpu_memory_utilization": gettext_lazy("GPU를 이 서버만 쓴다면 예약 비율을 조금 올려요."),
    "lower_gpu_memory_utilization": gettext_lazy("예약 비율을 낮춰요."),
    "raise_mem_fraction_static": gettext_lazy("가중치와 KV 캐시에 쓸 몫을 올려요."),
    "lower_mem_fraction_static": gettext_lazy("가중치와 KV 캐시에 쓸 몫을 낮춰 활성값이 쓸 자리를 남겨요."),
    "shorter_context": gettext_lazy("문맥을 줄여요."),
    "fewer_requests": gettext_lazy("동시에 돌릴 요청 수를 줄여요."),
    "kv_in_8_bit": gettext_lazy("KV 캐시를 8비트로 줄여요."),
    "smaller_format": gettext_lazy("비트 수가 더 적은 양자화를 골라요."),
    "smaller_ubatch": gettext_lazy("한 번에 계산하는 토큰 수를 줄여요. 계산 버퍼가 작아져요."),
    "smaller_graphs": gettext_lazy("CUDA 그래프를 잡을 배치 크기를 줄여요."),
    "fewer_gpu_layers": gettext_lazy("GPU에 올리는 층을 줄이고 나머지는 시스템 메모리에 둬요. 그만큼 느려져요."),
    "more_gpus": gettext_lazy("GPU 여러 장에 나눠 올려요."),
    "other_split": gettext_lazy("헤드와 행렬이 나누어떨어지는 장수로 바꿔요."),
    "free_the_gpu": gettext_lazy("GPU를 쓰고 있는 다른 프로그램을 끝내요. nvidia-smi로 누가 쓰는지 볼 수 있어요."),
    "newer_engine": gettext_lazy("엔진을 새 버전으로 올려요. Transformers도 함께 올려야 할 때가 있어요."),
    "matching_file": gettext_lazy("이 엔진용으로 만든 파일을 받아요."),
    "download_again": gettext_lazy("파일을 지우고 다시 받아요. 받은 뒤에 크기를 저장소와 견줘 보세요."),
    "build_for_this_gpu": gettext_lazy(
        "이 GPU의 계산 능력을 지원하는 CUDA로 빌드된 패키지나 이미지를 새 환경에 설치해요."
    ),
    "remove_flag": gettext_lazy("이 인자를 빼요."),
    "correct_flag": gettext_lazy("이 인자의 값을 고쳐요. 되는 값은 --help에 있어요."),
    "dtype_half": gettext_lazy("자료형을 float16으로 정해요."),
    "other_quantization": gettext_lazy("이 GPU와 엔진이 읽는 다른 양자화를 골라요."),
    "accept_licence_and_token": gettext_lazy("모델 페이지에서 조건에 동의하고, 그 계정의 토큰을 줘요."),
    "check_model_name": gettext_lazy("이름과 경로를 확인해요. 컨테이너라면 그 경로를 안에 연결했는지도 봐요."),
    "check_driver": gettext_lazy("nvidia-smi가 되는지 보고, 컨테이너라면 GPU를 넘겼는지 확인해요."),
    "update_driver": gettext_lazy("드라이버를 올리거나, 지금 드라이버에 맞는 CUDA로 빌드된 패키지를 설치해요."),
    "nccl_debug": gettext_lazy("NCCL의 자세한 로그를 켜고 다시 띄워 진짜 까닭을 찾아요."),
    "other_port": gettext_lazy("먼저 띄운 서버를 끝내거나 다른 포트를 써요."),
    "more_system_memory": gettext_lazy("시스템 메모리를 늘리거나, 컨테이너의 메모리 한도를 올려요."),
    "see_system_log": gettext_lazy("밖에서 끝냈는지 시스템 로그를 봐요."),
    "check_visible_gpus": gettext_lazy("보이는 GPU 수를 확인하고, 그만큼만 나눠요."),
    "allow_remote_code": gettext_lazy("저장소의 코드를 읽어 보고 믿을 수 있다면 실행을 허락해요."),
    "check_network": gettext_lazy("네트워크와 프록시를 확인하거나, 미리 받아 둔 폴더를 줘요."),
    "larger_shm": gettext_lazy("컨테이너의 공유 메모리를 늘려요."),
    "free_disk": gettext_lazy("디스크를 비우거나 캐시를 다른 디스크로 옮겨요."),
    "install_package": gettext_lazy("그 패키지를 같은 환경에 설치해요."),
    "reinstall_engine": gettext_lazy("새 환경에 엔진을 다시 설치해 PyTorch와 함께 맞춰요."),
    "install_compiler": gettext_lazy("컴파일러와 CUDA 도구가 든 이미지를 쓰거나 설치해요."),
    "other_attention_backend": gettext_lazy("다른 어텐션 구현을 골라요."),
    "longer_timeout": gettext_lazy("기다리는 시간을 늘리고, 파일을 빠른 디스크에 둬요."),
    "main_guard": gettext_lazy("스크립트의 시작 부분을 __main__ 검사 안에 넣어요."),
    "fix_permissions": gettext_lazy("그 경로의 주인과 권한을 고쳐요."),
    "start_server": gettext_lazy("서버를 먼저 띄워요."),
    "flash_attention_on": gettext_lazy("플래시 어텐션을 켜요."),
    "remove_quantization_flag": gettext_lazy("양자화 인자를 빼요. 모델의 설정에서 읽어요."),
    "check_node_network": gettext_lazy("노드끼리 그 주소와 포트로 이어지는지, 어느 네트워크 장치를 쓰는지 확인해요."),
    "paste_lines_above": gettext_lazy("로그의 더 위쪽, 처음 나온 오류까지 함께 붙여 넣어 주세요."),
}
# Advice -> where it is set, by engine; "" for all the others.
FLAGS: dict[str, dict[str, str]] = {
    "raise_gpu_memory_utilization": {"vllm": "--gpu-memory-utilization"},
    "lower_gpu_memory_utilization": {"vllm": "--gpu-memory-utilization"},
    "raise_mem_fraction_static": {"sglang": "--mem-fraction-static"},
    "lower_mem_fraction_static": {"sglang": "--mem-fraction-static"},
    "shorter_context": {
        "vllm": "--max-model-len", "sglang": "--context-length", "llama.cpp": "-c", "ik_llama.cpp": "-c",
        "ollama": "OLLAMA_CONTEXT_LENGTH",
    },
    "fewer_requests": {"vllm": "--max-num-seqs"},
    "kv_in_8_bit": {
        "vllm": "--kv-cache-dtype fp8", "sglang": "--kv-cache-dtype fp8_e4m3", "llama.cpp": "-ctk q8_0 -ctv q8_0",
        "ik_llama.cpp": "-ctk q8_0 -ctv q8_0", "ollama": "OLLAMA_KV_CACHE_TYPE=q8_0",
    },
    "smaller_ubatch": {"llama.cpp": "-ub", "ik_llama.cpp": "-ub"},
    "smaller_graphs": {"sglang": "--cuda-graph-max-bs"},
    "fewer_gpu_layers": {"llama.cpp": "-ngl", "ik_llama.cpp": "-ngl", "ollama": "num_gpu"},
    "more_gpus": {"vllm": "--tensor-parallel-size", "sglang": "--tp-size"},
    "other_split": {"vllm": "--tensor-parallel-size", "sglang": "--tp-size"},
    "dtype_half": {"": "--dtype half"},
    "accept_licence_and_token": {"": "HF_TOKEN"},
    "nccl_debug": {"": "NCCL_DEBUG=INFO"},
    "other_port": {"vllm": "--port", "sglang": "--port", "llama.cpp": "--port", "ik_llama.cpp": "--port",
                   "ollama": "OLLAMA_HOST"},
    "see_system_log": {"": "dmesg"},
    "check_visible_gpus": {"": "CUDA_VISIBLE_DEVICES"},
    "allow_remote_code": {"": "--trust-remote-code"},
    "larger_shm": {"": "--shm-size"},
    "other_attention_backend": {"sglang": "--attention-backend"},
    "main_guard": {"": 'if __name__ == "__main__":'},
    "start_server": {"ollama": "ollama serve"},
    "flash_attention_on": {"llama.cpp": "-fa on", "ik_llama.cpp": "-fa", "ollama": "OLLAMA_FLASH_ATTENTION=1"},
    "remove_quantization_flag": {"": "--quantization"},
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """`flag` is what is typed; `now` says what the log had, where it says so."""

    words: str
    flag: str
    now: str


def steps_of(advice: list[Advice], engine: str | None) -> list[Step]:
    return [step(given["code"], given["values"], engine or "") for given in advice if given["code"] in STEPS]


def step(code: str, values: dict[str, Any], engine: str) -> Step:
    by_engine = FLAGS.get(code, {})
    flag = str(values.get("flag") or by_engine.get(engine) or by_engine.get("", ""))
    return Step(str(STEPS[code]), flag, " ".join(filter(None, [instead(values), limit(values), present(values)])))


def instead(values: dict[str, Any]) -> str:
    """What took a removed flag's place."""
    if "instead" not in values:
        return ""
    name = values["instead"]
    return _("지금은 %s를 써요.") % name if name else _("없어진 인자이고 대신할 것은 없어요.")


def limit(values: dict[str, Any]) -> str:
    return _("%s토큰까지 들어가요.") % f"{values['largest']:,}" if values.get("largest") else ""


def present(values: dict[str, Any]) -> str:
    """The settings that the step changes, as the log has them."""
    settings = {name: value for name, value in values.items() if name not in ("flag", "instead", "largest")}
    said = ", ".join(f"{name} {value_words(value)}" for name, value in settings.items())
    return _("로그의 값: %s.") % said if said else ""
