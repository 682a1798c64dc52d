"""The quick question on the home page: answered in place, and on a page of its own without script."""

from playwright.sync_api import Browser, Page, expect

from .conftest import guest
from .served.site import Site


def test_the_answer_appears_in_place_and_leads_to_the_full_result(page: Page, site: Site) -> None:
    page.goto("/")
    answer = page.locator("#quick-answer")
    before = answer.locator("data.needed").first.get_attribute("value")
    page.locator(".quick [name=gpu]").select_option("rtx-3060-12gb")
    expect(answer).to_contain_text("GPTQ-int4")
    assert answer.locator("data.needed").first.get_attribute("value") != before
    page.locator(".quick [name=model]").fill("no-such-model")
    expect(answer).to_contain_text("목록에 없는 모델이에요")
    page.locator(".quick [name=model]").fill("qwen3-14b")
    expect(answer).to_contain_text("llama.cpp")
    assert page.url == f"{site.url}/"
    shown = answer.locator("data.needed").last.get_attribute("value")
    answer.locator("a").last.click()
    expect(page.locator("#verdict")).to_be_visible()
    expect(page.locator("data.needed").first).to_have_attribute("value", str(shown))


def test_without_script_it_is_answered_on_a_page(chromium: Browser, site: Site) -> None:
    with guest(chromium, site, java_script_enabled=False) as page:
        page.goto("/")
        page.locator(".quick [name=gpu]").select_option("h100-80gb")
        page.locator(".quick [name=gpus]").fill("2")
        page.locator(".quick button").click()
        expect(page.locator("#quick-answer data.needed")).to_have_count(2)
        expect(page.locator(".quick [name=gpus]")).to_have_value("2")
        expect(page.locator("h1")).to_have_text("모델과 GPU로 알아보기")
