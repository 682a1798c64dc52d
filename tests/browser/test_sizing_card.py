"""A calculation in an answer: drawn in the dialog, as wide as the screen, and the calculator's own."""

from playwright.sync_api import Browser, Page, expect

from .conftest import guest
from .pages import QUESTION
from .served.site import Site

CARD = "#sheet .prose .sizing"
FREE = f"{CARD} rect[fill='url(#hatch-free)']"


def open_card(page: Page) -> None:
    page.goto("/community.html?q=AWQ")
    page.locator(f'a.row-link[href="{QUESTION}"]').click()
    expect(page.locator(CARD).first).to_be_visible()


def test_the_card_leads_to_the_calculation_it_shows(page: Page) -> None:
    open_card(page)
    needed = page.locator(f"{CARD} data.needed").first.get_attribute("value")
    page.locator(f"{CARD} .sizing-foot a").first.click()
    expect(page.locator("#verdict")).to_be_visible()
    assert page.locator("#results data.needed").first.get_attribute("value") == needed


def test_the_card_is_drawn_in_the_dialog_of_a_narrow_screen(chromium: Browser, site: Site) -> None:
    with guest(chromium, site, viewport={"width": 390, "height": 800}) as page:
        open_card(page)
        assert page.locator("#hatch-free").count() == page.locator("#hatch-over").count() == 1
        assert page.locator(FREE).count() > 0
        fill = "(bar) => getComputedStyle(bar).fill"
        assert page.locator(f"{CARD} rect.weights").first.evaluate(fill) != "rgb(0, 0, 0)"
        overflow = "(card) => card.scrollWidth - card.clientWidth"
        assert page.locator(CARD).evaluate_all(f"(cards) => Math.max(...cards.map({overflow}))") <= 0
