"""Friendly pages for what went wrong: they say what happened and where to go next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    return render(request, "errors/400.html", {"reason": reason}, status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    return render(request, "errors/403.html", {"reason": reason}, status=403)


def unreadable(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    """A form whose content was not read: too large, or not what a browser sends."""
    return render(request, "errors/unreadable.html", {"reason": reason, "status": status}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def gone(request: HttpRequest, reason: str, replacement: object | None) -> HttpResponse:
    return render(request, "errors/410.html", {"reason": reason, "replacement": replacement}, status=410)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: whatever failed may be part of it."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)
