"""A press on a link ends where it began: leaving a field that was typed in must not put the same rows in anew."""

import re

from playwright.sync_api import Locator, Page, expect


def press_slowly(link: Locator) -> None:
    """As people do: the button goes down, the field loses its focus, an answer has time to come, the button goes up."""
    box = link.bounding_box()
    assert box is not None
    mouse = link.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    link.page.wait_for_timeout(500)
    mouse.up()


def test_a_row_opens_right_after_a_search(page: Page) -> None:
    page.goto("/community.html")
    page.locator("#filters [name=q]").press_sequentially("vLLM")
    expect(page).to_have_url(re.compile("q=vLLM"))
    row = page.locator("a.row-link").first
    address = row.get_attribute("href")
    press_slowly(row)
    expect(page.locator("#sheet article.question")).to_have_attribute("data-url", str(address))


def test_the_home_page_s_answer_leads_on_right_after_typing(page: Page) -> None:
    page.goto("/")
    page.locator(".quick [name=model]").fill("qwen3-14b")
    expect(page.locator("#quick-answer a").last).to_have_attribute("href", re.compile("qwen3-14b"))
    press_slowly(page.locator("#quick-answer a").last)
    expect(page.locator("#verdict")).to_be_visible()


def test_a_suggestion_is_followed_right_after_typing(page: Page) -> None:
    page.goto("/calculator/?model=qwen3-32b&engine=vllm&weights=bf16&gpu=rtx-4090")
    page.locator("#context").fill("4096")
    suggestion = page.locator(".suggestions a").first
    expect(suggestion).to_have_attribute("href", re.compile("context=4096"))
    address = suggestion.get_attribute("href")
    press_slowly(suggestion)
    expect(page).to_have_url(re.compile(re.escape(str(address)) + "$"))
