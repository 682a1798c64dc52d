"""Figures that changed: a list for curators, cleared by saying that one has seen them."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from community.models import FigureChange, Question, curation

from .curators import PASSWORD, curated_answer, desk_of, editor, make_figure_change

pytestmark = pytest.mark.django_db
LIST = reverse("admin:community_figurechange_changelist")


def say_seen(client, row):
    return client.post(LIST, {"action": "mark_seen", "_selected_action": row.pk})


def test_the_desk_counts_them_and_the_list_shows_both_figures():
    row = make_figure_change(curated_answer())
    client = editor()
    desk = client.get(reverse("admin:index")).content.decode()
    assert "계산값이 바뀐 곳" in desk and str(row) in desk
    listed = client.get(LIST).content.decode()
    assert "15.0\u00a0GiB" in listed and "15.3\u00a0GiB" in listed and row.source in listed
    assert reverse("admin:community_answer_change", args=[row.row_id]) in listed


def test_saying_seen_clears_the_desk_and_is_remembered():
    row = make_figure_change(curated_answer())
    client = editor()
    assert say_seen(client, row).status_code == 302
    row.refresh_from_db()
    assert row.seen_at is not None and row.seen_by == User.objects.get(username="login-name")
    assert "계산값이 바뀐 곳" not in client.get(reverse("admin:index")).content.decode()
    assert row.source in client.get(LIST).content.decode()


def test_one_row_can_be_read_and_not_edited():
    row = make_figure_change(curated_answer())
    address = reverse("admin:community_figurechange_change", args=[row.pk])
    client = editor()
    assert client.get(address).status_code == 200
    assert client.post(address, {"before": "0 GiB"}).status_code == 403
    assert client.get(reverse("admin:community_figurechange_add")).status_code == 403


def test_who_may_only_look_cannot_say_seen():
    row = make_figure_change(curated_answer())
    reader = User.objects.create_user("reader", password=PASSWORD, is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_figurechange"))
    client = desk_of(reader)
    assert client.get(LIST).status_code == 200
    say_seen(client, row)
    row.refresh_from_db()
    assert row.seen_at is None


def test_a_purged_text_leaves_none_behind():
    row = make_figure_change(curated_answer(101))
    curation.purge(Question.objects.get(number=101), "법으로 지워야 했습니다.")
    assert not FigureChange.objects.filter(pk=row.pk).exists()
