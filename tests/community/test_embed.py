"""A result on other sites: the card that may be framed, and only it; the SVG file; what is copied from a result."""

import xml.etree.ElementTree as ET
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.calculator.comparison.compare import Comparison
from community.calculator.form import CalculatorForm
from community.calculator.query import ORDER
from community.calculator.sharing.share import Share
from community.charts.memory_bar import Bar, Segment
from community.charts.memory_file import WIDTH, Drawing, memory_file
from community.content.pipeline import render
from community.sizing.engines import MODULES

from .fixture_files import Page

CARD, FILE = "/calculator/embed/", "/calculator/bar.svg"
FIT = "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090"
SHORT = "model=deepseek-r1&engine=vllm&weights=fp8&gpu=h100-80gb&gpus=8"
UNEQUAL = "model=qwen3-235b-a22b&engine=llama.cpp&weights=gguf-q4_k_m&gpu=rtx-4090,rtx-3090:2"
SVG = "{http://www.w3.org/2000/svg}"


def make_result(query=FIT):
    form = CalculatorForm(QueryDict(query))
    assert form.is_valid(), form.errors
    return form.result


def make_share(query=FIT):
    return Share(make_result(query), "https://example.org")


# the card ----------------------------------------------------------------------------------------------------------


def test_the_card_may_stand_in_any_frame(client):
    for response in (client.get(f"{CARD}?{FIT}"), client.get(f"{CARD}?gpu=nope")):
        assert "X-Frame-Options" not in response
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert "script-src 'none'" in response["Content-Security-Policy"]
        assert response["X-Robots-Tag"] == "noindex"
        assert not response.cookies and "Cookie" not in response.get("Vary", "")


OTHERS = ["/about/", "/calculator/", "/calculator/?gpu=nope", "/calculator/result/", "/calculator/compare/", "/models/",
          FILE, f"{FILE}?gpu=nope"]  # fmt: skip


@pytest.mark.parametrize("address", OTHERS)
def test_nothing_else_may(client, address):
    forbidden(client.get(address))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/", "/community.html", "/q/101/", "/q/101/sheet/", "/notes/qwen3/", "/fixes/", "/nope/", "/admin/login/"],
)
def test_no_page_with_texts_may(client, address):
    forbidden(client.get(address))


def test_refused_addresses_may_not(client):
    assert "frame-ancestors 'none'" in client.get(f"{CARD}?model={'x' * 2000}")["Content-Security-Policy"]


def forbidden(response):
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("query", [FIT, SHORT, UNEQUAL, f"{FIT}&unit=GB"])
def test_the_card_says_what_the_result_says(client, query):
    result = make_result(query)
    text = unescape(client.get(f"{CARD}?{query}").content.decode())
    assert f"{result.words} · {result.detail}" in text
    assert f'<data class="needed" value="{result.needed}">{result.needed_words}</data>' in text
    assert text.count('<svg class="memory-bar"') in (1, 3)
    links = [values for tag, values in Page(text).elements if tag == "a"]
    assert [(link["href"], link["target"], link["rel"]) for link in links] == [
        (f"/calculator/?{result.query}", "_blank", "noopener")
    ]
    assert result.estimate.rules_version in text


@pytest.mark.parametrize("engine", MODULES)
def test_every_engine_has_a_card_and_a_file(client, engine):
    for path in (CARD, FILE):
        assert client.get(f"{path}?engine={engine}").status_code == 200


def test_the_card_says_what_is_wrong(client):
    response = client.get(f"{CARD}?model=qwen3-8&context=0&theme=pink")
    text = response.content.decode()
    assert response.status_code == 400
    for said in ("목록에 없는 모델", "1–100,000,000", "light, dark"):
        assert said in text
    assert "memory-bar" not in text


@pytest.mark.parametrize(("query", "theme"), [("theme=dark", "dark"), ("theme=light", "light"), ("", None)])
def test_a_theme_can_be_asked_for(client, query, theme):
    elements = Page(client.get(f"{CARD}?{query}").content.decode()).elements
    assert dict(elements)["html"].get("data-theme") == theme


# the file ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [FIT, SHORT, UNEQUAL, "engine=tgi", f"{FIT}&gpus=3&pp=3"])
def test_the_file_stands_alone(client, query):
    result = make_result(query)
    response = client.get(f"{FILE}?{query}")
    assert response["Content-Type"].startswith("image/svg+xml")
    assert response["Content-Disposition"].startswith("inline")
    policy = set(response["Content-Security-Policy"].split("; "))
    assert policy == {"default-src 'none'", "frame-ancestors 'none'", "sandbox"}
    assert response["X-Content-Type-Options"] == "nosniff"
    root = ET.fromstring(response.content)
    names = {element.tag for element in root.iter()}
    assert names <= {f"{SVG}{name}" for name in ("svg", "title", "defs", "pattern", "path", "rect", "text")}
    assert not [name for element in root.iter() for name in element.attrib if name in ("style", "class", "href")]
    said = root.find(f"{SVG}title").text
    assert result.model_name in said and result.words in said
    for gpu in result.memory.gpus if result.memory else ():
        for part in gpu.parts:
            assert result.amount(part.bytes) in said
    if result.memory:
        assert result.needed_words in said


@pytest.mark.parametrize("query", [FIT, SHORT, UNEQUAL])
def test_bars_are_as_long_as_their_bytes(client, query):
    result = make_result(query)
    root = ET.fromstring(client.get(f"{FILE}?{query}").content)
    weights = [rect for rect in root.iter(f"{SVG}rect") if rect.get("fill") == "#1C4E8F" and rect.get("height") == "36"]
    for rect, gpu in zip(weights, result.memory.gpus, strict=True):
        share = gpu.part("weights") / max(gpu.needed, gpu.usable)
        assert float(rect.get("width")) == pytest.approx(share * (WIDTH - 48), abs=20)  # thin parts take a little
    assert all(float(rect.get("x")) + float(rect.get("width")) <= WIDTH for rect in root.iter(f"{SVG}rect"))


def test_a_wrong_address_is_a_drawing_of_the_reason(client):
    response = client.get(f"{FILE}?model=%3Cscript%3E&gpus=0")
    assert response.status_code == 400
    assert "1–256" in "".join(ET.fromstring(response.content).itertext())


hostile = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40) | st.just(
    "<script>alert(1)</script>&\"'"
)


@settings(deadline=None)
@given(st.tuples(hostile, hostile, hostile), hostile, hostile)
def test_no_word_leaves_its_place(lines, name, note):
    bar = Bar(name, 100, (Segment("weights", name, 50), Segment("free", note, 50)))
    root = ET.fromstring(memory_file(Drawing(lines, (name, note), [bar], [note], note), str))
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "defs", "pattern", "path", "rect", "text")
    }


# what is copied ----------------------------------------------------------------------------------------------------


class Frame(HTMLParser):
    """The attributes of the only element of a text."""

    def handle_starttag(self, tag, attrs):
        assert tag == "iframe" and not hasattr(self, "values")
        self.values = dict(attrs)


@pytest.mark.parametrize("query", [FIT, SHORT, UNEQUAL, "engine=llama.cpp&weights=gguf-q4_0%2Bimatrix&unit=GB"])
def test_what_is_copied_leads_back_to_the_result(client, query):
    share, result = make_share(query), make_result(query)
    assert share.link.startswith(f"https://example.org/calculator/?{result.query}")
    first, *lines, last = share.block.split("\n")
    assert (first, last) == ("```sizing", "```")
    assert [tuple(line.split(": ", 1)) for line in lines] == parse_qsl(result.query)
    frame = Frame()
    frame.feed(share.frame)
    source = urlsplit(frame.values["src"])
    assert source.path == CARD and source.query == result.query
    assert client.get(f"{CARD}?{source.query}").status_code == 200


@pytest.mark.parametrize("query", [FIT, SHORT, UNEQUAL, f"{FIT}&unit=GB&kv=fp8&utilization=0.85"])
def test_the_copied_block_is_a_card_in_a_text(query):
    """Of the same bytes."""
    result = make_result(query)
    html = render(make_share(query).block).replace("\u00a0", " ")
    amount = result.needed_words.replace("\u00a0", " ")
    assert f'<data class="needed" value="{result.needed}">{amount}</data>' in html


def test_the_copied_frame_is_text_on_the_page(client):
    """Not a frame of the page's own."""
    text = client.get(f"/calculator/?{FIT}").content.decode()
    assert "<iframe" not in text
    assert make_share().frame.replace("https://example.org", "http://testserver") in unescape(text)


def test_a_result_is_compared_with_itself_and_its_suggestions():
    share = make_share(SHORT)
    queries = [query for _words, query in share.comparisons]
    assert len(queries) == 1 + len(share.result.suggestions) > 1
    for query, suggestion in zip(queries[1:], share.result.suggestions, strict=True):
        first, second = Comparison(QueryDict(query).dict()).columns
        assert first.result.query == share.result.query
        assert second.result.query == suggestion["query"]
        assert Comparison(QueryDict(query).dict()).query == query


# anything ----------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([*ORDER, "of", "version", "theme", "rules", "needed", "x"]),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
        | st.sampled_from(["-1", "0", "1e400", "NaN", "9" * 30, "²", "tgi", "llama.cpp", "rtx-4090:8", ":", ","]),
        max_size=4,
    )
)
def test_no_query_string_breaks_card_or_file(client, query):
    """Without the database."""
    address = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    for path in (CARD, FILE):
        assert client.get(f"{path}?{address}").status_code in (200, 400)
