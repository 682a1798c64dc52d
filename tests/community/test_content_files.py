"""Files -> rows -> files: the same rows, the same bytes, and never over a curator's change."""

import shutil
from pathlib import Path

import pytest
from django.core import serializers

from community.content.files import dump, load
from community.content.files.documents import ContentError
from community.models import (
    Answer,
    Benchmark,
    Citation,
    Claim,
    LoadedFile,
    Note,
    Point,
    Question,
    Series,
    Source,
    Tag,
)  # fmt: skip

from .fixture_files import FIXTURES

pytestmark = pytest.mark.django_db
MODELS = (Citation, Claim, Answer, Question, Note, Point, Series, Benchmark, Source, Tag, LoadedFile)
OWN_KEYS = {"id", "revision", "source", "answer", "note", "claim", "benchmark", "question", "series", "replaced_by"}


def wipe():
    Answer.objects.update(replaced_by=None)
    for model in MODELS:
        model.objects.all().delete()


def texts(folder):
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def rows():
    """Every row's values without database ids, so that two loads can be compared."""
    found = []
    for model in MODELS:
        for row in serializers.serialize("python", model.objects.all()):
            values = {key: value for key, value in row["fields"].items() if key not in OWN_KEYS}
            values["tags"] = len(values.get("tags", []))
            found.append((row["model"], sorted(values.items(), key=str)))
    return sorted(found, key=str)


def test_fixtures_are_canonical(tmp_path):
    dump(tmp_path)
    assert texts(tmp_path) == texts(FIXTURES)


def test_load_dump_load_gives_the_same_rows_and_bytes(tmp_path):
    wipe()
    load(FIXTURES)
    before = rows()
    dump(tmp_path / "first")
    wipe()
    load(tmp_path / "first")
    assert rows() == before
    dump(tmp_path / "second")
    assert texts(tmp_path / "second") == texts(tmp_path / "first")


def test_loading_again_changes_nothing():
    report = load(FIXTURES)
    assert (report.loaded, report.kept) == ([], []) and report.unchanged > 300


def copy(tmp_path):
    folder = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, folder)
    return folder


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_changed_file_is_loaded(tmp_path):
    folder = copy(tmp_path)
    title = Question.objects.get(number=109).title
    replace(folder / "questions/109.md", title, "바뀐 제목")
    assert load(folder).loaded == ["questions/109.md"]
    assert Question.objects.get(number=109).title == "바뀐 제목"


def test_a_changed_answer_keeps_the_verdict_that_its_file_gives_it(tmp_path):
    folder = copy(tmp_path)
    answer = Answer.objects.get(question__number=109, verdict="curated")
    replace(folder / "questions/109.md", answer.conclusion, "바뀐 결론입니다.")
    assert load(folder).loaded == ["questions/109.md"]
    answer.refresh_from_db()
    assert (answer.conclusion, answer.check_again) == ("바뀐 결론입니다.", False)
    dump(tmp_path / "dumped")
    assert (tmp_path / "dumped/questions/109.md").read_text() == (folder / "questions/109.md").read_text()


def test_a_file_never_overwrites_what_a_curator_changed(tmp_path):
    folder = copy(tmp_path)
    question = Question.objects.get(number=109)
    replace(folder / "questions/109.md", question.title, "파일의 제목")
    question.title = "편집자의 제목"
    question.save()
    assert load(folder).kept == ["questions/109.md"]
    assert Question.objects.get(number=109).title == "편집자의 제목"


def test_an_answer_changed_by_a_curator_is_kept_too(tmp_path):
    folder = copy(tmp_path)
    answer = Answer.objects.filter(question__number=109).first()
    replace(folder / "questions/109.md", Question.objects.get(number=109).title, "파일의 제목")
    answer.conclusion = "편집자의 결론"
    answer.save()
    assert load(folder).kept == ["questions/109.md"]


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        ("questions/109.md", "+++\nnumber", "++\nnumber", 1, "first line"),
        ("questions/109.md", "number = 109", "number = ", 2, "Invalid value"),
        ("questions/109.md", "number = 109", "number = 7", 2, "file's name"),
        ("questions/109.md", "number = 109", "number = 109\nnonsense = 1", 3, "unknown key 'nonsense'"),
        ("questions/109.md", 'verdict = "curated"', 'verdict = "perfect"', None, "verdict"),
        ("questions/101.md", "reason = ", 'reason = "짧다" #', None, "20자"),
        ("tags.toml", "[awq]\nname", "[awq]\nnames", 2, "unknown key 'names'"),
        ("claims/qwen3.toml", 'verdict = "', 'verdict = "very-', None, "verdict"),
        ("notes/qwen3.md", 'slug = "qwen3"', 'slug = "other"', 2, "one note a file"),
    ],
)
def test_a_broken_file_names_file_and_line_and_changes_nothing(tmp_path, name, old, new, line, words):
    folder = copy(tmp_path)
    replace(folder / name, old, new)
    title = Question.objects.get(number=102).title
    replace(folder / "questions/102.md", title, "이 제목은 저장되면 안 됩니다")
    with pytest.raises(ContentError) as caught:
        load(folder)
    message = str(caught.value)
    assert message.startswith(f"{name}:{line}:" if line else f"{name}:") and words in message
    assert Question.objects.get(number=102).title == title


def test_an_unknown_source_is_named_with_its_line(tmp_path):
    folder = copy(tmp_path)
    path = folder / "questions/109.md"
    key = Citation.objects.filter(answer__question__number=109).first().source.key
    replace(path, f'"{key}"', '"no-such-source"')
    with pytest.raises(ContentError, match=r"questions/109\.md:\d+: .*no-such-source"):
        load(folder)
