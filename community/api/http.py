"""What every address under /api/ has in common: open to all origins, read-only, conditional, errors as problems."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from .problems import MEDIA_TYPE, problem

DOCUMENTATION = "/api/"
METHODS = "GET, HEAD, OPTIONS"
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Location",
    "X-Robots-Tag": "noindex",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}

Answer = Callable[[HttpRequest], HttpResponse]


def answer_as_api(get_response: Answer) -> Answer:
    """Middleware: inside GZipMiddleware, which weakens the ETag, and outside all that may refuse a request."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not is_api(request):
            return get_response(request)
        response = answer(request, get_response)
        for name, value in OPEN.items():
            response[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware  # type: ignore[return-value]


def is_api(request: HttpRequest) -> bool:
    """The documentation is a page like the others."""
    return request.path_info.startswith(DOCUMENTATION) and request.path_info != DOCUMENTATION


def answer(request: HttpRequest, get_response: Answer) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=PREFLIGHT)
    if request.method not in ("GET", "HEAD"):
        response = problem(405, _("쓸 수 있는 메서드: %s") % METHODS)
        response["Allow"] = METHODS
        return response
    asked, request.method = request.method, "GET"
    response = get_response(request)
    request.method = asked  # the server drops the body of an answer to HEAD
    if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
        return problem(response.status_code)
    return conditional(request, response) if response.status_code == 200 else response


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """304 where the reader has this very body already."""
    etag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    response["ETag"] = etag
    found = get_conditional_response(request, etag=etag, response=response)
    return problem(found.status_code) if found and found.status_code >= 400 else found or response
