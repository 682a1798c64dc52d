"""Two to four configurations of the calculator side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from community.calculator.comparison.compare import Comparison


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """What the form's button sends is answered at the canonical address."""
    comparison = Comparison(request.GET)
    if comparison.sent and comparison.answered:
        return redirect(f"{reverse('calculator-compare')}?{comparison.query}")
    return render(request, "calculator/compare.html", {"comparison": comparison})
