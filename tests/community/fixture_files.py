"""Reads content files without the site's code, and reduces Markdown and HTML to what both must have in common."""

import html.parser
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@dataclass
class AnswerFile:
    number: int
    verdict: str
    conclusion: str
    body: str
    published: bool


@dataclass
class QuestionFile:
    number: int
    title: str
    body: str
    published: bool
    answers: list[AnswerFile] = field(default_factory=list)

    @property
    def shown(self):
        """The answer a reader must see: the curated one, else the one under review."""
        for verdict in ("curated", "under_review"):
            for answer in self.answers:
                if answer.verdict == verdict and answer.published:
                    return answer
        return None


def question_files(folder=FIXTURES):
    files = []
    for path in sorted((folder / "questions").glob("*.md")):
        parts = re.split(r"^\+\+\+\n", path.read_text(), flags=re.M)[1:]
        heads = [tomllib.loads(text) for text in parts[0::2]]
        bodies = [text.strip() for text in parts[1::2]]
        question = QuestionFile(heads[0]["number"], heads[0]["title"], bodies[0], "published_at" in heads[0])
        for head, body in zip(heads[1:], bodies[1:], strict=True):
            question.answers.append(
                AnswerFile(head["answer"], head["verdict"], head["conclusion"], body, "published_at" in head)
            )
        files.append(question)
    return files


def letters(text):
    """Letters and digits only: what no markup may add, drop or move."""
    return "".join(character for character in text if character.isalnum())


def markdown_letters(body):
    """The letters of a Markdown text as a reader sees them: no link targets, footnotes, fences, attributes or figures
    that are computed (those are test_sizing_block.py's)."""
    body = re.sub(r"^```sizing\n.*?^```$|`sizing: [^`]*`", "", body, flags=re.M | re.S)
    body = re.sub(r"^\[\^[^\]]+\]:.*(?:\n(?:    |\n).*)*", "", body, flags=re.M)
    body = re.sub(r"\[\^[^\]]+\]", "", body)
    body = re.sub(r"^(`{3,}|~{3,})\s*\w*\s*$", "", body, flags=re.M)
    body = re.sub(r"(?<!`)\[([^\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s\"[^\"]*\")?\)", r"\1", body)
    body = re.sub(r"^\{:.*\}$", "", body, flags=re.M)
    body = re.sub(r"^\s*\d+\.\s", "", body, flags=re.M)
    return letters(re.sub(r"<(https?://[^>]+)>", r"\1", body))


class Page(html.parser.HTMLParser):
    """The text of an HTML page, with that of its attributes if asked; `keep` decides by the open elements."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

    def __init__(self, source, keep=lambda path: True, attributes=False):
        super().__init__()
        self.path, self.keep, self.attributes, self.text, self.links, self.elements = (
            [],
            keep,
            attributes,
            [],
            set(),
            [],
        )
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.links |= {values[name] for name in ("href", "hx-get", "action", "data-copy-url") if values.get(name)}
        self.elements.append((tag, values))
        if self.attributes and self.keep([*self.path, (tag, values)]):
            self.text += [f" {values[name]} " for name in ("content", "title", "alt", "aria-label") if values.get(name)]
        if tag not in self.VOID:
            self.path.append((tag, values))

    def handle_endtag(self, tag):
        while self.path:
            if self.path.pop()[0] == tag:
                break

    def handle_data(self, data):
        if self.keep(self.path) and not is_computed(self.path):
            self.text.append(data)

    @property
    def letters(self):
        return letters("".join(self.text))


def has_class(path, name):
    return any(name in (values.get("class") or "").split() for _, values in path)


def is_computed(path):
    """Inside a figure or card that comes from the sizing engine: no file holds its letters."""
    return has_class(path, "computed") or has_class(path, "sizing")


def inside(tag, **wanted):
    """A `keep` for everything inside the first kind of element that carries these attributes."""

    def keep(path):
        return any(
            name == tag and all((values.get(key.rstrip("_")) or "") == value for key, value in wanted.items())
            for name, values in path
        )

    return keep
