"""The dialog, row by row of its table of behaviours: what opens it, what closes it, and what is never shown."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import guest
from .reader import LIST, click_in_page, is_full_page, open_list, row, row_paths, sees_list, sees_question
from .served.site import Site, number

TITLE = "최신 토론 및 정보 · AiNex"


def scroll_of(page: Page) -> float:
    position: float = page.evaluate("scrollY")
    return position


@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_row_opens_its_own_question(page: Page, place: int) -> None:
    path = open_list(page)[place]
    page.locator(row(path)).click()
    sees_question(page, path)


def test_every_row_of_every_page_opens_its_own_question(page: Page) -> None:
    address: str | None = LIST
    seen = []
    while address:
        for path in open_list(page, address):
            click_in_page(page, [path])
            sees_question(page, path)
            seen.append(path)
        page.keyboard.press("Escape")
        sees_list(page, address)
        following = page.locator(".pager a[rel=next]")
        address = (
            page.evaluate("(link) => link.pathname + link.search", following.element_handle())
            if following.count()
            else None
        )
    assert len(seen) == len(set(seen)) == int(page.locator(".chip b").first.inner_text())


def test_address_and_dialog_come_before_the_answer(page: Page, site: Site) -> None:
    path = open_list(page)[1]
    site.tell(held=(path,))
    at_once = page.evaluate(
        """(path) => {
          document.querySelector(`a.row-link[href="${path}"]`).click();
          const shade = getComputedStyle(document.querySelector(".skeleton")).opacity;
          return [location.pathname, sheet.open, document.title, shade, document.activeElement.id];
        }""",
        path,
    )
    assert at_once == [path, True, TITLE, "0", "sheet-title"]
    page.wait_for_function("() => getComputedStyle(document.querySelector('.skeleton')).opacity > 0")
    site.tell()
    sees_question(page, path)


@pytest.mark.parametrize("way", ["Escape", "cross", "backdrop", "Back"])
def test_closing_leads_back_to_the_untouched_list(page: Page, way: str) -> None:
    paths = open_list(page)
    loads: list[str] = []
    page.on("request", lambda request: loads.append(request.url) if LIST in request.url else None)
    page.evaluate("scrollTo(0, 300)")
    page.locator(row(paths[3])).click()
    sees_question(page, paths[3])
    before = scroll_of(page)
    close(page, way)
    sees_list(page)
    expect(page.locator(row(paths[3]))).to_be_focused()
    assert (scroll_of(page), loads) == (before, [])


def close(page: Page, way: str) -> None:
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "cross":
        page.locator("#sheet form[method=dialog] button").click()
    elif way == "backdrop":
        page.mouse.click(40, 400)
    else:
        page.go_back()


def test_keyboard_alone(page: Page) -> None:
    path = open_list(page)[2]
    page.locator(row(path)).focus()
    page.keyboard.press("Enter")
    sees_question(page, path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('sheet').contains(document.activeElement)")
    page.keyboard.press("Escape")
    sees_list(page)
    expect(page.locator(row(path))).to_be_focused()
    page.keyboard.press("Enter")
    sees_question(page, path)


@pytest.mark.parametrize("key", ["Control", "Shift"])
def test_a_click_with_a_key_opens_another_tab(page: Page, key: str) -> None:
    path = open_list(page)[0]
    with page.context.expect_page() as opened:
        page.locator(row(path)).click(modifiers=[key])  # type: ignore[list-item]
    is_full_page(opened.value, path)
    sees_list(page)


def test_a_middle_click_opens_another_tab(page: Page) -> None:
    path = open_list(page)[0]
    with page.context.expect_page() as opened:
        page.locator(row(path)).click(button="middle")
    is_full_page(opened.value, path)
    sees_list(page)


def test_alt_and_meta_are_left_to_the_browser(page: Page) -> None:
    path = open_list(page)[0]
    with page.expect_download():
        page.locator(row(path)).click(modifiers=["Alt"])
    sees_list(page)
    page.locator(row(path)).click(modifiers=["Meta"])  # on macOS another tab, elsewhere a plain link
    is_full_page(page, path)


def test_next_and_previous_follow_the_rows(page: Page) -> None:
    paths = open_list(page)
    page.locator(row(paths[0])).click()
    length = page.evaluate("history.length")
    backward, forward = page.locator("[data-sheet-previous]"), page.locator("[data-sheet-next]")
    expect(backward).to_be_disabled()
    for path in paths[1:]:
        forward.click()
        sees_question(page, path)
    expect(forward).to_be_disabled()
    backward.click()
    sees_question(page, paths[-2])
    assert page.evaluate("history.length") == length
    page.go_back()
    sees_list(page)
    expect(page.locator(row(paths[-2]))).to_be_focused()
    expect(page.locator(row(paths[-2]))).to_be_in_viewport()


def test_forward_opens_the_same_question(page: Page) -> None:
    path = open_list(page)[4]
    click_in_page(page, [path])
    sees_question(page, path)
    for leave in ("Escape", "Back"):
        close(page, leave)
        sees_list(page)
        page.go_forward()
        sees_question(page, path)


def test_closed_while_loading_stays_closed(page: Page, site: Site) -> None:
    path = open_list(page)[0]
    site.tell(held=(path,))
    with page.expect_event("requestfailed") as given_up:
        click_in_page(page, [path])
        page.keyboard.press("Escape")
        sees_list(page)
    assert given_up.value.url == f"{site.url}{path}sheet/"
    site.tell()
    page.wait_for_timeout(200)
    sees_list(page)


def test_escape_also_takes_back_a_click_that_waits(page: Page) -> None:
    paths = open_list(page)
    click_in_page(page, paths[:1])
    sees_question(page, paths[0])
    page.evaluate(
        """(path) => new Promise((done) => {
          document.getElementById("sheet").addEventListener("close", () => {
            document.querySelector(`a.row-link[href="${path}"]`).click();
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
            done();
          }, { once: true });
          document.getElementById("sheet").close();
        })""",
        paths[1],
    )
    page.wait_for_timeout(300)
    sees_list(page)


def test_reload_shows_the_full_page_and_back_the_list(page: Page) -> None:
    path = open_list(page)[1]
    click_in_page(page, [path])
    sees_question(page, path)
    page.reload()
    is_full_page(page, path)
    page.go_back()
    expect(page.locator("a.row-link").first).to_be_visible()
    sees_list(page)
    page.go_forward()
    sees_question(page, path)


@pytest.mark.parametrize("place", [".sheet-foot [data-sheet-full]", ".message [data-sheet-full]"])
def test_the_full_page_and_back(page: Page, site: Site, place: str) -> None:
    path = open_list(page)[1]
    site.tell(failing=(path,) if ".message" in place else ())
    click_in_page(page, [path])
    page.locator(place).click()
    is_full_page(page, path)
    page.go_back()
    expect(page.locator("a.row-link").first).to_be_visible()
    sees_list(page)


def test_an_error_is_told_and_can_be_tried_again(page: Page, site: Site) -> None:
    path = open_list(page)[2]
    site.tell(failing=(path,))
    click_in_page(page, [path])
    expect(page.locator("#sheet [role=alert]")).to_be_visible()
    expect(page.locator(".message [data-sheet-full]")).to_have_attribute("href", path)
    page.locator("[data-sheet-retry]").click()
    expect(page.locator("#sheet [role=alert]")).to_be_visible()
    site.tell()
    page.locator("[data-sheet-retry]").click()
    sees_question(page, path)


def test_offline_is_told_and_can_be_tried_again(page: Page) -> None:
    path = open_list(page)[2]
    page.context.set_offline(True)
    click_in_page(page, [path])
    expect(page.locator("#sheet [role=alert]")).to_be_visible()
    page.context.set_offline(False)
    page.locator("[data-sheet-retry]").click()
    sees_question(page, path)


def test_an_error_can_be_left_for_the_next_question(page: Page, site: Site) -> None:
    paths = open_list(page)
    site.tell(failing=(paths[0],))
    click_in_page(page, paths[:1])
    expect(page.locator("#sheet [role=alert]")).to_be_visible()
    page.locator("[data-sheet-next]").click()
    sees_question(page, paths[1])


def test_a_slow_answer_is_told_and_still_painted(page: Page, site: Site) -> None:
    page.clock.install()
    path = open_list(page)[2]
    site.tell(held=(path,))
    click_in_page(page, [path])
    page.clock.run_for(6_000)
    expect(page.locator("#sheet .message[role=status]")).to_have_count(0)
    page.clock.run_for(2_500)
    expect(page.locator("#sheet .message[role=status]")).to_be_visible()
    expect(page.locator("[data-sheet-retry]")).to_be_visible()
    page.clock.resume()
    site.tell()
    sees_question(page, path)


@pytest.mark.parametrize(
    "body",
    [
        '<article class="question" data-url="/q/999/"><h1 id="sheet-title" tabindex="-1">남의 답</h1></article>',
        '<article class="question" data-url="{path}"><h1>답</h1></article><p>덧붙은 글</p>',
        "<!doctype html><title>로그인</title><form>와이파이 로그인</form>",
        "",
    ],
)
def test_a_foreign_body_is_never_painted(page: Page, site: Site, body: str) -> None:
    paths = open_list(page)
    site.tell(foreign={paths[1]: body.replace("{path}", paths[1])})
    page.locator(row(paths[1])).click()
    is_full_page(page, paths[1])
    page.go_back()
    expect(page.locator("a.row-link").first).to_be_visible()
    sees_list(page)


def test_an_old_deep_link_opens_the_dialog(page: Page) -> None:
    open_list(page, f"{LIST}#q-103")
    sees_question(page, "/q/103/")
    page.keyboard.press("Escape")
    sees_list(page)
    expect(page.locator(row("/q/103/"))).to_be_focused()
    page.evaluate("location.hash = 'q-104'")
    sees_question(page, "/q/104/")
    page.go_back()
    sees_list(page)


def test_an_old_deep_link_to_a_row_of_another_page_opens_it_too(page: Page) -> None:
    paths = open_list(page, f"{LIST}?page=2")
    page.goto(f"{LIST}#q-{number(paths[0])}")
    expect(page.locator("#sheet article")).to_be_visible()
    assert page.evaluate("[location.pathname, document.querySelector('#sheet article').dataset.url]") == [paths[0]] * 2
    expect(page.locator("[data-sheet-next]")).to_be_disabled()
    page.keyboard.press("Escape")
    sees_list(page)


def test_an_old_deep_link_to_nothing_leads_to_the_404_page(page: Page) -> None:
    page.goto(f"{LIST}#q-99999")
    expect(page.locator("body")).to_contain_text("404")
    expect(page).to_have_url(re.compile("/q/99999/$"))


def test_a_filtered_list(page: Page) -> None:
    open_list(page)
    page.locator("input[name=q]").fill("vLLM")
    page.wait_for_function("() => location.search.includes('q=vLLM')")
    address = page.evaluate("location.pathname + location.search")
    paths = row_paths(page)
    page.locator(row(paths[1])).click()
    sees_question(page, paths[1])
    page.locator("[data-sheet-next]").click()
    sees_question(page, paths[2])
    page.keyboard.press("Escape")
    sees_list(page, address)
    page.go_forward()
    sees_question(page, paths[2])
    page.go_back()
    sees_list(page, address)
    assert row_paths(page) == paths


def test_a_list_filtered_behind_the_dialog_keeps_out_of_its_address(page: Page) -> None:
    paths = open_list(page)
    page.locator("input[name=q]").press_sequentially("vLLM")
    click_in_page(page, paths[:1])
    sees_question(page, paths[0])
    page.wait_for_function("(before) => document.querySelectorAll('a.row-link')[1].pathname !== before", arg=paths[1])
    assert page.evaluate("[location.pathname, document.getElementById('sheet').open]") == [paths[0], True]
    page.keyboard.press("Escape")
    page.wait_for_function("() => location.search.includes('q=vLLM')")
    sees_list(page, page.evaluate("location.pathname + location.search"))


def test_a_heading_s_link_inside_keeps_one_way_back(page: Page) -> None:
    open_list(page)
    click_in_page(page, ["/q/101/"])
    sees_question(page, "/q/101/")
    page.locator("#sheet-body a[href^='#']").first.evaluate("(link) => link.click()")
    assert page.evaluate("location.pathname + location.hash").startswith("/q/101/#")
    sees_question_with_hash = page.evaluate("document.querySelector('#sheet article').dataset.url")
    assert sees_question_with_hash == "/q/101/"
    page.go_back()
    sees_list(page)


def test_a_link_to_another_question_leads_to_its_page(page: Page) -> None:
    open_list(page)
    click_in_page(page, ["/q/101/"])
    sees_question(page, "/q/101/")
    link = page.locator("#sheet-body .prose a[href^='/q/']").first
    path = link.get_attribute("href")
    assert path
    link.click()
    is_full_page(page, path)
    page.go_back()
    expect(page.locator("article.question")).to_have_attribute("data-url", "/q/101/")


def test_the_home_page_has_the_dialog_too(page: Page) -> None:
    paths = open_list(page, "/")
    title = page.title()
    page.locator(row(paths[0])).click()
    sees_question(page, paths[0])
    page.keyboard.press("Escape")
    sees_list(page, "/", title)


def test_the_link_is_copied_from_the_address(page: Page, site: Site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    paths = open_list(page)
    page.locator(row(paths[0])).click()
    sees_question(page, paths[0])
    page.locator("[data-sheet-next]").click()
    sees_question(page, paths[1])
    page.locator("#sheet .sheet-top [data-copy]").click()
    expect(page.locator(".toast")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == site.url + paths[1]


def test_a_close_that_the_browser_drops_still_ends_at_the_list(page: Page) -> None:
    path = open_list(page)[0]
    click_in_page(page, [path])
    sees_question(page, path)
    page.evaluate("history.back = () => {}")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(f"{LIST}$"))
    sees_list(page)
    click_in_page(page, [path])
    sees_question(page, path)


def test_without_script_rows_lead_to_pages(chromium: Browser, site: Site) -> None:
    with guest(chromium, site, java_script_enabled=False) as page:
        page.goto(LIST)
        link = page.locator(".row-link").nth(1)
        path = link.get_attribute("href")
        assert path
        link.click()
        is_full_page(page, path)
        page.go_back()
        expect(page.locator(".row-link")).to_have_count(8)
