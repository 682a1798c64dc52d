"""Forms that guests send. No cookie and no session stand behind them: what the browser says of the sender does,
and a signed stamp that only a page of this site gives out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from community.views.errors import forbidden, unreadable

SALT = "community.guest_posts"
LASTS = timedelta(hours=12)
UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError, LookupError)  # LookupError: no such charset

View = Callable[[HttpRequest], HttpResponse]


def guest_form(view: View) -> View:
    """The view of a form's page; a POST reaches it only with this site's own form in it.

    Exempt from Django's check, which needs a cookie; `refusal` stands in its place.
    """

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        refused = refusal(request) if request.method == "POST" else None
        return refused or view(request)

    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(checked))


def refusal(request: HttpRequest) -> HttpResponse | None:
    """Sender and size first, so that nothing is read of a body from elsewhere, nor a file put on the disk."""
    if not sent_from_here(request):
        return forbidden(request, reason=_("다른 곳에서 보낸 양식은 받지 않아요. 이 사이트의 화면에서 보내 주세요."))
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return unreadable(request, _("보낸 글이 너무 커서 읽지 않았어요."), status=413)
    try:
        given = request.POST.get("stamp", "")
    except UNREADABLE:
        return unreadable(request, _("보낸 양식을 읽을 수 없어요."), status=400)
    if not is_own(given, request.path):
        return forbidden(request, reason=_("이 화면에서 보낸 양식이 아니에요. 화면을 새로 열어 다시 보내 주세요."))
    return None


def sent_from_here(request: HttpRequest) -> bool:
    """Browsers say where a request comes from; those that do not, or over plain HTTP, still say the origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def stamp(request: HttpRequest) -> str:
    """For the form's hidden field `stamp`: holds for this page, from now."""
    return TimestampSigner(salt=SALT).sign(request.path)


def is_own(given: str, path: str) -> bool:
    """However old."""
    try:
        return TimestampSigner(salt=SALT).unsign(given) == path
    except BadSignature:
        return False


def is_old(request: HttpRequest) -> bool:
    """The page then shows what was sent and asks to send it again."""
    try:
        TimestampSigner(salt=SALT).unsign(request.POST.get("stamp", ""), max_age=LASTS)
    except SignatureExpired:
        return True
    return False
