"""The site behind a door that does as it is told: fragments late, broken or foreign, and every answer written down.

`orders.json` says what happens to /q/<n>/sheet/, by number: {"delays": {"101": 0.1}, "held": ["102"],
"failing": ["103"], "foreign": {"104": "<p>…"}}. A held answer waits until the orders no longer hold it.
`answers.log` gets a line as each answer is sent: how many requests came before it, its number, the time.
"""

import itertools
import json
import os
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ainex.wsgi import application as site

FOLDER = Path(os.environ["SERVED_FOLDER"])
SHEET = re.compile(r"/q/(\d+)/sheet/")
requests = itertools.count()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    sheet = SHEET.fullmatch(environ["PATH_INFO"])
    return answer(sheet[1], environ, start_response) if sheet else site(environ, start_response)


def answer(number: str, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    place = next(requests)
    orders = read_orders()
    time.sleep(orders["delays"].get(number, 0))
    while number in orders["held"]:
        time.sleep(0.02)
        orders = read_orders()
    with (FOLDER / "answers.log").open("a") as log:
        log.write(f"{place} {number} {time.monotonic():.4f}\n")
    if number in orders["failing"]:
        return plain("500 Internal Server Error", "<h1>500</h1>", start_response)
    if number in orders["foreign"]:
        return plain("200 OK", orders["foreign"][number], start_response)
    return site(environ, start_response)


def read_orders() -> dict[str, Any]:
    orders: dict[str, Any] = json.loads((FOLDER / "orders.json").read_text())
    return orders


def plain(status: str, html: str, start_response: Callable[..., Any]) -> list[bytes]:
    start_response(status, [("Content-Type", "text/html; charset=utf-8")])
    return [html.encode()]
