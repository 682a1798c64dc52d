"""The smallest piece of content that is loaded, kept or skipped as a whole."""

from collections.abc import Callable
from dataclasses import dataclass


def nothing() -> None:
    """Most units refer to nothing that another unit may bring later."""


@dataclass(frozen=True)
class Unit:
    """A question with its answers, a note, one claim, one source…

    `text` is what the file says; `current` gives what the database says in the same form, "" where it has no such row.
    `save` writes the rows; `link` sets references to rows that other units bring.
    """

    name: str
    text: str
    current: Callable[[], str]
    save: Callable[[], None]
    link: Callable[[], None] = nothing
