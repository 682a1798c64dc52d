"""The forms that post, in Chromium: with and without JavaScript, from here and from elsewhere, without a cookie."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from community.sizing import catalog

from .conftest import guest
from .served.site import Site
from .test_axe import violations

CONFIG, LOG = "/calculator/config/", "/calculator/log/"
QWEN3 = json.dumps(dict(catalog.model("qwen3-8b").config), indent=2)
START = """\
INFO 05-02 09:00:00 [api_server.py:1] vLLM API server version 0.19.0
INFO 05-02 09:00:09 non-default args: {'model': 'Qwen/Qwen3-8B', 'max_model_len': 40960}
INFO 05-02 09:01:00 [gpu_model_runner.py:3905] Model loading took 15.27 GiB memory and 9.1 seconds
ValueError: To serve at least one request with the models's max seq len (40960), (5.62 GiB KV cache is needed, which \
is larger than the available KV cache memory (2.25 GiB). Based on the available memory, the estimated maximum model \
length is 16384.
"""


def send_config(page: Page) -> None:
    page.goto(CONFIG)
    page.fill("#config", QWEN3)
    page.fill("#context", "4096")
    page.get_by_role("button", name="계산하기").click()
    expect(page.locator("#verdict")).to_be_visible()


def send_log(page: Page) -> None:
    page.goto(LOG)
    page.fill("#log", START)
    page.fill("#gpu", "rtx-4090")
    page.get_by_role("button", name="로그 읽기").click()
    expect(page.locator("#results")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_config_is_answered_and_kept_in_the_form(chromium: Browser, site: Site, script: bool) -> None:
    with guest(chromium, site, java_script_enabled=script) as page:
        send_config(page)
        assert page.input_value("#config") == QWEN3
        assert page.input_value("#context") == "4096"
        assert page.url.endswith(f"{CONFIG}#results")
        assert page.context.cookies() == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_log_is_explained(chromium: Browser, site: Site, script: bool) -> None:
    with guest(chromium, site, java_script_enabled=script) as page:
        send_log(page)
        expect(page.get_by_role("heading", name="KV 캐시 자리가 요청 하나보다 작아요")).to_be_visible()
        expect(page.get_by_role("row", name=re.compile("가중치.*15.27.*15.27.*0%"))).to_be_visible()
        page.get_by_role("link", name=re.compile("메모리 부족")).click()
        expect(page).to_have_url(re.compile("/q/125/$"))
        assert page.context.cookies() == []


@pytest.mark.parametrize("send", [send_config, send_log], ids=["config", "log"])
def test_axe_finds_nothing_in_the_answers(chromium: Browser, site: Site, send: Callable[[Page], None]) -> None:
    with guest(chromium, site, reduced_motion="reduce") as page:
        send(page)
        assert violations(page) == []


@pytest.mark.parametrize("path", [CONFIG, LOG])
def test_a_form_on_another_page_is_refused_though_its_stamp_is_ours(page: Page, site: Site, path: str) -> None:
    page.goto(path)
    stamp = page.input_value("[name=stamp]")
    page.goto("about:blank")
    page.set_content(f'''<form method="post" action="{site.url}{path}"><input name="stamp" value="{stamp}">
      <input name="log" value="x"><input name="config" value="{{}}"><button>x</button></form>''')
    with page.expect_response(lambda response: response.url.endswith(path)) as answered:
        page.click("button")
    assert answered.value.status == 403
    expect(page.get_by_text("다른 곳에서 보낸 양식은 받지 않아요")).to_be_visible()
    assert page.context.cookies() == []


def test_a_config_that_is_too_large_is_said_so(page: Page) -> None:
    page.goto(CONFIG)
    page.locator("#config").evaluate("(field) => { field.value = 'x'.repeat(3_000_000); }")
    page.get_by_role("button", name="계산하기").click()
    expect(page.get_by_text("너무 커서 읽지 않았어요")).to_be_visible()
