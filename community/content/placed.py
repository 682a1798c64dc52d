"""HTML of our own inside a text that is sanitized: words that nobody can guess stand for it until that is done."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.html import escape

TAG = re.compile(r'<(?:"[^"]*"|[^">])*>')  # as nh3 writes them: every value in double quotes


@dataclass(frozen=True)
class Piece:
    """`source` is what the curator wrote; `text` is what the piece says where only text can stand."""

    html: str
    text: str
    source: str


@dataclass
class Placed:
    """What one conversion has put aside, and what is wrong in its text, in sentences for the curator."""

    token: str = field(default_factory=lambda: f"x{secrets.token_hex(16)}")
    pieces: list[Piece] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def put(self, piece: Piece) -> str:
        """The word that stands for the piece."""
        self.pieces.append(piece)
        return f"{self.token}n{len(self.pieces) - 1}n"

    def put_block(self, piece: Piece) -> str:
        """A paragraph that the piece takes the place of."""
        return f"<p>{self.token}b{self.put(piece)}</p>"

    def plain(self, text: str) -> str:
        return self.replaced(text, lambda piece: piece.text)

    def restore(self, html: str) -> str:
        """The sanitized HTML with its pieces; inside a tag they are text."""
        if not self.pieces:
            return html
        html = TAG.sub(lambda tag: self.replaced(tag[0], lambda piece: escape(piece.text)), html)
        html = re.sub(rf"<p>{self.token}b({self.token}n\d+n)</p>", r"\1", html)
        return self.replaced(html, lambda piece: piece.html).replace(f"{self.token}b", "")

    def replaced(self, text: str, by: Callable[[Piece], str]) -> str:
        return re.sub(rf"{self.token}n(\d+)n", lambda word: by(self.pieces[int(word[1])]), text)
