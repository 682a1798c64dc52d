"""The calculator's reverse questions: what fits into these GPUs, and what a model needs."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from community.calculator.reverse.fits_form import ROWS, FitsForm
from community.calculator.reverse.needs_form import NeedsForm


@require_safe
def fits(request: HttpRequest) -> HttpResponse:
    form = FitsForm(request.GET)
    valid = form.is_valid()
    if valid and not is_canonical(request, form.query):
        return redirect(f"{reverse('calculator-fits')}?{form.query}")
    page = Paginator(form.rows, ROWS).get_page(form.cleaned_data["page"] or 1) if valid else None
    return render(request, "calculator/fits.html", {"form": form, "page": page})


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    form = NeedsForm(request.GET)
    if form.is_valid() and not is_canonical(request, form.query):
        return redirect(f"{reverse('calculator-needs')}?{form.query}")
    return render(request, "calculator/needs.html", {"form": form})


def is_canonical(request: HttpRequest, query: str) -> bool:
    """The address is the one that is emitted for its answer, or has no query: the example."""
    return not request.GET or request.GET.urlencode() == QueryDict(query).urlencode()
