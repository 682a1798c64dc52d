"""What a result shows, in the order in which it is shown. Numbers become text here and nowhere below."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.charts.memory_bar import Bar, legend, memory_bar
from community.sizing import Deployment, Estimate, Verdict, catalog
from community.sizing.estimate import EngineMemory, GpuMemory
from community.sizing.size import needed_bytes
from community.sizing.speed import download_seconds

from .bars import bars_of, host_bar
from .breakdown import Breakdown, breakdown
from .query import canonical_query, with_change
from .sharing.saved import moment
from .trial import trial_of
from .verdict import detail
from .words import VERDICTS, Amount, amount_in, format_name, reason_words, suggestion_words

LONG_COMMAND = 72
FLAG = re.compile(r"(?<!python) (?=--?[a-z])")
LINES = ((100, "100 Mbps"), (1_000, "1 Gbps"), (10_000, "10 Gbps"))


@dataclass(frozen=True)
class DeviceBar:
    """`needed` is in bytes, 0 for system memory; the words are in the reader's unit."""

    bar: Bar
    svg: SafeString
    used: str
    device: str = ""
    needed: int = 0
    reserved: str = ""
    capacity: str = ""


@dataclass(frozen=True)
class Result:
    deployment: Deployment
    estimate: Estimate
    unit: str

    @cached_property
    def amount(self) -> Amount:
        return amount_in(self.unit)

    @property
    def memory(self) -> EngineMemory | None:
        return self.estimate.memory

    @cached_property
    def query(self) -> str:
        return canonical_query(self.deployment, self.unit)

    @property
    def link_query(self) -> str:
        """Of a copied link: with the rules and the needed memory of this moment."""
        return self.query and self.query + moment(self.estimate)

    @property
    def needed(self) -> int:
        """Over all GPUs."""
        return needed_bytes(self.memory)

    @property
    def needed_words(self) -> str:
        return self.amount(self.needed)

    @cached_property
    def words(self) -> str:
        return str(VERDICTS[self.estimate.verdict][0])

    @property
    def icon(self) -> str:
        return VERDICTS[self.estimate.verdict][1]

    @property
    def tone(self) -> str:
        return VERDICTS[self.estimate.verdict][2]

    @cached_property
    def detail(self) -> str:
        return detail(self.deployment, self.estimate, self.amount)

    @cached_property
    def reasons(self) -> list[str]:
        return [reason_words(reason, self.amount) for reason in self.estimate.reasons]

    @property
    def reason_sources(self) -> list[str]:
        """Addresses behind the reasons."""
        texts = [str(reason.values.get("source", "")) for reason in self.estimate.reasons]
        return [source for text in texts for source in text.split("; ") if source]

    @cached_property
    def bars(self) -> list[DeviceBar]:
        """Every GPU's and, where something stands there, that of system memory."""
        memory = self.memory
        if memory is None:
            return []
        found = [self.gpu_bar(gpu, bar) for gpu, bar in bars_of(memory)]
        host = host_bar(memory)
        return [*found, *([DeviceBar(host, self.drawn(host), self.amount(memory.host_bytes))] if host else [])]

    def gpu_bar(self, gpu: GpuMemory, bar: Bar) -> DeviceBar:
        return DeviceBar(
            bar=bar,
            svg=self.drawn(bar),
            used=_("필요 %(needed)s (%(share)s%%)") % {"needed": self.amount(gpu.needed), "share": share_of(gpu)},
            device=self.device_name(gpu),
            needed=gpu.needed,
            reserved=_("예약 %s") % self.amount(gpu.reserved) if gpu.reserved else "",
            capacity=self.amount(gpu.usable),
        )

    @property
    def legend(self) -> dict[str, str]:
        """Class -> name."""
        return legend(row.bar for row in self.bars)

    def drawn(self, bar: Bar) -> SafeString:
        return memory_bar(bar, self.amount)

    def device_name(self, gpu: GpuMemory) -> str:
        return next(device.name for device in self.deployment.devices if device.id == gpu.device)

    @cached_property
    def breakdown(self) -> Breakdown | None:
        return breakdown(self.memory, self.amount) if self.memory else None

    @property
    def model_name(self) -> str:
        return catalog.model(self.deployment.model).name

    @cached_property
    def model_line(self) -> str:
        found, weights = self.estimate, format_name(self.deployment.weights.id)
        total, active = found.parameters, found.active_parameters
        if active == total:
            counted = _("파라미터 %s") % billions(total)
        else:
            values = {"total": billions(total), "active": billions(active)}
            counted = _("파라미터 %(total)s 중 토큰마다 %(active)s 사용") % values
        return f"{self.model_name} · {weights} {self.amount(found.weights_bytes)} · {counted}"

    @cached_property
    def limits(self) -> list[str]:
        """The reverse answers: how long, how many, and what one request more costs."""
        memory = self.memory
        if memory is None or not memory.max_context:
            return []
        requests, context = self.deployment.requests, self.deployment.context
        found = [
            ngettext(
                "요청 %(n)s건이면 문맥을 %(context)s토큰까지 늘릴 수 있어요.",
                "요청 %(n)s건이면 문맥을 %(context)s토큰까지 늘릴 수 있어요.",
                requests,
            )
            % {"n": f"{requests:,}", "context": f"{memory.max_context:,}"}
        ]
        if memory.max_requests:
            found.append(
                _("문맥 %(context)s토큰이면 동시 요청을 %(n)s건까지 받을 수 있어요.")
                % {"n": f"{memory.max_requests:,}", "context": f"{context:,}"}
            )
        cost = max(gpu.part("kv_cache") for gpu in memory.gpus) // requests
        found.append(_("요청이 1건 늘 때마다 KV 캐시에 GPU당 %s쯤 더 들어요.") % self.amount(cost))
        return found

    @cached_property
    def suggestions(self) -> list[dict[str, str]]:
        """Each with its address: the same deployment with the change."""
        return [
            {
                "words": suggestion_words(suggestion),
                "query": canonical_query(with_change(self.deployment, suggestion.change), self.unit),
                "verdict": str(VERDICTS[suggestion.verdict][0]),
            }
            for suggestion in self.estimate.suggestions
        ]

    @cached_property
    def speed(self) -> dict[str, str]:
        slow, fast = self.estimate.speed["decode_tokens_per_second"] or (None, None)
        prefill = self.estimate.speed["prefill_tokens_per_second"]
        unknown = _("기록 없음")
        return {
            "decode": unknown if fast is None else f"{slow:,.0f}–{fast:,.0f} tok/s",
            "prefill": unknown if prefill is None else f"{prefill:,.0f} tok/s",
        }

    @property
    def downloads(self) -> list[tuple[str, str]]:
        return [
            (_("%s로 내려받기") % name, duration(download_seconds(self.estimate.file_bytes, rate)))
            for rate, name in LINES
        ]

    @property
    def disk(self) -> str:
        return self.amount(self.estimate.file_bytes)

    @property
    def offloads(self) -> bool:
        return self.estimate.verdict == Verdict.FITS_WITH_OFFLOAD

    @cached_property
    def command(self) -> str:
        """A long line with a line for each flag."""
        lines = self.estimate.command.splitlines()
        return "\n".join(line if len(line) <= LONG_COMMAND else FLAG.sub(" \\\n  ", line) for line in lines)

    @property
    def trial(self) -> str:
        return trial_of(self.deployment.engine, self.estimate.command)


def share_of(gpu: GpuMemory) -> int:
    return round(100 * gpu.needed / gpu.usable)


def billions(count: int) -> str:
    """In units of 10^8, as Korean counts."""
    return _("%s억") % f"{count / 1e8:,.{1 if count < 1e10 else 0}f}"


def duration(seconds: float) -> str:
    if seconds < 60:
        return _("%s초") % max(1, round(seconds))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("%s분") % minutes
    return _("%(hours)s시간 %(minutes)s분") % {"hours": minutes // 60, "minutes": minutes % 60}
