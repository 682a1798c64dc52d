"""The curators' admin in a real browser: it works under the site's strict policy, wide and narrow."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import guest
from .served.site import ROOT, Site

PASSWORD = "a-long-enough-password"
MAKE_CURATORS = f"""
from django.contrib.auth.models import Group, User
user = User.objects.create_user("editor", password="{PASSWORD}", first_name="김편집", is_staff=True)
user.groups.add(Group.objects.get(name="편집자"))
User.objects.create_superuser("root", password="{PASSWORD}")
"""
MODELS = ["question", "answer", "note", "claim", "source", "tag", "benchmark"]
STEPS = {"question": ["publish", "withdraw", "merge", "purge"], "answer": ["mark-wrong"], "note": ["withdraw", "purge"]}
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => refused.push(
  `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
WIDTHS = [1280, 390]
SAVE_AT_ONCE = """
async (address) => {
  const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  const form = page.querySelector("form[id$=_form]");
  const save = (title) => {
    const data = new FormData(form);
    data.set("title", title);
    data.set("change_reason", title);
    return fetch(address, { method: "POST", body: data }).then((answer) => answer.redirected);
  };
  return Promise.all(["하나", "둘", "셋", "넷", "다섯"].map(save));
}
"""


@pytest.fixture(scope="module")
def curators(site: Site) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{site.folder / 'site.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.browser.served.settings",
        "SERVED_FOLDER": str(site.folder),
    }
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", MAKE_CURATORS]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@pytest.fixture
def desk(chromium: Browser, site: Site, curators: None) -> Iterator[Page]:
    """The admin's first page, seen by the superuser."""
    with guest(chromium, site) as page:
        enter(page, "root")
        yield page


def enter(page: Page, name: str) -> None:
    page.goto("/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit]")
    expect(page.locator("#user-tools")).to_be_visible()


def addresses(page: Page) -> Iterator[str]:
    """Every kind of page the admin has, with the first row of each model."""
    yield from ["/admin/", "/admin/password_change/", "/admin/auth/user/", "/admin/auth/user/add/"]
    for model in MODELS:
        base = f"/admin/community/{model}/"
        page.goto(base)
        change = page.locator("#result_list tbody a").first.get_attribute("href") or ""
        key = re.sub(r"\D", "", change.partition("?")[0])
        yield from [base, f"{base}add/", f"{base}{key}/change/", f"{base}{key}/history/"]
        yield from [f"{base}step/{step}/?pk={key}" for step in STEPS.get(model, [])]


def shoot(page: Page, width: int, address: str) -> None:
    """Pictures to look at, when SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        name = re.sub(r"\W+", "-", address).strip("-")
        page.screenshot(path=Path(folder) / f"{width}-{name}.png", full_page=True)


def watched(page: Page) -> list[str]:
    """The errors that the browser reports from now on."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(WATCH)
    return complaints


def test_no_page_needs_what_the_policy_forbids(desk: Page) -> None:
    complaints = watched(desk)
    wrong: dict[str, object] = {}
    for address in list(addresses(desk)):
        complaints.clear()
        response = desk.goto(address)
        assert response
        for width in WIDTHS:
            desk.set_viewport_size({"width": width, "height": 900})
            too_wide = desk.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            refused = desk.evaluate("window.refused")
            if response.status != 200 or complaints or refused or too_wide:
                wrong[f"{address} at {width}"] = (response.status, complaints[:], refused, too_wide)
            shoot(desk, width, address)
    assert wrong == {}


def new_question(page: Page, title: str) -> str:
    """A draft of our own, so that what other tests read stays as it is; returns the address of its form."""
    page.goto("/admin/community/question/add/")
    page.fill("#id_title", title)
    page.fill("#id_body", "시험하려고 쓴 질문입니다.")
    page.click("[name=_continue]")
    expect(page.locator(".messagelist .success")).to_be_visible()
    return page.url


def test_an_editor_writes_an_answer_with_its_source(chromium: Browser, site: Site, curators: None) -> None:
    with guest(chromium, site) as page:
        complaints = watched(page)
        enter(page, "editor")
        new_question(page, "답을 기다리는 시험 질문")
        page.click(".field-new_answer a")
        page.fill("#id_conclusion", "시험 결론입니다.")
        page.fill("#id_body", "## 시험 답\n\n24 GiB면 됩니다.")
        expect(page.locator(".markdown-preview h2")).to_contain_text("시험 답")
        page.select_option("#id_evidence", "primary")
        page.select_option("#id_verdict", "curated")
        page.fill("#id_checked_on", "2026-11-20")
        page.click("[name=_continue]")
        expect(page.locator(".errorlist.nonform")).to_contain_text("근거가 하나 이상")
        page.click("text=근거 더 추가하기")
        page.click("#citations-0 .select2-selection")
        page.fill(".select2-search__field", "vLLM")
        page.locator(".select2-results__option--highlighted").click()
        page.click("[name=_continue]")
        expect(page.locator(".messagelist .success")).to_be_visible()
        expect(page.locator(".messagelist .warning")).to_contain_text("근거가 하나뿐")
        assert (page.evaluate("window.refused"), complaints) == ([], [])


def test_the_preview_shows_the_last_text_in_the_sites_own_type(desk: Page) -> None:
    desk.goto("/admin/community/note/add/")
    desk.locator("#id_body").press_sequentially("**가나다라마바사아자차**", delay=60)
    shown = desk.locator(".markdown-preview .prose strong")
    expect(shown).to_have_text("가나다라마바사아자차")
    size, ours = desk.evaluate("""() => {
      const prose = document.querySelector(".markdown-preview").shadowRoot.querySelector(".prose");
      const ink = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
      return [getComputedStyle(prose).fontSize, ink];
    }""")
    assert (size, "1C4E8F" in ours.upper()) == ("17px", True)


def test_an_overtaken_preview_is_never_shown(desk: Page) -> None:
    desk.goto("/admin/community/note/add/")
    texts: list[str] = []

    def slow_at_first(route: object) -> None:
        text = route.request.post_data or ""  # type: ignore[attr-defined]
        texts.append(text)
        if "처음" in text:
            desk.wait_for_timeout(1_500)
        route.continue_()  # type: ignore[attr-defined]

    desk.route("**/admin/preview/", slow_at_first)
    desk.fill("#id_body", "처음 글")
    desk.wait_for_timeout(500)
    desk.fill("#id_body", "나중 글")
    expect(desk.locator(".markdown-preview .prose")).to_have_text("나중 글")
    desk.wait_for_timeout(1_000)
    expect(desk.locator(".markdown-preview .prose")).to_have_text("나중 글")
    assert any("처음" in text for text in texts)


def test_of_five_saves_at_once_one_is_kept_and_four_are_refused(desk: Page) -> None:
    address = new_question(desk, "동시에 고치는 시험 질문")
    saved = desk.evaluate(SAVE_AT_ONCE, address)
    assert sorted(saved) == [False, False, False, False, True]
    desk.goto(address)
    assert desk.input_value("#id_title") == ["하나", "둘", "셋", "넷", "다섯"][saved.index(True)]


def test_the_forms_work_without_script(chromium: Browser, site: Site, curators: None) -> None:
    with guest(chromium, site, java_script_enabled=False) as page:
        enter(page, "editor")
        new_question(page, "스크립트 없이 쓴 시험 질문")
        expect(page.locator(".markdown-preview")).to_be_hidden()
        page.click(".object-tools >> text=공개하기")
        expect(page.locator(".consequence")).to_be_visible()
