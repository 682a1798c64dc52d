"""The comparison without script, and the card in another site's frame."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from .conftest import guest
from .served.site import Site

EXAMPLE = "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090"
ELSEWHERE = "https://elsewhere.example/"


def test_a_result_is_compared_with_a_change_of_it_without_script(chromium: Browser, site: Site) -> None:
    with guest(chromium, site, java_script_enabled=False) as page:
        page.goto(f"/calculator/?{EXAMPLE}")
        page.get_by_role("link", name="값을 바꿔 견주기").click()
        expect(page.get_by_text("아직 다른 값이 없어요")).to_be_visible()
        page.get_by_label("형식").last.select_option("awq-4bit")
        page.get_by_role("button", name="견주기", exact=True).click()
        expect(page).to_have_url(re.compile(re.escape(f"/calculator/compare/?{EXAMPLE}&2.weights=awq-4bit") + "$"))
        expect(page.locator(".apart")).to_contain_text("기준보다 −")
        page.get_by_role("link", name="기준으로 삼기").click()
        expect(page).to_have_url(re.compile("weights=awq-4bit&gpu=rtx-4090&2.weights=bf16$"))
        expect(page.locator(".apart")).to_contain_text("기준보다 +")
        page.get_by_role("button", name="구성 더하기").click()
        expect(page.locator(".column")).to_have_count(3)


def test_a_copied_card_stands_on_another_site(chromium: Browser, site: Site, page: Page) -> None:
    page.goto(f"/calculator/?{EXAMPLE}")
    needed = page.locator("data.needed").first.get_attribute("value")
    page.locator("details.share summary").click()
    frame = page.locator("details.share pre", has_text="<iframe").inner_text()
    # Chromium asks before a public site may frame one of this machine.
    with guest(chromium, site, permissions=["local-network-access"]) as other:
        body = f"{frame}<iframe src='{site.url}/calculator/' title='refused'></iframe>"
        other.route(ELSEWHERE, lambda route: route.fulfill(content_type="text/html", body=body))
        other.goto(ELSEWHERE)
        card = other.frame_locator("iframe[title^=AiNex]")
        expect(card.locator("data.needed")).to_have_attribute("value", needed or "")
        height = card.locator("main").evaluate("(card) => [card.scrollHeight, innerHeight]")
        assert height[0] <= height[1]
        assert other.frames[-1].url.startswith("chrome-error:")
        assert other.context.cookies() == []
        with other.context.expect_page() as opened:
            card.get_by_role("link").click()
        expect(opened.value.locator("#verdict")).to_be_visible()


def test_axe_finds_nothing_in_a_card(page: Page) -> None:
    for query in (EXAMPLE, "gpu=nope"):
        page.goto(f"/calculator/embed/?{query}")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"] == []
