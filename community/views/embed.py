"""A result on other sites: as a card, the only page that may be framed, and its bars as an SVG file."""

from csp.constants import NONE
from csp.decorators import csp, csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from community.calculator.card import Card
from community.calculator.form import CalculatorForm
from community.calculator.sharing.embed import EmbedForm, drawing_of, refusal_of


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": [NONE], "connect-src": [NONE], "form-action": [NONE]})
def embed(request: HttpRequest) -> HttpResponse:
    form = EmbedForm(request.GET)
    form.is_valid()
    card = Card(form.result) if form.result and not form.errors else None
    response = render(request, "calculator/embed.html", {"form": form, "card": card}, status=200 if card else 400)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@csp({"default-src": [NONE], "frame-ancestors": [NONE], "sandbox": True})
def bar_file(request: HttpRequest) -> HttpResponse:
    """Nothing in it can run, even where a browser opens it as a page."""
    form = CalculatorForm(request.GET)
    form.is_valid()
    drawing = drawing_of(form.result) if form.result else refusal_of(form)
    response = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8", status=200 if form.result else 400)
    response["Content-Disposition"] = 'inline; filename="ainex-vram.svg"'
    response["X-Robots-Tag"] = "noindex"
    return response
