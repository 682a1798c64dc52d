"""The calculator in a browser: the result follows the form, the address the result; an error keeps both."""

import re

from playwright.sync_api import Browser, Page, Route, expect

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


def test_a_copied_link_gives_the_same_figures_to_another_reader(page: Page, chromium: Browser, site: Site) -> None:
    page.goto("/calculator/")
    page.select_option("#engine", "llama.cpp")
    expect(page.locator("#weights")).to_have_value("gguf-q4_k_m")
    page.fill("#gpus", "2")
    page.fill("#context", "16384")
    expect(page.locator("#results")).to_have_attribute("data-query", re.compile("gpus=2&context=16384"))
    link, figures = page.locator("#results input[readonly]").first.input_value(), figures_of(page)
    with guest(chromium, site) as other:
        other.goto(link)
        assert figures_of(other) == figures
        expect(other.locator("#gpus")).to_have_value("2")
        expect(other.locator("#engine")).to_have_value("llama.cpp")


def figures_of(page: Page) -> list[str]:
    return [page.locator("#verdict").inner_text(), *page.locator(".breakdown .number").all_inner_texts()]


def test_back_and_forward_walk_through_the_results(page: Page) -> None:
    page.goto("/calculator/")
    steps = [("8192", "1", figures_of(page))]
    for field, value in [("#context", "16384"), ("#requests", "3")]:
        page.fill(field, value)
        page.locator(field).press("Tab")
        expect(page.locator("#results")).to_have_attribute("data-query", re.compile(f"{field[1:]}={value}"))
        steps.append((page.input_value("#context"), page.input_value("#requests"), figures_of(page)))
    assert len({figures[0] for _context, _requests, figures in steps}) == 3
    for travel, step in [("back", 1), ("back", 0), ("forward", 1), ("forward", 2)]:
        page.go_back() if travel == "back" else page.go_forward()
        context, requests, figures = steps[step]
        expect(page.locator("#context")).to_have_value(context)
        expect(page.locator("#requests")).to_have_value(requests)
        expect(page.locator("#verdict")).to_have_text(figures[0])
        assert figures_of(page) == figures


def test_typing_makes_one_entry_and_leaving_without_a_change_none(page: Page) -> None:
    page.goto("/calculator/")
    entries = page.evaluate("history.length")
    for value in ("4096", "4000", "3000"):
        page.fill("#context", value)
        expect(page).to_have_url(re.compile(f"context={value}$"))
    page.locator("#context").press("Tab")
    page.locator("#requests").press("Tab")
    page.wait_for_timeout(600)
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    expect(page.locator("#context")).to_have_value("8192")


def test_a_late_answer_never_overwrites_a_newer_one(page: Page) -> None:
    page.goto("/calculator/")
    late: list[Route] = []

    def hold_the_first(route: Route) -> None:
        late.append(route) if not late else route.continue_()

    page.route("**/calculator/result/*", hold_the_first)
    page.fill("#context", "4096")
    page.wait_for_timeout(500)
    assert len(late) == 1
    expect(page.locator("#results")).to_have_attribute("aria-busy", "true")  # the old result stands there meanwhile
    page.fill("#context", "2048")
    expect(page).to_have_url(re.compile("context=2048$"))
    late[0].continue_()
    page.wait_for_timeout(300)
    expect(page).to_have_url(re.compile("context=2048$"))
    expect(page.locator("#results")).to_contain_text("문맥 2,048토큰이면")


def test_my_gpu_is_kept_in_the_browser_and_forgotten_on_demand(page: Page) -> None:
    page.goto("/calculator/")
    expect(page.locator("#my-gpu")).to_be_hidden()
    page.fill("#gpu", "rtx-3090")
    page.fill("#gpus", "2")
    expect(page.locator("#my-gpu b")).to_have_text("RTX 3090 × 2")
    page.goto("/calculator/?gpu=h100-80gb")
    expect(page.locator("#my-gpu b")).to_have_text("RTX 3090 × 2")  # a link that was followed is not one's own card
    page.locator("#my-gpu [data-take]").click()
    expect(page).to_have_url(re.compile("gpu=rtx-3090&gpus=2$"))
    page.locator("#my-gpu [data-forget]").click()
    expect(page.locator("#my-gpu")).to_be_hidden()
    page.reload()
    expect(page.locator("#my-gpu")).to_be_hidden()


def test_on_a_phone_the_result_follows_down_the_form(chromium: Browser, site: Site) -> None:
    with guest(chromium, site, viewport={"width": 390, "height": 700}) as page:
        page.goto("/calculator/")
        line = page.locator("#at-foot")
        expect(line).to_be_in_viewport(ratio=1)
        expect(line).to_contain_text("들어가요")
        page.fill("#gpu", "rtx-3060-12gb")
        expect(line).to_contain_text("안 들어가요")
        page.fill("#requests", "0")
        expect(line).to_contain_text("동시 요청 1–1,000,000 사이의 정수로")  # its own error may be hidden
        page.fill("#requests", "1")
        expect(line).to_contain_text("안 들어가요")
        page.locator(".more > summary").click()
        for field in page.locator(".settings .field").all():
            field.focus()
            box, cover = field.bounding_box(), line.bounding_box()
            assert box and cover and box["y"] + box["height"] <= cover["y"]
        line.click()
        expect(page.locator("#verdict")).to_be_in_viewport()


def test_without_script_the_button_calculates(chromium: Browser, site: Site) -> None:
    with guest(chromium, site, java_script_enabled=False) as page:
        page.goto("/calculator/")
        page.fill("#requests", "2")
        page.get_by_role("button", name="계산하기").click()
        expect(page).to_have_url(re.compile(re.escape(f"?{EXAMPLE}&requests=2") + "$"))
        expect(page.locator("#verdict")).to_be_visible()
