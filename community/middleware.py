"""What happens to every request before a view sees it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from community.api.http import is_api
from community.api.problems import problem
from community.views.errors import bad_request

LONGEST_QUERY = 2_000
UTF_8 = ("utf-8", "utf8")


def speak_the_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """There is one, told once: looked up anew for every text it took about 7 % of a page's time."""

    def middleware(request: HttpRequest) -> HttpResponse:
        translation.activate(settings.LANGUAGE_CODE)
        return get_response(request)

    return middleware


def refuse_malformed_queries(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What no page can answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (request.content_params or {}).get("charset", "utf-8").lower() not in UTF_8:
            return refuse(request, _("UTF-8로 적은 것만 읽어요."))
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return refuse(request, _("주소의 ? 뒤는 %s자까지예요.") % f"{LONGEST_QUERY:,}")
        if any(is_malformed(value) for values in request.GET.lists() for value in [values[0], *values[1]]):
            return refuse(request, _("주소에 글자로 읽을 수 없는 값이 있어요."))
        return get_response(request)

    return middleware


def refuse(request: HttpRequest, reason: str) -> HttpResponse:
    return problem(400, reason) if is_api(request) else bad_request(request, reason=reason)


def is_malformed(value: str) -> bool:
    """Undecodable bytes (decoded to U+FFFD) or control characters, which PostgreSQL would refuse too."""
    return "\ufffd" in value or any(character < " " for character in value)
