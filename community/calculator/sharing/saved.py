"""A copied link carries the rules and the needed memory of its moment: what has become of them since."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from community.sizing import Estimate
from community.sizing.report import UNITS
from community.sizing.size import RULES_VERSION, needed_bytes

from .rules import changes_since


def gib(size: int) -> str:
    """As links write it: two decimals, so that what a rule changes is seen."""
    return f"{size / UNITS['GiB']:.2f}"


def moment(estimate: Estimate) -> str:
    """The end of a copied link: rules and needed GiB as they are now."""
    needed = f"&needed={gib(needed_bytes(estimate.memory))}" if estimate.memory else ""
    return f"&rules={estimate.rules_version}{needed}"


@dataclass(frozen=True)
class Saved:
    """`rules` is "" and `needed` (GiB) None where the link does not say."""

    rules: str
    needed: Decimal | None
    estimate: Estimate
    unit: str

    @property
    def differs(self) -> bool:
        """By more than rounding."""
        memory = self.estimate.memory
        return self.needed is not None and (memory is None or f"{self.needed:.2f}" != gib(needed_bytes(memory)))

    @property
    def older(self) -> bool:
        return self.rules not in ("", RULES_VERSION)

    @property
    def words(self) -> str:
        if self.differs:
            return _("저장할 때 %(then)s, 지금 %(now)s") % {"then": self.then, "now": self.now}
        if self.older:
            return _("저장한 뒤에 계산 규칙이 바뀌었지만, 이 결과는 그대로예요.")
        return _("저장할 때와 같은 결과예요.")

    @property
    def then(self) -> str:
        return self.written(round((self.needed or 0) * UNITS["GiB"]))

    @property
    def now(self) -> str:
        memory = self.estimate.memory
        return self.written(needed_bytes(memory)) if memory else _("알 수 없음")

    def written(self, size: int) -> str:
        return f"{size / UNITS[self.unit]:,.2f}\u00a0{self.unit}"

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What changed in the rules since."""
        return changes_since(self.rules) if self.older else []
