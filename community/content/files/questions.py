"""questions/<number>.md: a question and all its answers."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from community.models import Answer, Question

from .documents import Block, check_keys, join_blocks, split_blocks
from .rows import fill, find, meta_of, save, set_sources, set_tags, source_keys, tag_slugs
from .unit import Unit

FOLDER = "questions"
QUESTION_KEYS = ("number", "title", "asked_on", "changed_on", "published_at", "withdrawn_at", "withdrawn_reason")
QUESTION_REFERENCES = ("replacement", "merged_into")
QUESTION_LISTS = ("tags", "models")
ANSWER_HEAD = ("verdict", "reason")
ANSWER_KEYS = (
    "conclusion", "evidence", "written_on", "changed_on", "checked_on", "review_by", "check_again",
    "published_at", "withdrawn_at", "withdrawn_reason",
)  # fmt: skip
REQUIRED = ("number", "title", "asked_on", "changed_on")


def units(folder: Path) -> Iterator[Unit]:
    for path in sorted((folder / FOLDER).glob("*.md")):
        name = f"{FOLDER}/{path.name}"
        blocks = split_blocks(name, path.read_text())
        check(blocks, path.stem)
        number = blocks[0].meta["number"]
        yield Unit(
            name, path.read_text(), partial(current, number), partial(save_all, blocks), partial(link_all, blocks)
        )


def check(blocks: list[Block], stem: str) -> None:
    question, *answers = blocks
    check_keys(question, (*QUESTION_KEYS, *QUESTION_REFERENCES, *QUESTION_LISTS), REQUIRED)
    if str(question.meta["number"]) != stem:
        raise question.error("number", f"number must be the file's name, {stem}")
    allowed = ("answer", *ANSWER_HEAD, "replaced_by", *ANSWER_KEYS, "sources", "applies_to")
    for answer in answers:
        check_keys(answer, allowed, ("answer", "verdict", "conclusion", "evidence", "changed_on"))
    numbers = [answer.meta["answer"] for answer in answers]
    if numbers != sorted(set(numbers)):
        raise answers[0].error("answer", "answers must be numbered upwards, each number once")


def save_all(blocks: list[Block]) -> None:
    """Answers that give up `curated` are saved first: the database allows one at a time."""
    question = save_question(blocks[0])
    for block in sorted(blocks[1:], key=lambda block: block.meta["verdict"] == "curated"):
        save_answer(question, block)
    for block in blocks[1:]:
        link_answer(question, block)


def save_question(block: Block) -> Question:
    question = Question.objects.filter(number=block.meta["number"]).first() or Question()
    changed = fill(question, block, (*QUESTION_KEYS, "models"))
    if question.body != block.body or changed:
        question.body = block.body
        save(question, block)
    set_tags(question, block)
    return question


def save_answer(question: Question, block: Block) -> None:
    number = block.meta["answer"]
    answer = Answer.objects.filter(question=question, number=number).first() or Answer(question=question, number=number)
    changed = fill(answer, block, (*ANSWER_HEAD, *ANSWER_KEYS, "applies_to"))
    if answer.body != block.body or changed:
        answer.body = block.body
        answer.wording_only = True  # whether the verdict still holds is the file's to say, in `check_again`
        save(answer, block)
    set_sources(answer, block)


def link_answer(question: Question, block: Block) -> None:
    number = block.meta.get("replaced_by")
    other = find(Answer, block, "replaced_by", number=number, question=question) if number else None
    answer = Answer.objects.get(question=question, number=block.meta["answer"])
    if answer.replaced_by != other:
        answer.replaced_by = other
        save(answer, block)


def link_all(blocks: list[Block]) -> None:
    block = blocks[0]
    named = {key: block.meta.get(key) for key in QUESTION_REFERENCES}
    others = {key: find(Question, block, key, number=number) if number else None for key, number in named.items()}
    question = Question.objects.get(number=block.meta["number"])
    if any(getattr(question, key) != other for key, other in others.items()):
        for key, other in others.items():
            setattr(question, key, other)
        save(question, block)


def current(number: int) -> str:
    question = Question.objects.filter(number=number).first()
    return text_of(question) if question else ""


def text_of(question: Question) -> str:
    answers = question.answers.select_related("replaced_by").order_by("number")
    return join_blocks([(question_meta(question), question.body), *((answer_meta(row), row.body) for row in answers)])


def question_meta(question: Question) -> dict[str, object]:
    references = {key: getattr(question, key) for key in QUESTION_REFERENCES}
    return {
        **meta_of(question, QUESTION_KEYS),
        **{key: other.number for key, other in references.items() if other},
        **{key: value for key, value in {"tags": tag_slugs(question), "models": question.model_ids}.items() if value},
    }


def answer_meta(answer: Answer) -> dict[str, object]:
    replaced_by = {"replaced_by": answer.replaced_by.number} if answer.replaced_by else {}
    sources = source_keys(answer)
    return {
        "answer": answer.number,
        **meta_of(answer, ANSWER_HEAD),
        **replaced_by,
        **meta_of(answer, ANSWER_KEYS),
        **({"sources": sources} if sources else {}),
        **meta_of(answer, ["applies_to"]),
    }


def dump() -> dict[str, str]:
    """Path -> text of every question."""
    rows = Question.objects.select_related("replacement", "merged_into").filter(purged_at=None)
    return {f"{FOLDER}/{question.number}.md": text_of(question) for question in rows}
