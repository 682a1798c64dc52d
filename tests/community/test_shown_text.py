"""The first of the two sacred things: what a reader opens is exactly that question's own answer."""

import random
import re
import shutil

import pytest

from community.content.files import load
from community.models import Answer, Citation, Claim, LoadedFile, Question

from .fixture_files import FIXTURES, Page, has_class, inside, letters, markdown_letters, question_files

FILES = question_files()
FIRST_AND_LAST = 40  # letters compared at both ends of a text

pytestmark = pytest.mark.django_db


def assert_shows(source, file):
    page = Page(source, inside("article", **{"data-url": f"/q/{file.number}/"}))
    assert len(re.findall(r"<article\b[^>]*data-url=", source)) == 1
    shown = page.letters
    assert letters(file.title) in shown
    body = markdown_letters(file.body)
    assert body[:FIRST_AND_LAST] in shown and body[-FIRST_AND_LAST:] in shown
    if file.shown is None:
        return
    answer = Page(
        source,
        lambda path: (
            has_class(path, "answer") and not has_class(path, "corrected") and not any(tag == "sup" for tag, _ in path)
        ),
    ).letters
    expected = markdown_letters(file.shown.body)
    assert letters(file.shown.conclusion) in answer
    assert expected[:FIRST_AND_LAST] in answer
    assert expected[-FIRST_AND_LAST:] in answer


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.number))
def test_page_and_fragment_show_the_file_of_their_number(client, file):
    for address in (f"/q/{file.number}/", f"/q/{file.number}/sheet/"):
        response = client.get(address)
        assert response.status_code == 200
        assert_shows(response.content.decode(), file)


def rows_of_all_pages(client):
    """Number -> HTML of its row, from every page of the list."""
    rows, page = {}, 1
    while True:
        source = client.get(f"/community.html?page={page}").content.decode()
        _, *pieces = re.split(r'<li[^>]* id="q-(?=\d)', source.split("</ol>")[0])
        rows |= {int(piece.split('"')[0]): "<li>" + piece.partition(">")[2] for piece in pieces}
        if f"page={page + 1}" not in source:
            return rows
        page += 1


def test_list_shows_number_title_and_conclusion_of_each_file(client):
    rows = rows_of_all_pages(client)
    assert set(rows) == {file.number for file in FILES if file.published}
    for file in FILES:
        row = rows[file.number]
        assert f'href="/q/{file.number}/"' in row and f'hx-get="/q/{file.number}/sheet/"' in row
        text = Page(row).letters
        assert letters(file.title) in text
        if file.shown:
            assert letters(file.shown.conclusion) in text


def test_the_same_after_loading_in_shuffled_order(client, tmp_path, monkeypatch):
    from community.content.files import questions

    folder = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, folder)
    for model in (Citation, Claim):
        model.objects.all().delete()
    Answer.objects.update(replaced_by=None)
    Answer.objects.all().delete()
    Question.objects.all().delete()
    LoadedFile.objects.all().delete()
    original, order = questions.units, random.Random(7)

    def shuffled(path):
        found = list(original(path))
        order.shuffle(found)
        return iter(found)

    monkeypatch.setattr(questions, "units", shuffled)
    load(folder)
    assert [question.number for question in Question.objects.order_by("pk")] != sorted(
        Question.objects.values_list("number", flat=True)
    )
    for file in FILES:
        assert_shows(client.get(f"/q/{file.number}/sheet/").content.decode(), file)
