"""Model notes, their history, and the data behind their charts."""

import csv

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community.charts.throughput import throughput_panels
from community.content.revisions import note_revisions
from community.models import Benchmark, Citation, Claim, Note, Point

from .drafts import may_preview
from .errors import gone
from .questions import attach_sources
from .today import today


@require_safe
def note_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "notes/list.html", {"notes": Note.objects.published().with_tags().defer("body", "body_html")}
    )


@require_safe
def note_detail(request: HttpRequest, slug: str) -> HttpResponse:
    note = get_object_or_404(Note.objects.with_tags().select_related("benchmark", "replacement"), slug=slug)
    if note.withdrawn_at:
        return gone(request, note.withdrawn_reason, note.replacement)
    if not note.is_public and not may_preview(request):
        raise Http404
    claims = list(Claim.objects.filter(note=note).order_by("number"))
    citations = Citation.objects.select_related("source").filter(
        Q(note=note) | Q(claim__note=note) | Q(benchmark__isnull=False, benchmark=note.benchmark)
    )
    attach_sources([note, *claims], list(citations))
    context = {
        "note": note,
        "claims": claims,
        "panels": benchmark_panels(note.benchmark),
        "preview": not note.is_public,
        "due": bool(note.review_by and note.review_by <= today()),
    }
    return render(request, "notes/detail.html", context)


def benchmark_points(benchmark: Benchmark) -> list[Point]:
    points = Point.objects.filter(series__benchmark=benchmark).select_related("series")
    return list(points.order_by("series__position", "users"))


def benchmark_panels(benchmark: Benchmark | None) -> object | None:
    return throughput_panels(benchmark_points(benchmark)) if benchmark else None


@require_safe
def note_history(request: HttpRequest, slug: str) -> HttpResponse:
    note = get_object_or_404(Note.objects.published(), slug=slug)
    return render(request, "notes/history.html", {"note": note, "revisions": note_revisions(note)})


@require_safe
def benchmark_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The chart's numbers and nothing else."""
    benchmark = get_object_or_404(Benchmark, slug=slug, notes__in=Note.objects.published())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{benchmark.slug}.csv"'
    writer = csv.writer(response)
    writer.writerow(["engine", "version", "settings", "users", "tokens_per_second", "tokens_per_second_per_user"])
    for point in benchmark_points(benchmark):
        series = point.series
        writer.writerow(
            [
                series.engine,
                series.version,
                series.settings,
                point.users,
                point.tokens_per_second,
                f"{point.per_user:.2f}",
            ]
        )
    return response
