"""The list of questions, one question, its fragment for the dialog, and its history."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from community.content.revisions import question_revisions
from community.forms import QuestionListForm, Sort
from community.models import Answer, Citation, Claim, Note, Question, State
from community.models.questions import QuestionQuerySet

from .drafts import may_preview
from .errors import bad_request, gone
from .today import today

ROWS = 8
ORDER = {
    Sort.CHANGED: ["-last_changed_on", "number"],
    Sort.ASKED: ["-asked_on", "number"],
    Sort.CORRECTED: ["-corrected_count", "-last_changed_on", "number"],
}
NOTICES = {
    "state": gettext_lazy("없는 상태라서 모든 질문을 보여 드려요."),
    "sort": gettext_lazy("없는 정렬이라서 최근 수정순으로 보여 드려요."),
    "page": gettext_lazy("쪽은 1부터 세는 숫자예요. 첫 쪽을 보여 드려요."),
}


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    form = QuestionListForm(request.GET)
    form.is_valid()
    if "q" in form.errors or "tag" in form.errors:
        return bad_request(request, reason=_("찾는 말은 200자, 주제는 40자까지예요."))
    asked = {"state": "", "sort": "", "page": None, **form.cleaned_data}
    found = Question.objects.published().with_state(today()).matching(asked["q"])
    if asked["tag"]:
        found = found.tagged(asked["tag"])
    counts = state_counts(found)
    page = page_of(found, asked, counts)
    context = {
        "asked": asked,
        "page": page,
        "chips": [(value, label, counts[value]) for value, label in [("", _("전체")), *State.choices]],
        "sorts": Sort.CHOICES,
        "notices": [str(NOTICES[name]) for name in form.errors] + past_the_end(asked["page"], page),
        "tag_name": tag_name(asked["tag"], page),
        "fixes": recent_fixes(),
        "notes": Note.objects.published().only("slug", "title", "summary"),
    }
    return render(request, "questions/list.html", context)


def state_counts(found: QuestionQuerySet) -> dict[str, int]:
    """How many questions stand in each state; "" counts them all."""
    counts = dict.fromkeys(State.values, 0)
    counts |= dict(found.order_by().values_list("state").annotate(Count("pk")))  # type: ignore[misc]
    return {"": sum(counts.values()), **counts}


def page_of(found: QuestionQuerySet, asked: dict[str, Any], counts: dict[str, int]) -> Page[Question]:
    """One page of rows. The total is known from the counts, so counting again is spared."""
    if asked["state"]:
        found = found.filter(state=asked["state"])  # type: ignore[misc]  # annotated by with_state
    rows = found.with_summary().defer("body", "body_html").order_by(*ORDER[asked["sort"] or Sort.CHANGED])
    pages = Paginator(rows, ROWS)
    pages.count = counts[asked["state"]]
    page = pages.get_page(asked["page"] or 1)
    page.object_list = list(page.object_list)
    return page


def past_the_end(asked: int | None, page: Page[Question]) -> list[str]:
    if not asked or asked <= page.paginator.num_pages:
        return []
    return [_("%(count)s쪽까지 있어요. 마지막 쪽을 보여 드려요.") % {"count": page.paginator.num_pages}]


def tag_name(slug: str, page: Page[Question]) -> str:
    """The tag's name as its first question knows it; an unknown tag is shown as it was asked for."""
    names = dict(page.object_list[0].tag_list) if page.object_list else {}
    return names.get(slug, slug)


def recent_fixes(count: int = 3) -> list[Answer]:
    """The answers that were corrected last, of public questions."""
    fixes = Answer.objects.published().corrected().filter(question__in=Question.objects.published())
    return list(fixes.select_related("question").latest_first()[:count])


@require_safe
def question_detail(request: HttpRequest, number: int) -> HttpResponse:
    return question_response(request, number, "questions/detail.html")


@require_safe
def question_sheet(request: HttpRequest, number: int) -> HttpResponse:
    """The same article without the page around it, under its own address."""
    response = question_response(request, number, "questions/sheet.html")
    response["X-Robots-Tag"] = "noindex"
    return response


def question_response(request: HttpRequest, number: int, template: str) -> HttpResponse:
    """The question rendered with `template`, or what stands in its place: preview, redirect, 410, 404."""
    question = find_question(number)
    if question.merged_into:
        return redirect(question.merged_into, permanent=True)
    if question.withdrawn_at:
        return gone(request, question.withdrawn_reason, question.replacement)
    preview = not question.is_public
    if preview and not may_preview(request):
        raise Http404
    return render(request, template, {**article(question), "preview": preview})


def find_question(number: int) -> Question:
    """One question with state, tags and its neighbours in the list's order by number."""
    neighbours = Question.objects.published().values("number")
    question = (
        Question.objects.with_state(today())
        .with_summary()
        .select_related("merged_into", "replacement")
        .annotate(
            previous_number=Subquery(neighbours.filter(number__lt=OuterRef("number")).order_by("-number")[:1]),
            next_number=Subquery(neighbours.filter(number__gt=OuterRef("number")).order_by("number")[:1]),
        )
        .filter(number=number)
        .first()
    )
    if question is None:
        raise Http404
    return question


def article(question: Question) -> dict[str, Any]:
    """What the one template of a question shows: everything hangs on the question's own row."""
    answers = list(question.answers.published().order_by("number"))  # type: ignore[attr-defined]
    claims = list(Claim.objects.filter(question=question).order_by("number"))
    citations = Citation.objects.select_related("source").filter(
        Q(answer__question=question) | Q(claim__question=question)
    )
    attach_sources([*answers, *claims], list(citations))
    for answer in answers:
        answer.claim_list = [claim for claim in claims if claim.answer_id == answer.pk]
        answer.due = answer.is_due(today())
    return {
        "question": question,
        "live": min(
            (answer for answer in answers if not answer.is_corrected),
            key=lambda answer: (answer.verdict, answer.number),  # the curated one, as with_summary chooses it
            default=None,
        ),
        "corrected": [answer for answer in answers if answer.is_corrected],
        "loose_claims": [claim for claim in claims if claim.answer_id is None],
    }


def attach_sources(subjects: list[Any], citations: list[Citation]) -> None:
    """Gives every answer, note or claim its `sources`, in the order they were named."""
    for subject in subjects:
        field = f"{subject._meta.model_name}_id"
        subject.sources = [citation.source for citation in citations if getattr(citation, field) == subject.pk]


@require_safe
def question_history(request: HttpRequest, number: int) -> HttpResponse:
    question = find_question(number)
    if not question.is_public or question.merged_into:
        raise Http404
    return render(request, "questions/history.html", {"question": question, "revisions": question_revisions(question)})
