"""The quick question of the home page: its answer as a fragment, and as a page where there is no script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.calculator.reverse.quick import QuickForm


@require_safe
def quick(request: HttpRequest) -> HttpResponse:
    return render(request, "calculator/quick.html", {"quick": answered(request)})


@require_safe
def quick_answer(request: HttpRequest) -> HttpResponse:
    response = render(request, "calculator/_quick_answer.html", {"quick": answered(request)})
    response["X-Robots-Tag"] = "noindex"
    return response


def answered(request: HttpRequest) -> QuickForm:
    form = QuickForm(request.GET)
    form.is_valid()
    return form
