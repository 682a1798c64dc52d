"""The calculator's page, and its result as a fragment of its own address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from community.calculator.form import CalculatorForm
from community.calculator.result import Result


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """What the form's button sends is answered at the canonical address."""
    form = CalculatorForm(request.GET)
    form.is_valid()
    if form.sent and form.deployment:
        return redirect(f"{reverse('calculator')}?{form.query}")
    return render(request, "calculator/page.html", answer(form))


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """The result and the parts of the form that depend on it, for its script. An error leaves the last result."""
    form = CalculatorForm(request.GET)
    form.is_valid()
    response = render(request, "calculator/result.html", answer(form))
    response["X-Robots-Tag"] = "noindex"
    if form.deployment:
        response["HX-Replace-Url"] = f"{reverse('calculator')}?{form.query}"
    else:
        response["HX-Reswap"] = "none"
    return response


def answer(form: CalculatorForm) -> dict[str, Any]:
    found = None
    if form.deployment and form.estimate:
        found = Result(form.deployment, form.estimate, form.amount_unit)
    return {"form": form, "result": found}
