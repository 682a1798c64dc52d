"""What a curator's Markdown will look like, made by the renderer that makes the pages."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from community.content import pipeline
from community.models.fields import NOTE_LENGTH, validate_markdown

from .drafts import may_preview

limit_length = MaxLengthValidator(NOTE_LENGTH)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A fragment for the editor; a text that could not be saved is answered with what is allowed."""
    if not may_preview(request):
        raise PermissionDenied
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    try:
        limit_length(text)
        validate_markdown(text)
    except ValidationError as error:
        return render(request, "admin/preview.html", {"errors": error.messages}, status=400)
    return render(request, "admin/preview.html", {"html": pipeline.render(text)})
