"""A pasted config.json: the calculator's page for a model that the catalogue does not have. Nothing is stored."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from community.calculator.config.pasted import PastedForm
from community.guest_posts import guest_form, is_old, stamp


@guest_form
def config(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    old = posted and is_old(request)
    form = PastedForm(request.POST if posted else None)
    form.is_valid()
    context = {"form": form, "result": None if old else form.result, "stamp": stamp(request), "old": old}
    return render(request, "calculator/config.html", context)
