"""axe-core finds nothing: every kind of page and the open dialog, both themes, wide and narrow, every fold open."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import guest
from .pages import ALL_PAGES, open_dialog, open_every_fold
from .served.site import Site

WIDTHS = [1280, 390]
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
THEMES: dict[str, dict[str, list[str]]] = {"light": {}, "dark": COLOURS}
axe = Axe()


@pytest.fixture(scope="module")
def still_page(chromium: Browser, site: Site) -> Iterator[Page]:
    """Without motion, so that nothing is judged half-way through a transition."""
    with guest(chromium, site, reduced_motion="reduce") as page:
        yield page


def violations(page: Page) -> list[str]:
    """What axe finds in both themes and widths of the page as it stands, its folds opened. Colours are all that a theme
    changes."""
    open_every_fold(page)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for theme, rules in THEMES.items():
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            for violation in axe.run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]:
                places = [node["target"] for node in violation["nodes"][:3]]
                found.append(f"{width} {theme}: {violation['id']}, {violation['help']}: {places}")
    return found


@pytest.mark.parametrize("address", ALL_PAGES.values(), ids=ALL_PAGES.keys())
def test_page(still_page: Page, address: str) -> None:
    still_page.goto(address)
    assert violations(still_page) == []


def test_open_dialog(still_page: Page) -> None:
    open_dialog(still_page)
    assert violations(still_page) == []


@pytest.mark.parametrize("message", ["sheet-slow", "sheet-failed"])
def test_dialog_with_a_message(still_page: Page, site: Site, message: str) -> None:
    open_dialog(still_page)
    still_page.evaluate(
        """(id) => document.getElementById("sheet-body").replaceChildren(
          document.getElementById(id).content.cloneNode(true))""",
        message,
    )
    assert violations(still_page) == []
