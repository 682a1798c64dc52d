from django.http import HttpRequest


def may_preview(request: HttpRequest) -> bool:
    """Drafts are for curators. A guest has no session cookie, so nothing is looked up for one."""
    return "sessionid" in request.COOKIES and request.user.is_active and request.user.is_staff
