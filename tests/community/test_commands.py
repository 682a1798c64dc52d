"""The commands a curator or an operator runs."""

import re

import pytest
from django.core.management import CommandError, call_command

from community.calculator.texts.version import sizing_version
from community.models import Answer, Claim, FigureChange, Note, Question

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


BLOCK = "```sizing\nmodel: qwen3-8b\ngpu: rtx-4090\n```\n\n`sizing: weights model=qwen3-8b weights=bf16`"


def make_row_of_another_engine(answer):
    """As if an older version of the sizing engine had computed it."""
    figures = [{"source": figure["source"], "text": "99.9 GiB"} for figure in answer.figures]
    Answer.objects.filter(pk=answer.pk).update(sizing_version="2020-01-01+0", figures=figures, body_html="낡은 결과")


def answer_with_figures():
    answer = Answer.objects.filter(verdict="curated").first()
    answer.body, answer.wording_only = f"{answer.body}\n\n{BLOCK}", True
    answer.save()
    return answer


def test_figures_of_another_engine_are_computed_again_and_listed():
    answer = answer_with_figures()
    revisions, checked_on = answer.history.count(), answer.checked_on
    make_row_of_another_engine(answer)
    call_command("render_again", verbosity=0)
    again = Answer.objects.get(pk=answer.pk)
    assert again.body_html == answer.body_html and again.figures == answer.figures
    assert (again.history.count(), again.check_again, again.checked_on) == (revisions, False, checked_on)
    found = FigureChange.objects.filter(kind="answer", row_id=answer.pk)
    assert {(row.source, row.before, row.after) for row in found} == {
        (figure["source"], "99.9 GiB", figure["text"]) for figure in answer.figures
    }
    assert {(row.rules_before, row.rules_after) for row in found} == {("2020-01-01+0", sizing_version())}
    call_command("render_again", "--all", verbosity=0)
    assert found.count() == len(answer.figures)


def test_an_edit_is_no_change_of_the_engine_and_a_text_without_figures_waits_for_nothing():
    answer = answer_with_figures()
    answer.body = "계산이 없는 글"
    answer.save()
    assert answer.sizing_version == "" and answer.figures == [] and not FigureChange.objects.exists()


def test_a_model_that_left_the_catalogue_is_listed_without_a_figure():
    answer = answer_with_figures()
    gone = [{"source": "sizing: weights model=gone weights=bf16", "text": "1.0 GiB"}]
    Answer.objects.filter(pk=answer.pk).update(sizing_version="2020-01-01+0", figures=gone)
    call_command("render_again", verbosity=0)
    assert FigureChange.objects.get(source=gone[0]["source"]).after == ""


def test_every_claim_of_the_fixtures_stands_up_to_arithmetic(capsys):
    call_command("check_claims", "fixtures")
    from_files = capsys.readouterr().out
    assert re.search(r"^\d+ agrees, \d+ differs, \d+ without a figure$", from_files, re.MULTILINE)
    call_command("check_claims")
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(from_files.splitlines())


@pytest.mark.parametrize(
    ("verdict", "compute", "said"),
    [
        ("confirmed", '{model = "qwen3-8b", weights = "bf16", quantity = "weights", stated = "20 GB"}', "differs"),
        ("wrong", '{model = "qwen3-8b", weights = "bf16", quantity = "weights", stated = "16 GB"}', "agrees"),
        ("imprecise", '{model = "qwen3-8b", weights = "bf16", quantity = "size", stated = "16 GB"}', "quantity"),
        ("imprecise", '{model = "qwen3-9b", quantity = "parameters", stated = "90억"}', "model"),
    ],
)
def test_check_claims_fails_on_a_contradiction_or_a_malformed_computation(tmp_path, verdict, compute, said):
    (tmp_path / "claims").mkdir()
    claim = f'[[claims]]\nnumber = 7\nstatement = "글"\nverdict = "{verdict}"\ncompute = {compute}\n'
    (tmp_path / "claims/101.toml").write_text(f"question = 101\n\n{claim}")
    with pytest.raises(CommandError, match=rf"^101#7: .*{said}"):
        call_command("check_claims", str(tmp_path))
