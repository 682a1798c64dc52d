"""One address of every kind of page."""

import re

from playwright.sync_api import Page, expect

QUESTION = "/q/101/"
LONGEST_QUESTION = "/q/110/"

GUEST_PAGES = {
    "home": "/",
    "list": "/community.html",
    "filtered list": "/community.html?state=verified&q=vLLM&sort=asked",
    "empty list": "/community.html?q=%EC%97%86%EB%8A%94%EB%A7%90",
    "question": QUESTION,
    "long question": LONGEST_QUESTION,
    "waiting question": "/q/132/",
    "question's history": "/q/101/history/",
    "notes": "/notes/",
    "note": "/notes/qwen3/",
    "note with chart": "/notes/qwen3-8b-rtx5090/",
    "note's history": "/notes/qwen3/history/",
    "models": "/models/",
    "model": "/models/qwen2.5-72b/",
    "GPUs": "/gpus/",
    "GPU": "/gpus/rtx-4090/",
    "accuracy": "/accuracy/",
    "unknown model": "/models/qwen2.5-72/",
    "calculator": "/calculator/",
    "calculator, unequal cards": "/calculator/?model=qwen3-235b-a22b&engine=llama.cpp&gpu=rtx-4090,rtx-3090:2",
    "calculator, too large": "/calculator/?model=deepseek-r1&weights=fp8&gpu=h100-80gb&gpus=8",
    "calculator, wrong value": "/calculator/?model=nope&context=0&utilization=2",
    "what fits": "/calculator/fits/?gpu=rtx-4090&gpus=2",
    "what fits, wrong value": "/calculator/fits/?gpu=nope&context=0",
    "what is needed": "/calculator/needs/?model=qwen3-235b-a22b",
    "quick question": "/calculator/quick/?model=deepseek-r1",
    "pasted config": "/calculator/config/",
    "log reader": "/calculator/log/",
    "comparison": "/calculator/compare/?2.weights=awq-4bit&3.engine=llama.cpp&4.gpu=rtx-3090&4.gpus=2",
    "comparison, wrong value": "/calculator/compare/?2.gpu=nope&columns=7",
    "fixes": "/fixes/",
    "about": "/about/",
    "API": "/api/",
    "404": "/q/999999/",
    "400": "/community.html?q=%00",
}
ALL_PAGES = {**GUEST_PAGES, "log-in": "/admin/login/?next=/admin/"}


def open_every_fold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")


def open_dialog(page: Page) -> None:
    page.goto("/community.html")
    page.locator("a.row-link").first.click()
    expect(page.locator("#sheet article.question")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/q/\d+/$"))
