"""The calculator in a browser: the result follows the form, the address the result; an error keeps both."""

import re

from playwright.sync_api import Browser, Page, expect

from .conftest import guest
from .served.site import Site

EXAMPLE = "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090"


def test_result_and_address_follow_the_form(page: Page) -> None:
    page.goto("/calculator/")
    page.fill("#context", "4096")
    expect(page).to_have_url(re.compile(re.escape(f"?{EXAMPLE}&context=4096") + "$"))
    expect(page.locator("#results")).to_contain_text("문맥 4,096토큰이면")
    page.reload()
    expect(page.locator("#context")).to_have_value("4096")
    expect(page.locator("#results")).to_contain_text("문맥 4,096토큰이면")


def test_an_error_is_marked_and_keeps_the_last_result(page: Page) -> None:
    page.goto("/calculator/")
    verdict = page.locator("#verdict").inner_text()
    page.fill("#context", "0")
    expect(page.locator("#context")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#context-error")).to_contain_text("1–100,000,000")
    expect(page.locator("#verdict")).to_have_text(verdict)
    assert page.url.endswith("/calculator/")
    page.fill("#context", "8192")
    expect(page.locator("#context")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#context-error")).to_have_text("")


def test_another_engine_brings_its_own_formats_and_settings(page: Page) -> None:
    page.goto("/calculator/")
    page.locator("#engine").focus()
    page.select_option("#engine", "llama.cpp")
    expect(page.locator("#weights")).to_have_value("gguf-q4_k_m")
    expect(page.locator("#gpu_layers")).to_have_count(1)
    expect(page.locator("#utilization")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "engine"


def test_a_suggestion_is_one_click(page: Page) -> None:
    page.goto("/calculator/?engine=vllm&model=qwen3-32b&gpu=rtx-4090&weights=bf16")
    expect(page.locator("#verdict")).to_contain_text("안 들어가요")
    page.locator(".suggestions a").first.click()
    expect(page.locator("#verdict")).to_contain_text(re.compile("^(들어가요|빠듯해요)"))


def test_without_script_the_button_calculates(chromium: Browser, site: Site) -> None:
    with guest(chromium, site, java_script_enabled=False) as page:
        page.goto("/calculator/")
        page.fill("#requests", "2")
        page.get_by_role("button", name="계산하기").click()
        expect(page).to_have_url(re.compile(re.escape(f"?{EXAMPLE}&requests=2") + "$"))
        expect(page.locator("#verdict")).to_be_visible()
