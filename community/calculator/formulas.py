"""Formulas in Korean, with the reader's own numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from community.sizing.estimate import Formula
from community.sizing.formulas import written

FORMULAS = {
    "tensors": gettext_lazy("이 GPU에 놓이는 텐서의 합 = %(weights_bytes)s"),
    "tensors_and_tables": gettext_lazy("이 GPU에 놓이는 텐서와 표의 합 = %(weights_bytes)s"),
    "tensors_rotations_workspaces": gettext_lazy("이 GPU에 놓이는 텐서 + 회전 표 + 작업 공간 = %(weights_bytes)s"),
    "text_tensors": gettext_lazy("언어 모델의 텐서를 모두 더한 값"),
    "layers": gettext_lazy("층 %(layers)s개를 텐서 하나씩 더한 값"),
    "layers_and_output": gettext_lazy("층 %(layers)s개와 출력 층을 텐서 하나씩 더한 값"),
    "layers_table_in_system_memory": gettext_lazy(
        "층 %(layers)s개를 텐서 하나씩 더한 값. 임베딩 표는 시스템 메모리에 있어요."
    ),
    "blocks": gettext_lazy("요청 %(requests)s건 × %(request_bytes)s (블록 하나는 %(block)s토큰)"),
    "tokens_of_requests": gettext_lazy("요청 %(requests)s건 × %(tokens)s토큰 × %(per_token)s B"),
    "cells": gettext_lazy("%(requests)s × %(cells)s칸, 자료형 %(kv)s, 층 %(layers)s개"),
    "pages": gettext_lazy("%(tokens)s토큰을 %(page)s토큰짜리 쪽으로 나눠 담음, 자료형 %(kv)s"),
    "steps": gettext_lazy("요청 %(requests)s건 × %(request_bytes)s, 자료형 %(kv)s, %(step)s토큰 단위로 늘어남"),
    "profile_run": gettext_lazy("시작할 때의 시험 계산: %(tokens)s토큰, 로짓 %(sequences)s × %(vocabulary)s"),
    "full_batch": gettext_lazy("가득 찬 배치 하나의 토큰과 로짓"),
    "chunk_and_decode_batch": gettext_lazy("프롬프트 한 토막과 생성 배치 하나"),
    "chunk_buffers": gettext_lazy("프롬프트를 %(tokens)s토큰씩 처리하는 버퍼"),
    "prompt_chunks": gettext_lazy("프롬프트를 %(tokens)s토큰씩 처리할 때의 최고점"),
    "micro_batch_graph": gettext_lazy("%(tokens)s토큰 마이크로배치 하나의 계산 그래프를 ggml 할당기대로 놓은 크기"),
    "context": gettext_lazy("CUDA 컨텍스트 %(context_bytes)s"),
    "context_graphs": gettext_lazy("CUDA 컨텍스트 %(context_bytes)s + CUDA 그래프 %(graphs_bytes)s"),
    "context_outside_graphs": gettext_lazy(
        "CUDA 컨텍스트 %(context_bytes)s + torch 밖 %(outside_bytes)s + CUDA 그래프 %(graphs_bytes)s"
    ),
    "libraries": gettext_lazy("드라이버와 라이브러리"),
    "libraries_of_vendor": gettext_lazy("드라이버와 라이브러리(%(vendor)s 카드)"),
    "limit_leaves_room": gettext_lazy("없음: Metal의 한도가 시스템 몫을 이미 남겨 둬요."),
}


def formula_words(formula: Formula) -> str:
    """A size and its unit stay on one line."""
    return (str(FORMULAS[formula.code]) % written(formula)).replace(" MiB", "\u00a0MiB")
