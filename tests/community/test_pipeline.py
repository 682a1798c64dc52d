"""Markdown becomes safe HTML: what readers need survives, what could run does not."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from community.content.pipeline import render, table_of_contents
from community.content.unbroken import pieces, unbroken
from community.models.fields import validate_markdown

from .fixture_files import Page

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt/src=//e.com/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/x)",
    "[x](/\\evil.example)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    "![x](/static/../admin/)",
    "<iframe src=/admin/></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action=/admin/logout/ method=post><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<style>*{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<link rel=stylesheet href=//e.com/x.css>",
    "<meta http-equiv=refresh content='0;url=//e.com'>",
    "<base href=//e.com/>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "text\n{: onclick=alert(1) }",
    "text\n{: style=position:fixed }",
    "text\n{: .sheet #main hx-get=/admin/ }",
    "## x {: onmouseover=alert(1) }",
    "[x](/q/1/){: hx-get=/admin/ target=_blank }",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "`<img src=x onerror=alert(1)>`",
    "| <img src=x onerror=alert(1)> |\n|---|\n| x |",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<div class='sheet' id='sheet' hx-get='/admin/'>x</div>",
    "<a href='https://x.example' onclick='alert(1)' target='_blank'>x</a>",
    "\x00<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
FORBIDDEN_TAGS = set(
    "script iframe object embed form input button style link meta base svg math template noscript".split()
)
FORBIDDEN_NAMES = re.compile(r"on\w+|style|target|hx-.*|srcset|formaction")
OWN_OR_WEB = re.compile(r"https?://|mailto:|#|/(?![/\\])")


def live_parts(html):
    """What in this HTML could run, or load from elsewhere without a click."""
    for tag, values in Page(html).elements:
        for name, value in values.items():
            outside = name in ("href", "src") and not OWN_OR_WEB.match(value or "")
            foreign_image = tag == "img" and name == "src" and not (value or "").startswith("/static/")
            if FORBIDDEN_NAMES.fullmatch(name) or outside or foreign_image:
                yield tag, name, value
        if tag in FORBIDDEN_TAGS:
            yield tag, "", ""


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_runs_or_loads_from_elsewhere(attack):
    assert not list(live_parts(render(attack)))


def test_the_check_itself_sees_what_is_live():
    assert all(
        list(live_parts(attack)) for attack in ATTACKS if attack.startswith(("<script", "<iframe", "<style", "<p "))
    )


@pytest.mark.parametrize("attack", [text for text in ATTACKS if ".sheet" in text or "class='sheet'" in text])
def test_a_text_cannot_pass_for_a_part_of_the_page(attack):
    assert 'class="sheet"' not in render(attack)


def test_what_readers_need_survives():
    html = render(
        "## 메모리 표\n\n| 형식 | 크기 |\n|---|---:|\n| Q4_K_M | 39.6 GiB |\n\n```bash\nls -l  # 주석\n```\n\n"
        '본문[^1]\n\n> 引用\n{: lang="zh-Hant" }\n\n[링크](https://example.org/a-b_c)\n\n[^1]: 각주',
        "a2",
    )
    assert '<h2 id="a2-메모리-표">' in html and 'href="#a2-메모리-표"' in html
    assert 'role="region"' in html and 'tabindex="0"' in html and 'aria-label="표: 형식, 크기"' in html
    assert '<td align="right"><span class="nb">39.6 GiB</span></td>' in html
    assert '<div class="highlight">' in html and '<span class="c1"># 주석</span>' in html
    assert 'id="fn-a2-1"' in html and 'href="#fnref-a2-1"' in html
    assert '<p lang="zh-Hant">' in html
    assert 'href="https://example.org/a-b_c"' in html


def test_contents_lists_second_level_headings():
    assert table_of_contents("## 하나\n\n### 둘\n\n## 셋\n") == [
        {"id": "s-하나", "name": "하나"},
        {"id": "s-셋", "name": "셋"},
    ]


@pytest.mark.parametrize("text", ["[" * 2_001, "_" * 2_001, "`" * 2_001, "1. " * 11 + "x", "> " * 11, "a\n+++\nb"])
def test_texts_that_cost_too_much_are_refused(text):
    with pytest.raises(ValidationError):
        validate_markdown(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="[]()<>!*_`~#|-:>&;\"'=/\\ \n\tajs가1.{}^+", max_size=120))
def test_no_text_breaks_the_pipeline(text):
    try:
        validate_markdown(text)
    except ValidationError:
        return
    assert not list(live_parts(render(text)))


@given(st.text(max_size=200) | st.text(alphabet="Qwen3-235BA .GiB24’”가나는를/", max_size=60))
def test_unbroken_changes_no_letter(text):
    assert "".join(piece for _, piece in pieces(text)) == text


def test_unbroken_keeps_terms_together():
    assert unbroken("Qwen3-235B-A22B를 24 GiB에 ‘올린다’는 말") == (
        '<span class="nb">Qwen3-235B-A22B를</span> <span class="nb">24 GiB에</span> '
        '‘올린다<span class="nb">’는</span> 말'
    )


@pytest.mark.parametrize("text", ["sizing", "1", "1.", "1,,", "a."])
def test_a_long_run_of_letters_is_cut(text):
    """In quadratic time this would take most of a minute."""
    assert "".join(piece for _is_term, piece in pieces(text * (40_000 // len(text)))).startswith(text)
