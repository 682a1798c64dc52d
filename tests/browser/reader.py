"""What a reader does at the dialog, and what must hold whatever they do."""

import re
import time

from playwright.sync_api import Page, expect

LIST = "/community.html"

# Runs before every page. Notes each moment at which the dialog shows what is not asked for.
WATCH = """
window.wrongs = [];
addEventListener("popstate", () => dispatchEvent(new Event("travelled"))); // sheet.js tells nobody after itself
document.addEventListener("DOMContentLoaded", () => {
  const dialog = document.getElementById("sheet");
  if (!dialog) return;
  const asked = () => /^\\/q\\/\\d+\\/$/.test(location.pathname);
  const article = () => dialog.querySelector("article");
  function look() {
    if (dialog.open && !asked()) wrongs.push(`open at ${location.pathname}`);
    if (dialog.open && article() && article().dataset.url !== location.pathname)
      wrongs.push(`${article().dataset.url} at ${location.pathname}`);
  }
  new MutationObserver((changes) => {
    look();
    const added = changes.flatMap((change) => [...change.addedNodes]);
    if (!dialog.open && added.some((node) => node.nodeName === "ARTICLE")) wrongs.push("painted while closed");
  }).observe(dialog, { attributes: true, childList: true, subtree: true });
  (function everyFrame() { look(); requestAnimationFrame(everyFrame); })();
});
"""

# Waits in the page until the condition holds or time is up, and returns what there is to see.
SEEN = """async ([condition, wanted]) => {
  const dialog = document.getElementById("sheet");
  const article = () => dialog.querySelector("article.question");
  const conditions = {
    question: () => dialog.open && location.pathname === wanted && article()?.dataset.url === wanted,
    list: () => !dialog.open && location.pathname + location.search === wanted && !article(),
  };
  const end = Date.now() + 10000;
  while (!conditions[condition]() && Date.now() < end) await new Promise((later) => setTimeout(later, 4));
  const row = document.querySelector(`a.row-link[href="${location.pathname}"]`);
  return {
    address: location.pathname + location.search,
    open: dialog.open,
    title: document.title,
    wrongs: window.wrongs,
    shown: article()?.dataset.url ?? null,
    heading: article()?.querySelector("h1").textContent ?? null,
    row: row?.textContent ?? null,
    focus: document.activeElement.id,
    named: dialog.querySelector("[data-sheet-address]").textContent,
    full: dialog.querySelector("[data-sheet-full]").pathname,
  };
}"""


def open_list(page: Page, address: str = LIST) -> list[str]:
    """The list, watched; returns the paths of its rows."""
    page.add_init_script(WATCH)
    page.goto(address)
    return row_paths(page)


def row_paths(page: Page) -> list[str]:
    paths: list[str] = page.eval_on_selector_all("a.row-link", "rows => rows.map((row) => row.pathname)")
    return paths


def row(path: str) -> str:
    return f"a.row-link[href='{path}']"


def click_in_page(page: Page, paths: list[str], gaps: list[float] | None = None) -> None:
    """Clicks rows as scripts do, also behind an open dialog: all in one task, or with gaps in milliseconds."""
    page.evaluate(
        """async ([paths, gaps]) => {
          for (const [place, path] of paths.entries()) {
            document.querySelector(`a.row-link[href="${path}"]`).click();
            if (gaps) await new Promise((later) => setTimeout(later, gaps[place]));
          }
        }""",
        [paths, gaps],
    )


def sees_question(page: Page, path: str) -> None:
    """Dialog, address, article and titles are those of one question, and so they were all the time."""
    seen = page.evaluate(SEEN, ["question", path])
    assert seen["wrongs"] == []
    assert (seen["open"], seen["address"], seen["shown"], seen["full"]) == (True, path, path, path)
    assert seen["named"].endswith(path)
    assert seen["heading"] == seen["row"]
    assert seen["title"] == seen["row"].replace("\u2060", "") + " · AiNex"
    assert seen["focus"] == "sheet-title"


def sees_list(page: Page, address: str = LIST, title: str = "최신 토론 및 정보 · AiNex") -> None:
    """The dialog is closed, address and title are the list's, and nothing was wrong on the way."""
    seen = page.evaluate(SEEN, ["list", address])
    assert seen["wrongs"] == []
    assert (seen["open"], seen["address"], seen["shown"], seen["title"]) == (False, address, None, title)


def is_full_page(page: Page, path: str) -> None:
    expect(page).to_have_url(re.compile(f"{path}$"))
    expect(page.locator("main article.question")).to_have_attribute("data-url", path)
    expect(page.locator("#sheet")).to_have_count(0)


def pause(milliseconds: float) -> None:
    time.sleep(milliseconds / 1000)
