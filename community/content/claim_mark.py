"""What a claim's computation says of its figure, as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from community.calculator.texts.asked import AskedError
from community.calculator.texts.claims import Agreement, Outcome, agreement

from .placed import Piece


def mark_of(compute: Mapping[str, Any]) -> Piece:
    """A computation that is refused today, say of a model that has left the catalogue, is one that cannot be made."""
    try:
        found = agreement(compute)
    except AskedError as error:
        said = {name: str(compute.get(name, "")) for name in ("quantity", "stated")}
        found = Agreement(Outcome.UNKNOWN, **said, why=error.message)
    html = render_to_string("parts/_claim_mark.html", {"mark": found}).strip()
    return Piece(html, found.text, ", ".join(f"{key}={value}" for key, value in sorted(compute.items())))
