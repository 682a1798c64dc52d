"""The commands a curator or an operator runs."""

import pytest
from django.core.management import CommandError, call_command

from community.models import Answer, Claim, Note, Question

pytestmark = pytest.mark.django_db


def test_render_again_renders_what_an_older_version_made():
    answer = Answer.objects.filter(verdict="curated").first()
    expected, revisions = answer.body_html, answer.history.count()
    Answer.objects.filter(pk=answer.pk).update(body_html="낡은 결과", pipeline_version=0)
    Note.objects.update(body_html="그대로")
    call_command("render_again", verbosity=0)
    again = Answer.objects.get(pk=answer.pk)
    assert again.body_html == expected and again.check_again is False and again.history.count() == revisions
    assert set(Note.objects.values_list("body_html", flat=True)) == {"그대로"}


def test_render_again_all():
    for model, column in ((Question, "body_html"), (Note, "body_html"), (Claim, "evidence_html")):
        model.objects.update(**{column: "낡은 결과"})
    call_command("render_again", "--all", verbosity=0)
    assert not Question.objects.filter(body_html="낡은 결과").exists()
    assert not Note.objects.filter(body_html="낡은 결과").exists()
    assert not Claim.objects.filter(evidence_html="낡은 결과").exists()


def test_load_content_reports_a_broken_file_in_one_line(tmp_path):
    (tmp_path / "tags.toml").write_text("[awq\n")
    with pytest.raises(CommandError, match=r"tags\.toml:1: .*Nothing was changed"):
        call_command("load_content", str(tmp_path))


def test_dump_content_writes_what_a_curator_changed(tmp_path, capsys):
    Question.objects.filter(number=109).update(title="편집자의 제목")
    call_command("dump_content", str(tmp_path))
    assert 'title = "편집자의 제목"' in (tmp_path / "questions/109.md").read_text()
