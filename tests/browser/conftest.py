"""A real server on its own SQLite file with the site's own content, and a real Chromium."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .served.site import Site, running

pytest.register_assert_rewrite("tests.browser.reader")

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing: install chromium or set CHROMIUM to its path"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """After the browser: without one nothing needs to be served."""
    with running(tmp_path_factory.mktemp("served")) as site:
        yield site


@contextmanager
def guest(chromium: Browser, site: Site, **options: Any) -> Iterator[Page]:
    """A reader with an empty browser."""
    site.tell()
    usual = {"base_url": site.url, "viewport": {"width": 1280, "height": 800}, "locale": "ko-KR"}
    context = chromium.new_context(**{**usual, **options})
    context.set_default_timeout(10_000)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    with guest(chromium, site) as page:
        yield page


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Randomness that a failing test prints the seed of; SEED=… repeats it."""
    seed = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
    print(f"SEED={seed} {request.node.name}")
    return random.Random(seed)
