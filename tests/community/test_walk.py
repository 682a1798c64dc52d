"""No text of a wrong, withdrawn or unpublished answer stands outside its marked fold, at any address the site emits,
the API's included."""

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

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


# Made of data files alone, without a question, answer, note or claim: thousands of addresses of few views.
FROM_FILES = ("calculator", "gpu-detail", "accuracy", "api:estimate", "api:model", "api:gpu")
OF_EACH = 3  # addresses of such a view
HOST = "testserver"


@dataclass
class Visited:
    """Letters of an answer, and of what stands outside the folds that mark a corrected text."""

    everything: str = ""
    outside: str = ""
    links: set[str] = field(default_factory=set)


def visited(response):
    kind, source = response.get("Content-Type", ""), response.content.decode()
    if "html" in kind:
        page = Page(source, attributes=True)
        outside = Page(source, lambda path: not has_class(path, "corrected"), attributes=True)
        return Visited(page.letters, outside.letters, page.links)
    if "json" in kind:
        found = json.loads(source)
        texts = list(strings(found))
        links = {text for text in texts if text.startswith(f"http://{HOST}/")}
        return Visited(joined(texts), joined(strings(found, but="corrected_answers")), links)
    return Visited(letters(source), letters(source)) if "text" in kind else Visited()


def strings(value, but=""):
    """Every string in a JSON value, except under one name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for name, inner in value.items() if name != but for text in strings(inner, but))
    elif isinstance(value, list):
        yield from (text for inner in value for text in strings(inner, but))


def joined(texts):
    return "".join(Page(text).letters for text in texts)


def walk(client, start="/"):
    """Every address the site emits to a guest, with what it answers."""
    seen, kinds, todo = {}, Counter(), [start, "/community.html", "/no-such-page/", "/api/v1/questions"]
    while todo:
        address = todo.pop()
        if address in seen or address.startswith(("/admin/", "/static/")) or enough_of_kind(address, kinds):
            continue
        response = client.get(address)
        seen[address] = visited(response)
        if response.status_code in (301, 302):
            seen[address].links.add(response["Location"])
        for link in seen[address].links:
            parts = urlsplit(urljoin(address, link))
            if parts.netloc in ("", HOST) and parts.scheme in ("", "http"):
                todo.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return seen


def enough_of_kind(address, kinds):
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return False
    kinds[name] += name.startswith(FROM_FILES)
    return kinds[name] > OF_EACH


def test_walk_finds_no_hidden_text(client):
    hidden, draft = make_hidden_texts()
    forbidden = corrected_snippets()
    assert len(forbidden) >= 20
    found = walk(client)
    assert len([address for address in found if not address.startswith("/api/")]) > 100
    numbers = [file.number for file in question_files() if file.published]
    assert {f"/api/v1/questions/{number}" for number in numbers} <= found.keys()
    assert not {f"/q/{draft.number}/", f"/api/v1/questions/{draft.number}"} & found.keys()
    folded = set()
    for address, answer in found.items():
        assert not [snippet for snippet in hidden if snippet in answer.everything], address
        assert not [snippet for snippet in forbidden if snippet in answer.outside], address
        folded |= {snippet for snippet in forbidden if snippet in answer.everything}
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
