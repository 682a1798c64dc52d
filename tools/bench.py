"""CPU time of the site's pages, each through the whole WSGI stack, beside a bare Django view in the same run.

Figures of different machines do not compare; the ratios do. Run it with `make bench`.
"""

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from itertools import count

import django
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

ROUNDS = 20
REQUESTS = 5  # a page and round

# Fragments of the calculator; {new} is another number each time, so that no answer is at hand.
RESULTS = {
    "vLLM": "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090&context={new}",
    "vLLM, again": "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090",
    "vLLM, 2 GPUs": "model=qwen3-235b-a22b&engine=vllm&weights=gptq-int4&gpu=h100-80gb&gpus=2&context={new}",
    "llama.cpp": "model=llama-3-70b&engine=llama.cpp&weights=gguf-q4_k_m&gpu=rtx-4090&gpus=2&context={new}",
    "does not fit": "model=deepseek-r1&engine=vllm&weights=fp8&gpu=h100-80gb&gpus=8&context={new}",
    "offload": "model=qwen3-235b-a22b&engine=llama.cpp&weights=gguf-q4_k_m&gpu=rtx-4090,rtx-3090:2&context={new}",
    "refused": "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090&requests=0&context={new}",
}
new = count(4096)


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>bare</title>")


def addresses() -> dict[str, str]:
    from community.models import Note, Question  # after django.setup()

    question, note = Question.objects.published().first(), Note.objects.published().first()
    if question is None or note is None:
        raise SystemExit("There is no content to measure: python manage.py load_content")
    return {
        "bare view": "/bare/",
        "home": "/",
        "list": "/community.html",
        "question": question.get_absolute_url(),
        "fragment": f"{question.get_absolute_url()}sheet/",
        "note": note.get_absolute_url(),
        "API estimate": f"/api/v1/estimate?{RESULTS['vLLM, again']}",
        "API question": f"/api/v1/questions/{question.number}",
    } | {name: f"/calculator/result/?{query}" for name, query in RESULTS.items()}


def visit(handler: WSGIHandler, address: str) -> int:
    """One request as gunicorn would hand it over; the size of the answer."""
    statuses = []

    def start_response(status: str, headers: list[tuple[str, str]], error: object = None) -> Callable[[bytes], object]:
        statuses.append(status)
        return lambda data: None

    requests = RequestFactory(headers={"accept-encoding": "gzip", "host": "localhost"})
    environ = requests.get(address.format(new=next(new))).environ
    answer = handler(environ, start_response)
    size = sum(len(part) for part in answer)
    answer.close()
    if statuses != ["200 OK"]:
        raise SystemExit(f"{address} answered {statuses[0]}")
    return size


def cpu_milliseconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(REQUESTS):
        action()
    return (time.process_time() - start) * 1000 / REQUESTS


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ainex.settings")
    django.setup()
    from ainex.urls import urlpatterns

    urlpatterns.append(path("bare/", bare))
    handler = WSGIHandler()
    pages = addresses()
    sizes = {name: visit(handler, address) for name, address in pages.items()}  # the first visit compiles templates
    times: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ROUNDS):  # in turn, so that a busy moment of the machine falls on all
        for name, address in pages.items():
            times[name].append(cpu_milliseconds(partial(visit, handler, address)))
    bare_time = statistics.median(times["bare view"])
    print(f"{'page':14}{'CPU ms':>8}{'ratio':>8}{'bytes':>9}   (median of {ROUNDS} x {REQUESTS} requests, gzip)")
    for name, values in times.items():
        middle = statistics.median(values)
        print(f"{name:14}{middle:8.2f}{middle / bare_time:8.1f}{sizes[name]:9}")


if __name__ == "__main__":
    main()
