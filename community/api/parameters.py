"""Query parameters: parsed by a form, and described from it. What no form knows is refused, never ignored."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from .problems import ProblemError

Parsed = TypeVar("Parsed", bound=forms.Form)
FLAGS = {"1": True, "true": True, "0": False, "false": False}
READABLE = "^[^\\u0000-\\u001f\\ufffd]*$"  # as community.middleware has it
SHOWN = 60  # characters of a name that is sent back


class Flag(forms.TypedChoiceField):
    """A checkbox takes any text for a yes; an address must say which."""

    def __init__(self, label: Any) -> None:
        choices = [(name, name) for name in FLAGS]
        super().__init__(required=False, choices=choices, coerce=FLAGS.__getitem__, empty_value=None, label=label)


def strict(field: forms.Field) -> forms.Field:
    return Flag(field.label) if isinstance(field, forms.BooleanField) else field


def parsed(form_class: type[Parsed], sent: QueryDict) -> Parsed:
    """The valid form; else 422 that names every parameter that is wrong, empty, unknown or sent twice."""
    form = form_class(sent)
    form.is_valid()
    wrong = [*misplaced(sent, form), *refused(form)]
    if wrong:
        names = ", ".join(dict.fromkeys(error["field"] for error in wrong))
        raise ProblemError(422, _("쓸 수 없는 매개변수: %s") % names, errors=wrong)
    return form


def misplaced(sent: QueryDict, form: forms.Form) -> list[dict[str, Any]]:
    known = list(form.fields)
    strangers = [field_error(name[:SHOWN], _("모르는 매개변수예요."), known) for name in sent if name not in known]
    twice = [name for name, values in sent.lists() if name in known and len(values) > 1]
    empty = [name for name, value in sent.items() if name in known and value == ""]
    return [
        *strangers,
        *(field_error(name, _("한 번만 적어 주세요."), []) for name in twice),
        *(field_error(name, _("값이 비어 있어요. 쓰지 않을 매개변수는 빼 주세요."), []) for name in empty),
    ]


def refused(form: forms.Form) -> list[dict[str, Any]]:
    """The form's own errors; what only the sizing engine knows to be allowed is kept by the form."""
    known: dict[str, list[str]] = getattr(form, "allowed", {})
    found = []
    for name, errors in form.errors.as_data().items():
        field = form.fields[name]
        choice = isinstance(field, forms.ChoiceField)  # Django's own sentence is no sentence of this site
        message = _("고를 수 있는 값이 아니에요.") if choice else " ".join(map(str, errors[0].messages))
        found.append(field_error(name, message, known[name] if name in known else allowed(field)))
    return found


def field_error(field: str, message: str, allowed: list[str]) -> dict[str, Any]:
    return {"field": field, "message": message, "allowed": allowed}


def allowed(field: forms.Field) -> list[str]:
    """What a field takes, as far as it knows itself."""
    if isinstance(field, forms.ChoiceField):
        return [str(value) for value, _label in field.choices if value]  # type: ignore[union-attr,misc]
    if isinstance(field, forms.IntegerField) and field.min_value is not None:
        return [f"{field.min_value}–{field.max_value}"]
    if isinstance(field, forms.CharField) and field.max_length:
        return [_("%s자까지") % field.max_length]
    return []


def described(form_class: type[forms.Form], defaults: dict[str, str], hints: dict[str, Any]) -> list[dict[str, Any]]:
    """The form's fields as OpenAPI parameters."""
    found = []
    for name, field in form_class.base_fields.items():
        schema = schema_of(field)
        if name in defaults:
            schema["default"] = field.clean(defaults[name])
        words = f"{field.label}: {hints[name]}" if name in hints else str(field.label)
        found.append({"in": "query", "name": name, "required": False, "schema": schema, "description": words})
    return found


def schema_of(field: forms.Field) -> dict[str, Any]:
    """JSON Schema of one field."""
    if isinstance(field, forms.ChoiceField):
        return {"type": "string", "enum": [value for value, _label in field.choices if value]}  # type: ignore[union-attr,misc]
    if isinstance(field, forms.FloatField | forms.DecimalField):  # both are integers to Python's eyes
        return {"type": "number", **bounds(field)}
    if isinstance(field, forms.IntegerField):
        return {"type": "integer", **bounds(field)}
    if isinstance(field, forms.RegexField):
        return {"type": "string", "pattern": field.regex.pattern}
    return {"type": "string", "minLength": 1, "maxLength": field.max_length, "pattern": READABLE}  # type: ignore[attr-defined]


def bounds(field: forms.IntegerField) -> dict[str, Any]:
    found = {"minimum": field.min_value, "maximum": field.max_value}
    return {name: value for name, value in found.items() if value is not None}
