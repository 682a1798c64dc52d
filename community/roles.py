"""Who may do what. docs/roles.md shows it as a table; a test holds the two together."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EDITOR = "편집자"
CHIEF_EDITOR = "수석 편집자"

CONTENT = ("question", "answer", "citation", "note", "claim", "source", "tag", "benchmark", "series", "point")
WRITING = {f"community.{action}_{model}" for model in CONTENT for action in ("view", "add", "change")}
WRITING |= {"community.view_figurechange", "community.change_figurechange"}
DECIDING = {
    "community.reword_answer",
    "community.merge_question",
    "community.purge_question",
    "community.purge_note",
    "auth.view_user",
    "auth.change_user",
}
RIGHTS = {EDITOR: WRITING, CHIEF_EDITOR: WRITING | DECIDING}


def set_up_roles(**signal: Any) -> None:
    """Creates both groups with exactly their rights; run after every migration, so that nobody forgets."""
    for name, rights in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(permissions(rights))


def permissions(rights: set[str]) -> list[Permission]:
    wanted = Q(pk=None)
    for right in rights:
        app, codename = right.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))
