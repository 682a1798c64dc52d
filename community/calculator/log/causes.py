"""The reader's classes of failure in Korean: what happened, and why it happens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

CAUSES: dict[str, tuple[Any, Any]] = {
    "no_cache_blocks": (
        gettext_lazy("KV 캐시를 둘 자리가 없어요"),
        gettext_lazy(
            "가중치와 활성값을 올리고 나니, 엔진이 쓰기로 한 몫 안에 KV 캐시를 둘 자리가 하나도 남지 않았어요."
        ),
    ),
    "kv_cache_too_small": (
        gettext_lazy("KV 캐시 자리가 요청 하나보다 작아요"),
        gettext_lazy("문맥 끝까지 찬 요청 하나의 KV 캐시가 남은 자리에 들어가지 않아요. 가중치는 올라갔어요."),
    ),
    "free_memory_below_request": (
        gettext_lazy("GPU의 빈자리가 엔진이 잡으려는 몫보다 작아요"),
        gettext_lazy(
            "다른 프로그램이 GPU 메모리를 쓰고 있거나, 예약 비율이 빈자리보다 커요. 모델을 올리기 전에 멈췄어요."
        ),
    ),
    "unbalanced_gpus": (
        gettext_lazy("GPU마다 빈자리가 많이 달라요"),
        gettext_lazy("텐서 병렬은 모든 GPU를 똑같이 채워요. 한 장을 다른 프로그램이 쓰고 있으면 이렇게 멈춰요."),
    ),
    "profile_disturbed": (
        gettext_lazy("메모리를 재는 동안 GPU의 빈자리가 늘었어요"),
        gettext_lazy(
            "vLLM은 시작하면서 쓴 양을 재요. 그사이에 다른 프로그램이 메모리를 돌려주면 잰 값을 믿을 수 없어 멈춰요."
        ),
    ),
    "unknown_tokenizer": (
        gettext_lazy("엔진이 이 토크나이저를 몰라요"),
        gettext_lazy("파일이 엔진보다 새로워요. 파일이 요구하는 토크나이저 종류가 이 빌드에는 없어요."),
    ),
    "negative_pool": (
        gettext_lazy("가중치를 올리고 나니 KV 캐시 자리가 없어요"),
        gettext_lazy("SGLang이 가중치와 KV 캐시에 쓰기로 한 몫(mem-fraction-static)을 가중치가 거의 다 썼어요."),
    ),
    "no_kernel_image": (
        gettext_lazy("설치된 빌드에 이 GPU용 커널이 없어요"),
        gettext_lazy(
            "PyTorch나 엔진이 이 GPU의 계산 능력(compute capability)용으로 빌드되지 않았어요. 메모리와는 관계없어요."
        ),
    ),
    "unknown_argument": (
        gettext_lazy("이 버전이 모르는 인자가 있어요"),
        gettext_lazy("없어졌거나 이름이 바뀐 인자, 더 새로운 버전의 인자, 오타 가운데 하나예요."),
    ),
    "invalid_argument": (
        gettext_lazy("인자의 값이 맞지 않아요"),
        gettext_lazy("인자는 있지만 준 값을 받지 않아요."),
    ),
    "unknown_architecture": (
        gettext_lazy("엔진이 이 모델의 구조를 몰라요"),
        gettext_lazy("모델이 이 엔진이나 Transformers 버전보다 새롭거나, 엔진이 지원하지 않는 구조예요."),
    ),
    "wrong_tensor_shape": (
        gettext_lazy("가중치의 모양이 엔진이 기다린 것과 달라요"),
        gettext_lazy(
            "다른 버전이나 다른 갈래의 엔진용으로 만든 파일이거나, 설정과 가중치가 서로 다른 모델의 것이에요."
        ),
    ),
    "missing_tensor": (
        gettext_lazy("있어야 할 텐서가 파일에 없어요"),
        gettext_lazy(
            "파일을 만든 변환기와 이 엔진이 텐서를 다르게 세요. 엔진이 오래되었거나 파일이 다른 갈래용일 때 나요."
        ),
    ),
    "corrupt_file": (
        gettext_lazy("가중치 파일이 깨졌어요"),
        gettext_lazy(
            "내려받다가 끊겼거나 다른 파일을 받았어요. Git LFS 포인터나 오류 페이지를 모델로 저장했을 때도 이래요."
        ),
    ),
    "context_too_long": (
        gettext_lazy("문맥이 모델의 한도보다 길어요"),
        gettext_lazy("달라고 한 문맥이 모델 설정에 적힌 길이보다 길어서 시작하지 않았어요."),
    ),
    "unsupported_dtype": (
        gettext_lazy("이 GPU는 이 자료형으로 계산하지 못해요"),
        gettext_lazy("bfloat16은 계산 능력 8.0(Ampere)부터 돼요."),
    ),
    "unsupported_quantization": (
        gettext_lazy("이 GPU나 엔진은 이 양자화를 읽지 못해요"),
        gettext_lazy("양자화 방식마다 필요한 계산 능력이 있고, 엔진마다 읽는 방식이 달라요."),
    ),
    "parallel_size": (
        gettext_lazy("이 장수로는 모델이 나뉘지 않아요"),
        gettext_lazy("텐서 병렬은 어텐션 헤드와 행렬을 똑같은 조각으로 잘라요. 나누어떨어지지 않으면 시작하지 않아요."),
    ),
    "gated": (
        gettext_lazy("사용 조건에 동의해야 받을 수 있는 모델이에요"),
        gettext_lazy("토큰이 없거나, 토큰의 주인이 아직 허락을 받지 못했어요."),
    ),
    "model_not_found": (
        gettext_lazy("모델을 찾지 못했어요"),
        gettext_lazy("이름이나 경로가 틀렸거나, 비공개 저장소이거나, 컨테이너 안에서 그 경로가 보이지 않아요."),
    ),
    "no_gpu": (
        gettext_lazy("쓸 수 있는 GPU가 보이지 않아요"),
        gettext_lazy("드라이버가 없거나, 컨테이너에 GPU를 넘기지 않았거나, CUDA_VISIBLE_DEVICES가 비어 있어요."),
    ),
    "driver_too_old": (
        gettext_lazy("드라이버가 설치된 CUDA보다 오래되었어요"),
        gettext_lazy("패키지가 요구하는 CUDA를 이 드라이버가 지원하지 않아요."),
    ),
    "nccl_error": (
        gettext_lazy("GPU 사이의 통신을 시작하지 못했어요"),
        gettext_lazy("NCCL이 실패했어요. 진짜 까닭은 이 줄이 아니라 NCCL의 자세한 로그에 있어요."),
    ),
    "port_in_use": (
        gettext_lazy("그 포트를 이미 다른 프로그램이 쓰고 있어요"),
        gettext_lazy("먼저 띄운 서버가 아직 돌고 있을 때가 많아요. 모델과는 관계없어요."),
    ),
    "process_killed": (
        gettext_lazy("운영체제가 프로세스를 끝냈어요"),
        gettext_lazy("시스템 메모리가 모자라 끝낸 것일 때가 많아요. GPU 메모리 부족과는 달라요."),
    ),
    "cuda_error": (
        gettext_lazy("CUDA 호출이 실패했어요"),
        gettext_lazy("메모리 부족은 아니에요. 앞선 커널의 오류가 늦게 드러난 것일 수 있어요."),
    ),
    "assertion_failed": (
        gettext_lazy("엔진 안의 검사에 걸렸어요"),
        gettext_lazy("있어서는 안 되는 상태를 만나 스스로 멈췄어요. 엔진의 버그이거나 이 조합을 다루지 못하는 거예요."),
    ),
    "load_failed": (
        gettext_lazy("모델을 올리지 못했어요"),
        gettext_lazy("로그가 더 자세한 까닭을 말하지 않아요. 이 줄의 앞쪽에 까닭이 있을 때가 많아요."),
    ),
    "python_exception": (
        gettext_lazy("파이썬 예외로 멈췄어요"),
        gettext_lazy("우리가 아는 오류 문구는 아니에요. 로그에서 까닭으로 보이는 첫 예외를 보여 드려요."),
    ),
    "out_of_memory": (
        gettext_lazy("메모리가 모자라 할당에 실패했어요"),
        gettext_lazy("이 순간에 달라고 한 만큼의 자리가 없었어요. 무엇을 위한 자리였는지에 따라 줄일 것이 달라요."),
    ),
    "log_ends_during_start": (
        gettext_lazy("시작하는 도중에 로그가 끝나요"),
        gettext_lazy("오류도, 준비되었다는 말도 없어요. 로그를 덜 복사했거나 프로세스가 밖에서 끝났어요."),
    ),
    "too_few_gpus": (
        gettext_lazy("나누려는 장수보다 보이는 GPU가 적어요"),
        gettext_lazy(
            "텐서·파이프라인 병렬의 곱이 엔진이 보는 GPU 수보다 커요. CUDA_VISIBLE_DEVICES나 컨테이너 설정이 가렸을 "
            "수도 있어요."
        ),
    ),
    "trust_remote_code": (
        gettext_lazy("모델이 자기 코드를 실행하려고 해요"),
        gettext_lazy(
            "저장소에 든 파이썬 코드가 있어야 읽히는 모델인데, 엔진에 그 코드를 실행해도 된다고 하지 않았어요."
        ),
    ),
    "hub_unreachable": (
        gettext_lazy("모델 저장소에 닿지 못했어요"),
        gettext_lazy("네트워크가 막혔거나, 오프라인 모드인데 파일이 캐시에 없어요."),
    ),
    "shared_memory": (
        gettext_lazy("공유 메모리(/dev/shm)가 너무 작아요"),
        gettext_lazy(
            "여러 프로세스가 주고받는 자리예요. 도커의 기본값은 64 MB라 여러 GPU를 쓰면 모자라요. GPU 메모리와는 "
            "달라요."
        ),
    ),
    "disk_full": (
        gettext_lazy("디스크가 가득 찼어요"),
        gettext_lazy("모델 파일이나 컴파일 캐시를 쓸 자리가 없어요."),
    ),
    "missing_package": (
        gettext_lazy("있어야 할 패키지가 없어요"),
        gettext_lazy("엔진이 쓰는 파이썬 패키지나 라이브러리를 찾지 못했어요."),
    ),
    "broken_install": (
        gettext_lazy("설치된 것들의 버전이 서로 맞지 않아요"),
        gettext_lazy("엔진의 바이너리가 다른 PyTorch나 CUDA에 맞춰 빌드되었어요."),
    ),
    "missing_compiler": (
        gettext_lazy("시작할 때 커널을 컴파일할 도구가 없어요"),
        gettext_lazy("C 컴파일러나 nvcc, 파이썬 헤더가 있어야 해요. 실행용 이미지에는 없을 때가 많아요."),
    ),
    "kernel_shared_memory": (
        gettext_lazy("커널이 이 GPU의 칩 안 공유 메모리보다 많이 달라고 해요"),
        gettext_lazy("칩마다 정해진 크기예요. 모델을 줄여도 달라지지 않아요. VRAM 부족과는 달라요."),
    ),
    "attention_backend": (
        gettext_lazy("이 모델과 GPU에 맞는 어텐션 구현이 없어요"),
        gettext_lazy("어텐션 구현마다 되는 GPU, 헤드 크기, KV 자료형이 달라요."),
    ),
    "load_timeout": (
        gettext_lazy("기다리는 시간이 다 되었어요"),
        gettext_lazy(
            "엔진이 모델을 올리거나 다른 프로세스의 답을 기다리다 그만뒀어요. 느린 디스크에서 큰 모델을 읽을 때 잦아요."
        ),
    ),
    "cuda_init_failed": (
        gettext_lazy("CUDA나 ROCm을 시작하지 못했어요"),
        gettext_lazy("드라이버가 올라오지 않았거나, 커널 모듈과 라이브러리의 버전이 어긋났어요."),
    ),
    "spawn_guard": (
        gettext_lazy("프로세스를 시작하는 방식이 맞지 않아요"),
        gettext_lazy("CUDA를 쓴 뒤에 프로세스를 복제했거나, 스크립트에 __main__ 검사가 없어요."),
    ),
    "permission_denied": (
        gettext_lazy("파일이나 폴더를 열 권한이 없어요"),
        gettext_lazy("서버를 띄운 사용자가 그 경로를 읽거나 쓸 수 없어요."),
    ),
    "engine_too_old": (
        gettext_lazy("모델이 더 새로운 엔진을 요구해요"),
        gettext_lazy("모델이나 그 설정에 적힌 최소 버전보다 설치된 엔진이 오래되었어요."),
    ),
    "server_not_running": (
        gettext_lazy("Ollama 서버가 돌고 있지 않아요"),
        gettext_lazy("명령은 서버에 부탁만 해요. 서버가 꺼져 있거나 다른 주소에 있어요."),
    ),
    "missing_metadata": (
        gettext_lazy("GGUF 파일에 이 빌드가 찾는 항목이 없어요"),
        gettext_lazy("파일을 만든 변환기가 오래되었거나 다른 갈래의 것이에요."),
    ),
    "unknown_tensor_type": (
        gettext_lazy("GGUF 파일에 이 빌드가 모르는 텐서 형식이 있어요"),
        gettext_lazy("파일이 더 새로운 빌드나 ik_llama.cpp 같은 다른 갈래용이에요."),
    ),
    "v_cache_needs_flash_attention": (
        gettext_lazy("V 캐시를 양자화하려면 플래시 어텐션을 켜야 해요"),
        gettext_lazy("플래시 어텐션 없이는 양자화한 V 캐시를 읽지 못해요."),
    ),
    "quantization_mismatch": (
        gettext_lazy("준 양자화와 모델의 양자화가 서로 달라요"),
        gettext_lazy("모델이 이미 양자화되어 있고 그 방식이 설정에 적혀 있어요. 다른 방식을 주면 시작하지 않아요."),
    ),
    "device_lost": (
        gettext_lazy("도는 도중에 GPU를 잃었어요"),
        gettext_lazy(
            "드라이버가 GPU를 다시 시작했거나 GPU가 버스에서 떨어졌어요. 전원, 온도, 드라이버를 의심할 일이에요."
        ),
    ),
    "crashed": (
        gettext_lazy("프로세스가 신호를 받고 죽었어요"),
        gettext_lazy("잘못된 메모리 접근이나 이 CPU에 없는 명령 같은, 엔진이나 빌드의 문제예요."),
    ),
    "cause_not_shown": (
        gettext_lazy("진짜 까닭이 붙여 넣은 글에 없어요"),
        gettext_lazy("시작하지 못했다는 말만 되풀이돼요. 까닭은 더 위쪽에 찍혔어요."),
    ),
    "node_unreachable": (
        gettext_lazy("다른 노드의 프로세스에 닿지 못했어요"),
        gettext_lazy(
            "여러 대에 나눠 띄울 때 서로의 주소와 포트로 이어지지 않아요. 방화벽이나 네트워크 장치 선택이 원인이에요."
        ),
    ),
    "mamba_cache_too_small": (
        gettext_lazy("요청 수만큼의 순환 상태를 둘 자리가 없어요"),
        gettext_lazy("Mamba 층이 있는 모델은 요청마다 상태 한 칸을 써요. 동시 요청 한도가 들어가는 칸 수보다 커요."),
    ),
    "unsupported_gpu": (
        gettext_lazy("이 부분은 더 새로운 GPU 세대에서만 돌아요"),
        gettext_lazy("커널이나 형식이 요구하는 계산 능력보다 이 GPU가 오래되었어요. 메모리와는 관계없어요."),
    ),
}
