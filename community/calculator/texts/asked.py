"""Parameters of the calculator's address that stand in a text -> a valid form, or what is wrong with which of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils.translation import gettext as _

from ..fields import CHECKBOXES
from ..form import CalculatorForm
from ..query import ORDER


class AskedError(ValueError):
    """`key` is the parameter; the message says what is allowed."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key, self.message = key, message


def asked(values: Mapping[str, str], needs: Iterable[str] = ("model",)) -> CalculatorForm:
    """A form that holds a deployment and its estimate. Names that it does not know are never passed over."""
    for key in values:
        if key not in ORDER:
            raise AskedError(key, _("없는 이름이에요. 되는 이름: %s") % ", ".join(ORDER))
        if key in CHECKBOXES and values[key] != "1":
            raise AskedError(key, _("켜려면 1로 적고, 끄려면 빼 주세요."))
    for key in needs:
        if not values.get(key):
            raise AskedError(key, _("꼭 적어야 해요."))
    form = form_of(tuple(sorted(values.items())))
    if form.errors:
        key, messages = next(iter(form.errors.items()))
        raise AskedError(key, str(messages[0]))
    return form


@lru_cache(maxsize=256)
def form_of(values: tuple[tuple[str, str], ...]) -> CalculatorForm:
    """Texts ask for the same deployment again and again: a table of its sizes, the check before the rendering."""
    form = CalculatorForm(dict(values))
    form.full_clean()
    return form
