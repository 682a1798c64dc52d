"""Curators, and what a browser would send from a form of the admin."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from community.models import Answer, FigureChange
from community.roles import CHIEF_EDITOR, EDITOR

PASSWORD = "a-long-enough-password"


def make_curator(name: str = "login-name", role: str = EDITOR, shown: str = "김편집") -> User:
    user = User.objects.create_user(name, password=PASSWORD, first_name=shown, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def editor() -> Client:
    return desk_of(make_curator())


def chief_editor() -> Client:
    return desk_of(make_curator("chief-login", CHIEF_EDITOR, "박수석"))


def change_address(row: Any) -> str:
    return reverse(f"admin:community_{row._meta.model_name}_change", args=[row.pk])


def step_address(name: str, *rows: Any) -> str:
    address = reverse(f"admin:community_{rows[0]._meta.model_name}_{name}")
    return f"{address}?{'&'.join(f'pk={row.pk}' for row in rows)}"


def as_sent(response: Any, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it back: every line ends in CRLF."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    values |= changes
    return {name: sendable(value) for name, value in values.items() if value is not None and value is not False}


def sendable(value: Any) -> Any:
    if isinstance(value, list):
        return [getattr(item, "pk", item) for item in value]
    return value.replace("\r\n", "\n").replace("\n", "\r\n") if isinstance(value, str) else value


def save(client: Client, row: Any, **changes: Any) -> Any:
    """Opens the row's form, changes it and sends it."""
    address = change_address(row)
    return client.post(address, as_sent(client.get(address), **{"change_reason": "시험으로 고쳤습니다.", **changes}))


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200, "the form was accepted"
    return dict(response.context["adminform"].form.errors)


def curated_answer(number: int = 101) -> Answer:
    return Answer.objects.get(question__number=number, verdict="curated")


def make_figure_change(answer: Answer) -> FigureChange:
    """A figure of the answer that a newer engine computes otherwise."""
    return FigureChange.objects.create(
        kind="answer",
        row_id=answer.pk,
        row=str(answer),
        source="sizing: weights model=qwen3-8b weights=bf16",
        before="15.0\u00a0GiB",
        after="15.3\u00a0GiB",
        rules_before="2020-01-01+0",
        rules_after="2026-11-20+1",
    )
