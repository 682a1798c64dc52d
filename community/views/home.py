"""Home, the principles, and the record of corrections."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.calculator.reverse.quick import QuickForm
from community.models import Answer, Claim, Note, Question, State
from community.models.claims import ClaimVerdict

from .notes import benchmark_panels
from .questions import recent_fixes
from .today import today


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    questions = Question.objects.published().with_state(today()).with_summary().defer("body", "body_html")
    answered = questions.filter(state__in=[State.VERIFIED, State.CORRECTED])  # type: ignore[misc]  # annotated
    rows = answered.order_by("-last_changed_on", "number")[:4]  # type: ignore[misc]
    notes = list(Note.objects.published().select_related("benchmark").defer("body", "body_html"))
    charted = next((note for note in notes if note.benchmark), None)
    context = {
        "rows": rows,
        "fixes": recent_fixes(),
        "notes": notes,
        "charted": charted,
        "quick": QuickForm.example(),
        "panels": benchmark_panels(charted.benchmark) if charted else None,
    }
    return render(request, "home.html", context)


@require_safe
def fixes(request: HttpRequest) -> HttpResponse:
    """What was corrected, when and why: answers first, then the statements of the notes."""
    answers = Answer.objects.published().corrected().filter(question__in=Question.objects.published())
    claims = Claim.objects.exclude(verdict=ClaimVerdict.CONFIRMED).filter(note__in=Note.objects.published())
    context = {
        "answers": answers.select_related("question", "replaced_by").latest_first(),
        "claims": claims.select_related("note").order_by("-checked_on", "note", "number"),
    }
    return render(request, "fixes.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html")
