"""What the reverse questions share: parsed fields, errors where they belong, and one address for one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms

from community.sizing import Deployment, InputError, catalog
from community.sizing.suggestions import LADDERS

from ..fields import part
from ..query import DEFAULTS, canonical_query, cards_of, devices_of
from ..words import ENGINES, error_words

ENGINE_CHOICES = [(name, ENGINES[name]) for name in LADDERS]


def known_engine(name: str) -> None:
    if name not in LADDERS:
        raise InputError("engine", f"{name[:40]!r} has no formats to try", ", ".join(LADDERS))


CHECKS: dict[str, Callable[[str], Any]] = {"model": catalog.model, "gpu": devices_of, "engine": known_engine}


def check_names(form: forms.Form) -> None:
    """Each name on its own, so that one wrong field does not hide another."""
    for field, check in CHECKS.items():
        try:
            if form.cleaned_data.get(field):
                check(form.cleaned_data[field])
        except InputError as error:
            refuse(form, error)


def answered(form: forms.Form, answer: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """What such a form's `clean` is: the names first, then the answer to what was asked, over the defaults."""
    check_names(form)
    if not form.errors:
        try:
            answer(DEFAULTS | {name: value for name, value in form.cleaned_data.items() if value})
        except InputError as error:
            refuse(form, error)
    return form.cleaned_data


def refuse(form: forms.Form, error: InputError) -> None:
    """At the field that the engine names, or at the first one."""
    field = error.field if error.field in form.fields else next(iter(form.fields))
    form.add_error(field, error_words(error, field))


def parts(form: forms.Form) -> dict[str, dict[str, str]]:
    """Every field of the page: with what was sent, else its default."""
    usual = DEFAULTS | {"engine": ""}
    return {name: part(form, name, str(form.data.get(name) or usual.get(name, "")).strip()) for name in form.fields}


def said(form: forms.Form) -> list[tuple[str, str]]:
    """Every error with the label of its field."""
    return [(str(form.fields[name].label), str(messages[0])) for name, messages in form.errors.items()]


def address(values: Mapping[str, Any], always: Iterable[str]) -> str:
    """The query, without the question mark. Defaults are left out, but for names that say what the page is about."""
    written = [(name, str(value)) for name, value in values.items() if value not in (None, "", False)]
    kept = [(name, value) for name, value in written if name in always or value != DEFAULTS.get(name)]
    return urlencode(kept, safe=":,@")


def questions_about(deployment: Deployment | None) -> dict[str, str]:
    """Queries of the calculator's other pages for the same cards and the same model, "" where nothing carries over."""
    if deployment is None:
        return {}
    load = {"context": deployment.context, "requests": deployment.requests}
    found = {"calculator-fits": address(cards_of(deployment.devices) | load, ("gpu",))}
    if deployment.model not in {model.id for model in catalog.models()}:  # from a pasted config.json
        return found
    asked = {"model": deployment.model, "engine": deployment.engine if deployment.engine in LADDERS else ""}
    return found | {
        "calculator-needs": address(asked | load, ("model",)),
        "calculator-compare": canonical_query(deployment),
    }
