"""Fifty rounds of each way to be quick. The last wish counts, and nothing else is ever seen."""

import random

from playwright.sync_api import Browser, Page

from .conftest import guest
from .reader import click_in_page, is_full_page, open_list, pause, row, sees_list, sees_question
from .served.site import Site

ROUNDS = 50


def late_answers(site: Site, paths: list[str], chance: random.Random, longest: float = 0.1) -> float:
    """Every answer takes its own time; returns the longest of them in milliseconds."""
    delays = {path: chance.uniform(0, longest) for path in paths}
    site.tell(delays=delays)
    return max(delays.values()) * 1000


def overtaken(answers: list[int]) -> int:
    """How many answers were sent after the answer to a later request."""
    return sum(place < max(answers[:position], default=0) for position, place in enumerate(answers))


def with_gaps(page: Page, actions: list[str], chance: random.Random) -> None:
    """One action after another, 0 to 20 ms apart, in one script of the page."""
    lines = [f"{action}; await pause({chance.uniform(0, 20)});" for action in actions]
    page.evaluate(
        f"""async () => {{
          const pause = (milliseconds) => new Promise((later) => setTimeout(later, milliseconds));
          const travelled = () => new Promise((done) => addEventListener("travelled", done, {{ once: true }}));
          {" ".join(lines)}
        }}"""
    )


def place_of(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_five_opens_in_one_task(page: Page, site: Site, chance: random.Random) -> None:
    paths = open_list(page)
    for _ in range(ROUNDS):
        late_answers(site, paths, chance, 0.05)
        wishes = chance.sample(paths, 5)
        click_in_page(page, wishes)
        sees_question(page, wishes[-1])
        page.keyboard.press("Escape")
        sees_list(page)


def test_five_opens_with_older_answers_after_newer_ones(page: Page, site: Site, chance: random.Random) -> None:
    """A busy machine sends fewer answers out of order: rounds go on until fifty of them were."""
    paths = open_list(page)
    before, rounds = len(site.answers()), 0
    while rounds < ROUNDS or (overtaken(site.answers()[before:]) < ROUNDS and rounds < 4 * ROUNDS):
        longest = late_answers(site, paths, chance)
        wishes = chance.sample(paths, 5)
        click_in_page(page, wishes, [chance.uniform(5, 25) for _ in wishes])
        sees_question(page, wishes[-1])
        pause(longest)
        sees_question(page, wishes[-1])
        page.keyboard.press("Escape")
        sees_list(page)
        rounds += 1
    assert overtaken(site.answers()[before:]) >= ROUNDS


def test_click_escape_click(page: Page, site: Site, chance: random.Random) -> None:
    paths = open_list(page)[:4]
    places = {path: place_of(page, row(path)) for path in paths}
    for _ in range(ROUNDS):
        late_answers(site, paths, chance)
        first, second = chance.sample(paths, 2)
        page.mouse.click(*places[first])
        pause(chance.uniform(0, 80))
        page.keyboard.press("Escape")
        pause(chance.uniform(0, 80))
        page.mouse.click(*places[second])
        sees_question(page, second)
        page.keyboard.press("Escape")
        sees_list(page)


def test_click_escape_click_in_one_task(page: Page, site: Site, chance: random.Random) -> None:
    paths = open_list(page)
    for _ in range(ROUNDS):
        late_answers(site, paths, chance, 0.05)
        wishes = chance.sample(paths, 3)
        page.evaluate(
            """async ([first, second, third, gap]) => {
              const click = (path) => document.querySelector(`a.row-link[href="${path}"]`).click();
              click(first);
              document.getElementById("sheet").close();
              if (gap) await new Promise((later) => setTimeout(later, gap - 1));
              click(second);
              click(third);
            }""",
            [*wishes, chance.choice([0, 0, 1, 2, 4])],
        )
        sees_question(page, wishes[-1])
        page.go_back()
        sees_list(page)


def test_next_five_times(page: Page, site: Site, chance: random.Random) -> None:
    paths = open_list(page)
    for _ in range(ROUNDS):
        late_answers(site, paths, chance)
        start = chance.randrange(len(paths) - 5)
        click_in_page(page, [paths[start]])
        with_gaps(page, ["document.querySelector('[data-sheet-next]').click()"] * 5, chance)
        sees_question(page, paths[start + 5])
        page.go_back()
        sees_list(page)


def test_back_and_forward_five_times(page: Page, site: Site, chance: random.Random) -> None:
    paths = open_list(page)
    for _ in range(ROUNDS):
        late_answers(site, paths, chance, 0.05)
        path = chance.choice(paths)
        click_in_page(page, [path])
        with_gaps(page, ["history.back(); await travelled()", "history.forward(); await travelled()"] * 5, chance)
        sees_question(page, path)
        page.go_back()
        sees_list(page)


def test_reload_and_back(page: Page, site: Site, chance: random.Random) -> None:
    paths = open_list(page)
    for _ in range(ROUNDS):
        late_answers(site, paths, chance, 0.03)
        path = chance.choice(paths)
        click_in_page(page, [path])
        if chance.random() < 0.5:
            sees_question(page, path)
        page.reload()
        is_full_page(page, path)
        page.go_back()
        page.locator("a.row-link").first.wait_for()
        sees_list(page)


def test_a_click_with_control(page: Page, site: Site, chance: random.Random) -> None:
    paths = open_list(page)[:4]
    for _ in range(ROUNDS):
        path = chance.choice(paths)
        with page.context.expect_page() as opened:
            page.locator(row(path)).click(modifiers=["Control"])
        is_full_page(opened.value, path)
        opened.value.close()
        sees_list(page)


def test_offline_then_another_wish(page: Page, site: Site, chance: random.Random) -> None:
    paths = open_list(page)
    for _ in range(ROUNDS):
        lost, wanted = chance.sample(paths, 2)
        page.context.set_offline(True)
        click_in_page(page, [lost])
        page.locator("#sheet [role=alert]").wait_for()
        page.context.set_offline(False)
        if chance.random() < 0.5:
            wanted = lost
            page.locator("[data-sheet-retry]").click()
        else:
            click_in_page(page, [wanted])
        sees_question(page, wanted)
        page.keyboard.press("Escape")
        sees_list(page)


def test_errors_among_late_answers(page: Page, site: Site, chance: random.Random) -> None:
    paths = open_list(page)
    for _ in range(ROUNDS):
        failing, first, wanted = chance.sample(paths, 3)
        site.tell(failing=(failing,), delays={failing: chance.uniform(0, 0.05), first: chance.uniform(0, 0.05)})
        wishes = chance.sample([failing, first], 2)
        click_in_page(page, [*wishes, wanted], [chance.uniform(0, 40) for _ in range(3)])
        sees_question(page, wanted)
        page.keyboard.press("Escape")
        sees_list(page)


def test_without_script(chromium: Browser, site: Site, chance: random.Random) -> None:
    with guest(chromium, site, java_script_enabled=False) as page:
        page.goto("/community.html")
        paths = page.locator("a.row-link").evaluate_all("rows => rows.map((row) => row.getAttribute('href'))")
        for _ in range(ROUNDS):
            path = chance.choice(paths)
            page.locator(row(path)).click()
            is_full_page(page, path)
            page.go_back()
            assert page.locator("dialog[open]").count() == 0
