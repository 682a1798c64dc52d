"""docs/roles.md, the groups in the database and what the admin lets each of them do say the same."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.urls import reverse

from community.models import Answer, Note, Question, curation
from community.roles import CHIEF_EDITOR, EDITOR

from .curators import (
    PASSWORD,
    chief_editor,
    curated_answer,
    desk_of,
    editor,
    make_curator,
    make_figure_change,
    step_address,
)

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).parents[2] / "docs" / "roles.md"


def rights_in_the_table() -> dict[str, set[str]]:
    rows = [line.strip("|").split("|") for line in TABLE.read_text().splitlines() if line.startswith("|")]
    names = [cell.strip() for cell in rows[0][2:]]
    rights: dict[str, set[str]] = {name: set() for name in names}
    for _what, permissions, *marks in rows[2:]:
        for name, mark in zip(names, marks, strict=True):
            assert mark.strip() in "○–"
            rights[name] |= set(re.findall(r"`([\w.]+)`", permissions)) if mark.strip() == "○" else set()
    return rights


def rights_in_the_database() -> dict[str, set[str]]:
    groups = Group.objects.prefetch_related("permissions__content_type")
    return {
        group.name: {f"{right.content_type.app_label}.{right.codename}" for right in group.permissions.all()}
        for group in groups
    }


def test_the_groups_have_the_rights_of_the_table():
    assert set(rights_in_the_table()) == {EDITOR, CHIEF_EDITOR}
    assert rights_in_the_table() == rights_in_the_database()


def test_setting_up_again_brings_the_groups_back():
    before = rights_in_the_database()
    Group.objects.get(name=EDITOR).permissions.clear()
    Group.objects.get(name=CHIEF_EDITOR).delete()
    call_command("setup_roles", verbosity=0)
    call_command("setup_roles", verbosity=0)
    assert rights_in_the_database() == before


STEPS = [
    ("publish", Question, True), ("withdraw", Question, True), ("merge", Question, False),
    ("separate", Question, False), ("purge", Question, False), ("purge", Note, False), ("withdraw", Note, True),
    ("mark-wrong", Answer, True), ("mark-outdated", Answer, True),
]  # fmt: skip


@pytest.mark.parametrize(("step", "model", "open_to_editors"), STEPS)
def test_each_step_is_open_to_whom_the_table_names(step, model, open_to_editors):
    address = step_address(step, model.objects.first())
    assert editor().get(address).status_code == (200 if open_to_editors else 403)
    assert chief_editor().get(address).status_code == 200
    nobody = User.objects.create_user("nobody", password=PASSWORD, is_staff=True)
    assert desk_of(nobody).get(address).status_code == 403


def test_a_refused_step_changes_nothing():
    question = Question.objects.get(number=101)
    answer = editor().post(step_address("purge", question), {"reason": "이유", "sure": "on"})
    question.refresh_from_db()
    assert (answer.status_code, question.purged_at) == (403, None)


def test_nobody_deletes_not_even_a_superuser():
    root = User.objects.create_superuser("root", password=PASSWORD)
    client = desk_of(root)
    make_figure_change(curated_answer())
    for model, model_admin in admin.site._registry.items():
        row = model._default_manager.first()
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.post(reverse(f"{names}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403, model
        chosen = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        client.post(reverse(f"{names}_changelist"), chosen)
        assert model._default_manager.filter(pk=row.pk).exists(), model
        assert model_admin.opts.model is model
    assert {model._meta.label for model in admin.site._registry} == {
        "auth.User", "community.Question", "community.Answer", "community.Note", "community.Claim", "community.Source",
        "community.Tag", "community.Benchmark", "community.Series", "community.FigureChange",
    }  # fmt: skip


def test_a_chief_editor_sets_display_names_and_nothing_else():
    other = make_curator("other", shown="옛 이름")
    address = reverse("admin:auth_user_change", args=[other.pk])
    sent = {"first_name": "새 이름", "username": "taken", "is_superuser": "on", "is_staff": "", "groups": []}
    assert chief_editor().post(address, sent).status_code == 302
    other.refresh_from_db()
    assert (other.first_name, other.username) == ("새 이름", "other")
    assert (other.is_superuser, other.is_staff, other.groups.count()) == (False, True, 1)


def test_passwords_and_new_curators_are_a_superusers():
    other = make_curator("other")
    chief = chief_editor()
    passwords = reverse("admin:auth_user_password_change", args=[other.pk])
    new = {"usable_password": "true", "password1": "another-long-one-1", "password2": "another-long-one-1"}
    assert chief.post(passwords, new).status_code == 403
    assert chief.get(reverse("admin:auth_user_add")).status_code == 403
    other.refresh_from_db()
    assert other.check_password(PASSWORD)
    root = desk_of(User.objects.create_superuser("root", password=PASSWORD))
    assert root.post(passwords, new).status_code == 302
    assert root.get(reverse("admin:auth_user_change", args=[other.pk])).status_code == 200


def test_an_editor_does_not_see_the_curators():
    assert editor().get(reverse("admin:auth_user_changelist")).status_code == 403


def test_what_was_purged_cannot_be_edited():
    answer = curated_answer()
    curation.purge(answer.question, "법으로 지워야 했습니다.")
    client = chief_editor()
    for row in (answer.question, answer):
        names = f"admin:community_{row._meta.model_name}_change"
        assert client.post(reverse(names, args=[row.pk]), {"title": "다시"}).status_code == 403
