"""The operations of version 1: each with its address, its answer and what the documentation says of it.

The words of the OpenAPI description are in one language: it is one document for everyone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from django.http import Http404
from django.views.decorators.cache import cache_control
from ninja import Router

from community.calculator.query import canonical_query, deployment_of

from . import estimate, estimate_form, formats, gpus, models, notes, questions
from .openapi import Api, Renderer, declared
from .problems import ProblemError, problem, respond

EXAMPLE = dict(parse_qsl(canonical_query(deployment_of({}))))
# Facts are files and change with a release; words change when a curator corrects them, and must not stay wrong.
facts, words = Router(), Router()
facts.add_decorator(cache_control(public=True, max_age=300), mode="view")
words.add_decorator(cache_control(public=True, no_cache=True), mode="view")


def get(router: Router, path: str, view: Callable[..., Any], answer: type, summary: str, **how: Any) -> None:
    """The view's name is the name of its address and of the operation."""
    extra = how.pop("extra", declared())
    router.get(path, response=answer, summary=summary, url_name=view.__name__, openapi_extra=extra, **how)(view)


get(
    facts, "/estimate", estimate.estimate, estimate.Estimate, "메모리 계산",
    description="계산기와 같은 매개변수를 받아 같은 값을 답해요. 안 들어가거나 못 띄우는 것도 답이라서 200이에요.",
    extra=declared(parameters=estimate_form.parameters(), example=EXAMPLE),
)  # fmt: skip
get(
    facts, "/models", models.models, models.Models, "모델 목록",
    description="계산할 수 있는 모든 모델이에요.",
)  # fmt: skip
get(
    facts, "/models/{path:id}", models.model, models.Model, "모델 하나",
    description="구조와 형식별 크기예요. 허브의 저장소 이름으로 물으면 정식 이름의 주소로 옮겨 가요.",
    extra=declared(404, moves=True, example={"id": "qwen3-8b"}),
)  # fmt: skip
get(
    facts, "/gpus", gpus.gpus, gpus.Gpus, "GPU 목록",
    description="메모리는 상표의 숫자가 아니라 쓸 수 있는 바이트예요.",
)  # fmt: skip
get(
    facts, "/gpus/{id}", gpus.gpu, gpus.Gpu, "GPU 하나",
    description="목록의 한 줄과 같아요.",
    extra=declared(404, moves=True, example={"id": "rtx-4090"}),
)  # fmt: skip
get(
    facts, "/formats", formats.formats, formats.Formats, "형식 목록",
    description="자주 쓰는 가중치 형식이에요. 계산은 exl3-3.25처럼 목록에 없는 비트도 알아들어요.",
)  # fmt: skip
get(
    facts, "/engines", formats.engines, formats.Engines, "엔진 목록",
    description="엔진과, 엔진마다 받는 설정이에요.",
)  # fmt: skip
get(
    words, "/questions", questions.questions, questions.Questions, "질문 목록",
    description="질문 목록의 화면과 같은 조건과 순서예요. 마지막 쪽을 지나면 items가 비어요.",
    extra=declared(parameters=questions.parameters(), example={"state": "verified", "page_size": "5"}),
)  # fmt: skip
get(
    words, "/questions/{int:number}", questions.question, questions.QuestionDetail, "질문과 답",
    description="지금 서 있는 답은 answer 하나예요. 틀렸거나 낡은 답은 이유와 함께 corrected_answers에만 있어요.",
    extra=declared(404, 410, moves=True, example={"number": "101"}),
)  # fmt: skip
get(
    words, "/notes", notes.notes, notes.Notes, "모델 노트 목록",
    description="공개한 모든 노트예요.",
)  # fmt: skip
get(
    words, "/notes/{slug:slug}", notes.note, notes.NoteDetail, "모델 노트 하나",
    description="숫자를 쓰기 전에 caveats를 먼저 읽어 주세요.",
    extra=declared(404, 410, example={"slug": "qwen3"}),
)  # fmt: skip

api = Api(
    title="AiNex",
    version="1",
    description="언어 모델의 메모리 계산과, 근거를 확인한 질문과 답을 읽는 API예요. 열쇠도 쿠키도 없어요.",
    servers=[{"url": "/"}],
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    renderer=Renderer(),
)
api.add_router("", facts)
api.add_router("", words)
api.add_exception_handler(ProblemError, respond)  # type: ignore[arg-type]
api.add_exception_handler(Http404, lambda request, error: problem(404))
