"""The shape of a content file: TOML between `+++` lines, then Markdown; errors know their file and line."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import tomli_w
from django.core.exceptions import ValidationError

FENCE = "+++"
TOML_POSITION = re.compile(r"\(at line (\d+), column \d+\)")


class ContentError(Exception):
    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")


@dataclass(frozen=True)
class Block:
    """One TOML head with the Markdown after it. `line` is that of the head's first line in the file."""

    path: str
    line: int
    head: str
    meta: dict[str, Any]
    body: str = ""

    def line_of(self, key: str) -> int:
        for offset, text in enumerate(self.head.splitlines()):
            if re.match(rf"\s*{re.escape(key)}\s*=|\[+{re.escape(key)}\]+", text):
                return self.line + offset
        return self.line

    def error(self, key: str, message: str) -> ContentError:
        return ContentError(self.path, self.line_of(key), message)


def parse_toml(path: str, text: str, line: int = 1) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        position = TOML_POSITION.search(str(error))
        raise ContentError(path, line + int(position[1]) - 1 if position else line, str(error)) from error


def split_blocks(path: str, text: str) -> list[Block]:
    """The blocks of a Markdown content file, at least one."""
    lines = text.split("\n")
    fences = [number for number, content in enumerate(lines) if content == FENCE]
    if not fences or fences[0] != 0:
        raise ContentError(path, 1, f"the first line must be {FENCE}")
    if len(fences) % 2:
        raise ContentError(path, fences[-1] + 1, f"this {FENCE} has no partner")
    ends = [*fences[2::2], len(lines)]
    return [
        _block(path, lines, start, stop, end) for start, stop, end in zip(fences[0::2], fences[1::2], ends, strict=True)
    ]


def _block(path: str, lines: list[str], start: int, stop: int, end: int) -> Block:
    head = "\n".join(lines[start + 1 : stop])
    body = "\n".join(lines[stop + 1 : end]).strip("\n")
    return Block(path, start + 2, head, parse_toml(path, head, start + 2), body)


def join_blocks(blocks: Iterable[tuple[dict[str, Any], str]]) -> str:
    """The canonical text of a Markdown content file."""
    return "\n".join(f"{FENCE}\n{tomli_w.dumps(meta)}{FENCE}\n\n{body}\n" for meta, body in blocks)


def check_keys(block: Block, allowed: Iterable[str], required: Iterable[str]) -> None:
    known = list(allowed)
    for key in block.meta:
        if key not in known:
            raise block.error(key, f"unknown key {key!r}; allowed: {', '.join(known)}")
    for key in required:
        if key not in block.meta:
            raise ContentError(block.path, block.line, f"{key!r} is missing")


def invalid(block: Block, error: ValidationError) -> ContentError:
    """The first complaint of a model's validation, at the line of the key it speaks of."""
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    name, messages = next(iter(fields.items()))
    key = "models" if name == "model_ids" else name
    return block.error(key, f"{key}: {messages[0]}" if key and key != "__all__" else messages[0])
