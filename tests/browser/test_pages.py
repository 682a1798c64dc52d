"""What every page keeps to in a real browser: nothing too wide, no cookie, no error, few bytes, no need of scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from .conftest import guest
from .pages import ALL_PAGES, GUEST_PAGES, open_dialog, open_every_fold
from .served.site import Site

MOST_BYTES = 35 * 1024
COUNTED = {"Document", "Stylesheet", "Script"}

every_page = pytest.mark.parametrize("address", ALL_PAGES.values(), ids=ALL_PAGES.keys())
every_guest_page = pytest.mark.parametrize("address", GUEST_PAGES.values(), ids=GUEST_PAGES.keys())


def test_the_dialog_fits_a_small_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    open_dialog(page)
    open_every_fold(page)
    wider = "[document.documentElement, sheet, document.getElementById('sheet-body')].map((e) => e.scrollWidth - 360)"
    assert max(page.evaluate(wider)) <= 0


@every_page
def test_no_error_no_cookie_and_nothing_wider_than_a_small_phone(page: Page, site: Site, address: str) -> None:
    troubles: list[str] = []

    def note(message: ConsoleMessage) -> None:
        is_the_status_of_the_page = message.location["url"] == site.url + address
        if message.type in ("error", "warning") and not is_the_status_of_the_page:
            troubles.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    page.locator("button[data-theme-toggle]").first.click()
    open_every_fold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert troubles == []
    assert address not in GUEST_PAGES.values() or page.context.cookies() == []


def test_the_dialog_sets_no_cookie(page: Page) -> None:
    open_dialog(page)
    assert page.context.cookies() == []


@every_guest_page
def test_few_bytes(page: Page, address: str) -> None:
    """HTML, CSS and JavaScript of a first view as they travel; without headers, which HTTP/2 packs."""
    heads: dict[str, int] = {}
    bodies: dict[str, int] = {}

    def begin(event: dict[str, Any]) -> None:
        if event["type"] in COUNTED:
            heads[event["requestId"]] = event["response"]["encodedDataLength"]

    def end(event: dict[str, Any]) -> None:
        bodies[event["requestId"]] = event["encodedDataLength"] - heads.get(event["requestId"], 0)

    protocol = page.context.new_cdp_session(page)
    protocol.on("Network.responseReceived", begin)
    protocol.on("Network.loadingFinished", end)
    protocol.send("Network.enable")
    page.goto(address)
    sizes = [bodies[request] for request in heads]
    assert min(sizes) > 0
    assert sum(sizes) <= MOST_BYTES


@every_page
def test_readable_without_script(chromium: Browser, site: Site, page: Page, address: str) -> None:
    with guest(chromium, site, java_script_enabled=False) as plain:
        plain.goto(address)
        expect(plain.locator("h1")).to_be_visible()
        without = plain.locator("body").text_content()
    page.goto(address)
    page.evaluate("document.querySelectorAll('.highlight > button').forEach((button) => button.remove())")
    assert words(without) == words(page.locator("body").text_content())


def words(text: str | None) -> list[str]:
    return re.sub(r"csrf\w+", "", text or "").split()


def test_a_chosen_theme_stays_and_does_not_flash(page: Page) -> None:
    page.add_init_script(
        """new PerformanceObserver((paints) => {
          for (const paint of paints.getEntries())
            if (paint.name === "first-paint") window.firstTheme = document.documentElement.dataset.theme;
        }).observe({ type: "paint", buffered: true });"""
    )
    page.goto("/community.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator("button[data-theme-toggle]").click()
    dark = page.evaluate(ground)
    assert dark != light
    for address in ("/community.html", "/notes/", "/q/101/"):
        page.goto(address)
        page.wait_for_function("() => window.firstTheme")
        assert page.evaluate("[window.firstTheme, document.documentElement.dataset.theme]") == ["dark", "dark"]
        assert page.evaluate(ground) == dark
    page.locator("button[data-theme-toggle]").click()
    page.reload()
    assert page.evaluate(ground) == light
