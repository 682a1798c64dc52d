"""Each of the dialog's three guards is needed: with one cut out of sheet.js, what it guards against happens."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from .reader import LIST, click_in_page, open_list, row, row_paths, sees_list, sees_question
from .served.site import Site, number

FOREIGN = '<article class="question" data-url="/q/999/"><h1 id="sheet-title" tabindex="-1">남의 답</h1></article>'

Scenario = Callable[[Page, Site], None]


def a_foreign_body_is_refused(page: Page, site: Site) -> None:
    path = open_list(page)[1]
    site.tell(foreign={path: FOREIGN})
    page.locator(row(path)).click()
    expect(page.locator("article.question")).to_be_visible()  # in the dialog, or as the full page
    assert page.locator("#sheet article").count() == 0


def a_given_up_request_is_called_off(page: Page, site: Site) -> None:
    """A second wish must not queue behind the first."""
    page.goto(f"{LIST}?page=2")
    elsewhere = row_paths(page)[0]
    path = open_list(page)[1]
    site.tell(held=(path,))
    click_in_page(page, [path])
    page.keyboard.press("Escape")
    sees_list(page)
    page.evaluate("(hash) => { location.hash = hash; }", f"q-{number(elsewhere)}")
    expect(page.locator("#sheet article")).to_have_attribute("data-url", elsewhere, timeout=3_000)


def nothing_is_painted_into_a_closed_dialog(page: Page, site: Site) -> None:
    """The reader closes in the very moment in which the answer arrives."""
    path = open_list(page)[1]
    page.evaluate("document.addEventListener('htmx:beforeOnLoad', () => sheet.close(), { once: true })")
    click_in_page(page, [path])
    sees_list(page)


GUARDS: list[tuple[str, str, Scenario]] = [
    ("isThisQuestion(xhr.response)", "true", a_foreign_body_is_refused),
    ('htmx.trigger(body, "htmx:abort");', "", a_given_up_request_is_called_off),
    ("if (!dialog.open) return false;", "", nothing_is_painted_into_a_closed_dialog),
]


@pytest.mark.parametrize("scenario", [scenario for _, _, scenario in GUARDS])
def test_the_whole_script_holds(page: Page, site: Site, scenario: Scenario) -> None:
    scenario(page, site)


def cut_out(page: Page, guard: str, instead: str) -> list[str]:
    """Serves sheet.js without the guard; the list fills as it is fetched."""
    served: list[str] = []

    def fulfil(route: Route) -> None:
        script = route.fetch().text()
        assert script.count(guard) == 1
        served.append(script.replace(guard, instead))
        route.fulfill(body=served[-1], content_type="text/javascript")

    page.route(re.compile(r"/js/sheet\.[0-9a-f]+\.js$"), fulfil)
    return served


@pytest.mark.parametrize(("guard", "instead", "scenario"), GUARDS)
def test_without_the_guard_it_does_not_hold(
    page: Page, site: Site, guard: str, instead: str, scenario: Scenario
) -> None:
    served = cut_out(page, guard, instead)
    with pytest.raises(AssertionError):
        scenario(page, site)
    assert served


@pytest.mark.parametrize(("guard", "instead"), [(guard, instead) for guard, instead, _ in GUARDS])
def test_a_cut_script_still_works(page: Page, guard: str, instead: str) -> None:
    """A script that is broken altogether would prove nothing."""
    served = cut_out(page, guard, instead)
    path = open_list(page)[2]
    page.locator(row(path)).click()
    sees_question(page, path)
    page.keyboard.press("Escape")
    sees_list(page)
    assert served
