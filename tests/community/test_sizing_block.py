"""A calculation inside a text: a card for a fenced block, a figure for inline code, an error for whatever is wrong."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from community.calculator.form import CalculatorForm
from community.calculator.query import ORDER
from community.calculator.result import Result
from community.calculator.sharing.share import Share
from community.calculator.texts.asked import asked
from community.calculator.texts.figures import LABELS, QUANTITIES, figure
from community.content.pipeline import convert, render, table_of_contents
from community.content.placed import Piece, Placed
from community.models.fields import validate_markdown
from community.sizing.formats import FORMATS
from community.sizing.size import needed_bytes

from .fixture_files import Page
from .test_pipeline import live_parts

BLOCK = "model: qwen3-235b-a22b\nengine: vllm@0.19.0\nweights: gptq-int4\ngpu: h100-80gb\ngpus: 2\ncontext: 32768"
WEIGHTS = "`sizing: weights model=llama-3-70b weights=gguf-q4_k_m`"
NEEDED = "model=qwen3-8b engine=vllm weights=bf16 gpu=rtx-4090 context=8192"


def make_block(text=BLOCK):
    return f"```sizing\n{text}\n```"


def values_of(text):
    return dict(line.split(": ") for line in text.split("\n"))


def errors_of(text):
    with pytest.raises(ValidationError) as error:
        validate_markdown(text)
    return error.value.messages


def test_a_block_is_a_card_of_the_calculators_own_estimate():
    form = asked(values_of(BLOCK))
    html = render(f"앞글\n\n{make_block()}\n\n뒷글")
    assert html.startswith("<p>앞글</p>") and html.endswith("<p>뒷글</p>")
    assert f'<data class="needed" value="{needed_bytes(form.estimate.memory)}">' in html
    assert "/calculator/?" + form.query.replace("&", "&amp;") in html
    assert "Qwen3 235B A22B" in html and "vLLM 0.19.0" in html and form.estimate.rules_version in html
    assert "<code" not in html and not list(live_parts(html.replace("<svg", "<span").replace("</svg", "</span")))


def test_the_block_that_the_calculator_hands_out_is_this_card():
    form = asked(values_of(BLOCK))
    block = Share(Result(form.deployment, form.estimate, "GB"), "https://ainex.example").block
    assert render(block) == render(make_block(f"{BLOCK}\nunit: GB")) and convert(block).errors == []


def test_a_block_says_what_it_cannot_know():
    html = render(make_block("model: qwen3-8b\nengine: lmdeploy\ngpu: rtx-4090"))
    assert 'class="needed"' not in html and "판단할 수 없어요" in html
    unlike = render(make_block("model: llama-3-70b\nengine: llama.cpp\nweights: gguf-q4_k_m\ngpu: rtx-4090,rtx-3090"))
    assert unlike.count('class="memory-bar"') == 2


def test_unequal_and_many_cards_are_one_bar_for_equal_neighbours():
    html = render(make_block("model: qwen3-8b\ngpu: h100-80gb\ngpus: 8"))
    assert html.count('class="memory-bar"') == 1 and "GPU 0–7" in html and "H100 SXM × 8" in html


@pytest.mark.parametrize(
    ("block", "line", "key", "allowed"),
    [
        ("modell: qwen3-8b", 2, "modell", "gpus, context"),
        ("gpu: rtx-4090", 2, "model", "꼭"),
        ("model: qwen3-8b\ngpu: rtx-4090\ngpu: rtx-3090", 4, "gpu", "두 번"),
        ("model: qwen3-8b\n\ngpus: 900", 4, "gpus", "1–256"),
        ("model: qwen3-8b\ngpu: rtx-4091", 3, "gpu", "rtx-4090"),
        ("model: qwen3-8b\nengine: vllm@abc", 3, "engine", ""),
        ("model: qwen3-8b\nweights: q4", 3, "weights", ""),
        ("model: qwen3-8b\nunit: parsec", 3, "unit", ""),
        ("model: qwen3-30b-a3b\nengine: llama.cpp\ncpu_moe: no", 4, "cpu_moe", "1로"),
        ("model qwen3-8b", 2, "model qwen3-8b", "이름: 값"),
        ("model: qwen3-8b\nmodel-config: <script>", 3, "model-config", "gpus"),
    ],
)
def test_what_is_wrong_with_a_block_is_said_with_its_place(block, line, key, allowed):
    (said,) = errors_of(make_block(block))
    assert said.startswith(f"1번째 sizing 블록, {line}번째 줄 {key}: ") and allowed in said


def test_a_wrong_block_stays_code_where_it_is_shown_all_the_same():
    """A model may leave the catalogue after the text was saved."""
    html = render(make_block("model: gone-model\ngpu: <b>"))
    assert "<pre>" in html and "model: gone-model" in html and "<b>" not in html and "<figure" not in html


def test_the_second_of_two_blocks_is_named_by_its_own_line():
    (said,) = errors_of(f"{make_block()}\n\n글\n\n{make_block('model: nope')}")
    assert said.startswith("2번째 sizing 블록, 13번째 줄 model")


def test_eight_blocks_are_enough():
    validate_markdown("\n\n".join([make_block()] * 8))
    (said,) = errors_of("\n\n".join([make_block()] * 9))
    assert "8개까지" in said


def test_a_block_inside_another_fence_stays_code():
    html = render(f"````markdown\n{make_block('model: nope')}\n````")
    assert "<figure" not in html and "model: nope" in html
    validate_markdown(f"````markdown\n{make_block('model: nope')}\n````")


def test_a_figure_is_the_calculators_own():
    found = figure("weights", {"model": "llama-3-70b", "weights": "gguf-q4_k_m"})
    assert found.text == "39.6\u00a0GiB"
    html = render(f"가중치는 {WEIGHTS}예요.")
    assert re.fullmatch(
        r'<p>가중치는 <a class="computed" href="/calculator/\?model=llama-3-70b&amp;engine=llama\.cpp&amp;[^"]*" '
        r'title="Llama 3 70B · GGUF Q4_K_M · 가중치 · 계산 규칙 [\d-]+">39\.6\u00a0GiB</a>예요\.</p>',
        html,
    )


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_is_written(name):
    values = dict(pair.split("=") for pair in NEEDED.split()) | {"rate": "1000"}
    needs = QUANTITIES[name].needs
    assert set(needs) - {"rate"} <= set(ORDER) and QUANTITIES.keys() == LABELS.keys()
    found = figure(name, {key: values[key] for key in needs})
    assert found.text and "None" not in found.text and found.query.startswith("model=qwen3-8b")


@pytest.mark.parametrize("weights", FORMATS)
def test_every_format_has_an_engine_to_link_to(weights):
    assert figure("weights", {"model": "qwen3-8b", "weights": weights}).query.startswith("model=qwen3-8b&engine=")


@pytest.mark.parametrize(
    ("asked_for", "text"),
    [
        ("weights model=qwen3-8b weights=bf16 unit=GB digits=2", "16.38\u00a0GB"),
        ("kv-per-token model=qwen3-8b digits=0", "144\u00a0KiB"),
        ("kv model=qwen3-8b context=8192 requests=4", "4.5\u00a0GiB"),
        ("parameters model=qwen3-8b", "8,190,735,360"),
        ("parameters model=qwen3-8b unit=B", "8.2B"),
        ("active-parameters model=qwen3-235b-a22b unit=억 digits=0", "222억"),
        ("download-time model=qwen3-8b weights=bf16 rate=100", "22분"),
        (f"verdict {NEEDED}", "들어가요"),
    ],
)
def test_figures_are_written_with_their_unit(asked_for, text):
    assert convert(f"`sizing: {asked_for}`").figures == [{"source": f"sizing: {asked_for}", "text": text}]


def test_needed_memory_carries_its_bytes():
    estimate = asked(dict(pair.split("=") for pair in NEEDED.split())).estimate
    html = render(f"`sizing: needed {NEEDED}`")
    assert f'<data class="needed" value="{needed_bytes(estimate.memory)}">' in html
    assert 'class="needed-gpu"' in render(f"`sizing: needed-gpu {NEEDED}`")


def test_a_figure_stands_in_tables_lists_and_notes_too():
    html = render(
        f"| 크기 {WEIGHTS} | b |\n|---|---|\n| {WEIGHTS} | x |\n\n- {WEIGHTS}\n\n글[^1]\n\n[^1]: {WEIGHTS}", "a1"
    )
    assert html.count('class="computed"') == 4 and 'aria-label="표: 크기 39.6\u00a0GiB, b"' in html.replace(
        "&nbsp;", "\u00a0"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("`sizing: size model=qwen3-8b`", "weights, file"),
        ("`sizing:`", "weights, file"),
        ("`sizing: weights model=qwen3-8b`", "weights: 꼭"),
        ("`sizing: needed model=qwen3-8b`", "꼭"),
        ("`sizing: weights model=qwen3-8b weights=bf16 unit=parsec`", "GiB, GB"),
        ("`sizing: weights model=qwen3-8b weights=bf16 digits=9`", "0–4"),
        ("`sizing: weights model=qwen3-8b model=qwen3-8b weights=bf16`", "두 번"),
        ("`sizing: weights qwen3-8b`", "이름=값"),
        ("`sizing: weights model=qwen3-8b weights=bf16 size=3`", "없는 이름"),
        ("`sizing: download-time model=qwen3-8b weights=bf16`", "Mbps"),
        ("`sizing: download-time model=qwen3-8b weights=bf16 rate=1e9`", "Mbps"),
        ("`sizing: needed model=qwen3-8b engine=lmdeploy weights=bf16 gpu=rtx-4090 context=8192`", "계산하지 않아요"),
        (f"## {WEIGHTS}", "제목과 링크"),
        (f"[{WEIGHTS}](https://example.org)", "제목과 링크"),
    ],
)
def test_what_is_wrong_with_a_figure_is_said(text, said):
    (message,) = errors_of(f"글 {text}" if not text.startswith("#") else text)
    assert said in message


def test_a_heading_that_got_past_the_check_shows_the_figure_as_text():
    html = render(f"## 크기 {WEIGHTS}")
    assert 'id="s-크기-396-gib"' in html and 'class="computed"' not in html
    assert table_of_contents(f"## 크기 {WEIGHTS}") == [{"id": "s-크기-396-gib", "name": "크기 39.6 GiB"}]


FORGERIES = [
    '<figure class="sizing">거짓</figure>',
    '<a class="computed" href="/calculator/">99 GiB</a>',
    '<data class="needed" value="1">1 GiB</data>',
    '<p class="sizing-verdict ok">들어가요</p>',
    "x0123456789abcdef0123456789abcdefn0n",
    '<a href="/" title="`sizing: weights model=llama-3-70b weights=gguf-q4_k_m`">x</a>',
    f"![{WEIGHTS}](/static/img/mark.svg)",
    f'[x](/q/1/ "{WEIGHTS}")',
    f"<div class='{WEIGHTS}'>x</div>",
]


@pytest.mark.parametrize("text", FORGERIES)
def test_nobody_forges_a_card_or_breaks_out_of_a_tag(text):
    html = render(text)
    for tag, values in Page(html).elements:
        assert tag not in ("figure", "data") and values.get("class") not in ("computed", "sizing-verdict ok")
        assert not any("<" in (value or "") for value in values.values())


def test_pieces_are_text_inside_a_tag_and_html_outside():
    placed = Placed()
    word = placed.put(Piece('<a href="/x">1</a>', '1 "GiB"', "sizing: x"))
    html = placed.restore(f'<p title="> {word}">{word}</p>')
    assert html == '<p title="> 1 &quot;GiB&quot;"><a href="/x">1</a></p>'


AROUND = [
    "```",
    "`",
    "<p ",
    '"',
    ">",
    "\n\n",
    "> ",
    "| ",
    "# ",
    "[",
    "](/x)",
    "```sizing\n",
    "~~~\n",
    "\n",
    "- ",
    "    ",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([WEIGHTS, make_block(), "글", *AROUND]), max_size=14))
def test_no_text_around_a_calculation_breaks_it(parts):
    html = render("".join(parts))
    assert not re.search(r"x[0-9a-f]{32}", html)
    for _tag, values in Page(html).elements:
        assert not any("<" in (value or "") for value in values.values())


def test_a_card_in_a_tag_that_is_left_open_stays_a_card():
    html = render(f'<a href="/" title="\n{make_block()}\n">x</a>')
    assert html.count("<figure") == html.count("</figure>") == 1


def test_the_card_names_the_settings_that_were_made():
    html = render(make_block("model: qwen3-30b-a3b\nkv: fp8\nutilization: 0.95\neager: 1"))
    eager = CalculatorForm.base_fields["eager"].label
    assert [f"<li>{words}</li>" in html for words in ("KV 자료형 fp8", "예약 비율 0.95", eager)] == [True] * 3
    assert "예약 비율" not in render(make_block("model: qwen3-8b"))
