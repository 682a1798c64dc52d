"""No text of a wrong, withdrawn or unpublished answer stands outside its marked fold, at any address the site emits."""

import datetime as dt
from urllib.parse import urljoin, urlsplit

import pytest

from community.models import Answer, Claim, Question

from .fixture_files import Page, has_class, letters, markdown_letters, question_files

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
SNIPPET = 24  # letters: long enough not to be a common phrase


def make_hidden_texts():
    """A draft answer, a withdrawn answer and a draft question, each with a text found nowhere else."""
    question = Question.objects.get(number=102)
    common = {"question": question, "evidence": "estimate", "changed_on": DAY, "verdict": "under_review"}
    Answer.objects.create(
        conclusion="초안결론은아직아무에게도보이지않아야합니다",
        body="초안본문은아직아무에게도보이지않아야합니다",
        **common,
    )
    Answer.objects.create(
        conclusion="거둔결론은이제아무에게도보이지않아야합니다", body="거둔본문은이제아무에게도보이지않아야합니다",
        published_at=NOW, withdrawn_at=NOW, withdrawn_reason="시험", **common,
    )  # fmt: skip
    draft = Question.objects.create(
        title="초안질문은아직아무에게도보이지않아야합니다",
        body="초안질문의본문도보이지않아야합니다",
        asked_on=DAY,
        changed_on=DAY,
    )
    return [
        "초안결론은아직아무에게도",
        "초안본문은아직아무에게도",
        "거둔결론은이제아무에게도",
        "거둔본문은이제아무에게도",
        "초안질문은아직아무에게도",
    ], draft


def corrected_snippets():
    """Stretches of every corrected answer of the files, and of the statements checked in it."""
    texts = []
    for file in question_files():
        shown = letters(file.title) + markdown_letters(file.body)
        for answer in file.answers:
            if answer.verdict in ("wrong", "outdated", "superseded"):
                texts += [letters(answer.conclusion), *map(markdown_letters, answer.body.split("\n"))]
        texts = [text for text in texts if text not in shown]
    texts += [
        letters(row.statement) for row in Claim.objects.filter(answer__verdict__in=["wrong", "outdated", "superseded"])
    ]
    return sorted({text for text in texts if len(text) >= SNIPPET})


# Pages made of data files alone, which read no question, answer, note or claim: hundreds of addresses of few templates.
FROM_FILES = ("/calculator/?", "/gpus/", "/accuracy/?", "/accuracy.csv")


def walk(client, start="/"):
    """Every address the site emits to a guest, with its body."""
    seen, todo = {}, [start, "/community.html", "/no-such-page/"]
    while todo:
        address = todo.pop()
        if address in seen or address.startswith(("/admin/", "/static/", *FROM_FILES)):
            continue
        response = client.get(address)
        seen[address] = response.content.decode() if "html" in response.get("Content-Type", "") else ""
        if response.status_code in (301, 302):
            todo.append(response["Location"])
        for link in Page(seen[address]).links:
            parts = urlsplit(urljoin(address, link))
            if not parts.netloc and parts.scheme in ("", "http"):
                todo.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return seen


def outside_folds(source):
    return Page(source, lambda path: not has_class(path, "corrected"), attributes=True).letters


def test_walk_finds_no_hidden_text(client):
    hidden, draft = make_hidden_texts()
    forbidden = corrected_snippets()
    assert len(forbidden) >= 20
    pages = walk(client)
    assert len(pages) > 100
    assert f"/q/{draft.number}/" not in pages
    folded = set()
    for address, source in pages.items():
        text, everything = outside_folds(source), Page(source, attributes=True).letters
        assert not [snippet for snippet in hidden if snippet in everything], address
        assert not [snippet for snippet in forbidden if snippet in text], address
        folded |= {snippet for snippet in forbidden if snippet in everything}
    assert folded == set(forbidden), "every corrected text stays readable, in its fold"


def test_drafts_are_not_found_by_guests(client):
    _, draft = make_hidden_texts()
    for address in (f"/q/{draft.number}/", f"/q/{draft.number}/sheet/", f"/q/{draft.number}/history/"):
        assert client.get(address).status_code == 404


def test_drafts_can_be_previewed_by_curators(client, django_user_model):
    _, draft = make_hidden_texts()
    client.force_login(django_user_model.objects.create_user("curator", is_staff=True))
    response = client.get(f"/q/{draft.number}/")
    assert response.status_code == 200
    source = response.content.decode()
    assert "초안질문은아직아무에게도" in source and 'name="robots" content="noindex"' in source
