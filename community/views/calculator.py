"""The calculator's page, and its result as a fragment of its own address."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from community.calculator.form import CalculatorForm
from community.calculator.sharing.share import Share


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """What the form's button sends is answered at the canonical address."""
    form = CalculatorForm(request.GET)
    form.is_valid()
    if form.sent and form.deployment:
        return redirect(f"{reverse('calculator')}?{form.query}")
    return render(request, "calculator/page.html", answer(form, origin_of(request)))


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """The result and the parts of the form that depend on it, for its script. An error leaves the last result."""
    html, answered = fragment(request.META.get("QUERY_STRING", ""), origin_of(request))
    headers = {"X-Robots-Tag": "noindex"} | ({} if answered else {"HX-Reswap": "none"})
    return HttpResponse(html, headers=headers)


@lru_cache(maxsize=200)
def fragment(query: str, origin: str) -> tuple[str, bool]:
    """Kept, since an address has one answer: the same few are asked for again and again."""
    form = CalculatorForm(QueryDict(query))
    form.is_valid()
    return render_to_string("calculator/result.html", answer(form, origin)), form.deployment is not None


def origin_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def answer(form: CalculatorForm, origin: str) -> dict[str, Any]:
    result = form.result
    return {"form": form, "result": result, "share": Share(result, origin) if result else None}
