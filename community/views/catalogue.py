"""What the lists of models and of GPUs share: searching, ordering, and the page for an id that is not known."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Row = TypeVar("Row")
NEAREST = 5


def matching(rows: Iterable[Row], text: str, words_of: Callable[[Row], str]) -> list[Row]:
    """The rows that hold every word of the text, whatever the case."""
    words = text.lower().split()
    return [row for row in rows if all(word in words_of(row).lower() for word in words)]


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Ids that hold the name first, then those spelled most like it."""
    names = list(known)
    found = [other for other in names if name in other] + get_close_matches(name, names, NEAREST, 0.5)
    return list(dict.fromkeys(found))[:NEAREST]


def unknown_id(request: HttpRequest, asked: str, names: Mapping[str, str], words: Mapping[str, Any]) -> HttpResponse:
    """404 with the nearest of `names` (id -> shown name). `words`: title, detail (url name of one), list (of all)."""
    near = [(other, names[other]) for other in nearest(asked, names)]
    return render(request, "errors/404_nearest.html", {**words, "asked": asked, "near": near}, status=404)
