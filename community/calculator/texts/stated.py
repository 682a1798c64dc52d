"""A figure as a text states it -> what it allows: "470 GB", "35–40 GB", "약 45분", "24 GB 이내", "안 들어간다"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from community.sizing import Verdict

from .asked import AskedError
from .figures import BYTE_UNITS

ABOUT = 0.05  # how far a figure that is stated as 약 may be off
NUMBER = r"\d[\d,]{0,15}(?:\.\d{1,6})?"
STATED = re.compile(
    rf"(?P<about>약 ?)?(?P<low>{NUMBER})(?: ?[–~-] ?(?P<high>{NUMBER}))? ?(?P<unit>[^\d\s]*)(?: (?P<bound>\S+))?"
)
BOUNDS = ("이하", "이내", "미만", "이상", "초과")
UNITS_OF: dict[str, dict[str, float]] = {
    "bytes": dict(BYTE_UNITS),
    "count": {"": 1, "개": 1, "토큰": 1, "K토큰": 1024, "건": 1, "억": 10**8, "B": 10**9},
    "seconds": {"초": 1, "분": 60, "시간": 3600},
    "rate": {"tok/s": 1},
    "share": {"%": 0.01},
}
MEANT = {
    "들어간다": {Verdict.FITS, Verdict.TIGHT},
    "안 들어간다": {Verdict.DOES_NOT_FIT, Verdict.FITS_WITH_OFFLOAD, Verdict.UNSUPPORTED},
    "못 띄운다": {Verdict.UNSUPPORTED},
}


@dataclass(frozen=True)
class Stated:
    """`low` and `high` are in `unit`, with `digits` after the point; `bound` is one of BOUNDS or empty."""

    low: float
    high: float
    digits: int
    unit: str
    scale: float
    about: bool
    bound: str

    def holds(self, value: float) -> bool:
        """Equal after rounding to the stated digits, inside the range, or near enough for an 약."""
        exact = value / self.scale
        shown = round(exact, self.digits)
        if self.bound:
            return {"이하": shown <= self.high, "이내": shown <= self.high, "미만": exact < self.high,
                    "이상": shown >= self.low, "초과": exact > self.low}[self.bound]  # fmt: skip
        if self.about:
            return self.low * (1 - ABOUT) <= exact <= self.high * (1 + ABOUT)
        return self.low <= shown <= self.high

    def written(self, value: float) -> str:
        """The computed value beside the stated one: in its unit, one digit more than none."""
        space = "\u00a0" if self.unit[:1].isascii() and self.unit not in ("", "%", "B") else ""
        return f"{value / self.scale:,.{max(self.digits, 1)}f}{space}{self.unit}"


def stated(text: str, kind: str) -> Stated:
    """Raises AskedError for the key `stated`."""
    units = UNITS_OF[kind]
    match = STATED.fullmatch(text.strip())
    if not match or match["unit"] not in units or (match["bound"] or "") not in ("", *BOUNDS):
        message = _("‘35–40 GB’, ‘약 45분’, ‘24 GB 이내’처럼 적어 주세요. 되는 단위: %s")
        raise AskedError("stated", message % ", ".join(filter(None, units)))
    low, high = match["low"], match["high"] or match["low"]
    return Stated(
        low=float(low.replace(",", "")),
        high=float(high.replace(",", "")),
        digits=max(len(number.partition(".")[2]) for number in (low, high)),
        unit=match["unit"],
        scale=units[match["unit"]],
        about=bool(match["about"]),
        bound=match["bound"] or "",
    )


def meant(text: str) -> set[Verdict]:
    """The verdicts that a sentence about fitting allows."""
    if text.strip() not in MEANT:
        raise AskedError("stated", _("되는 값: %s") % ", ".join(MEANT))
    return MEANT[text.strip()]
