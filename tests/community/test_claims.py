"""A claim's figure against arithmetic: the rule of agreement, and the mark beside the claim."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from community.calculator.texts.asked import asked
from community.calculator.texts.claims import agreement
from community.calculator.texts.stated import UNITS_OF, stated
from community.content.claim_mark import mark_of
from community.models import Claim
from community.models.fields import validate_computation
from community.sizing.size import needed_bytes

WEIGHTS = {"model": "qwen3-8b", "weights": "bf16", "quantity": "weights"}  # 16,381,470,720 bytes
PLACE = {"model": "qwen3-8b", "engine": "vllm", "weights": "bf16", "gpu": "rtx-4090", "context": 8192}


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("16 GB", "agrees"),
        ("16.4 GB", "agrees"),
        ("16.38 GB", "agrees"),
        ("16.3 GB", "differs"),
        ("17 GB", "differs"),
        ("15.3 GiB", "agrees"),
        ("16 GiB", "differs"),
        ("15–17 GB", "agrees"),
        ("17–18 GB", "differs"),
        ("약 17 GB", "agrees"),
        ("약 18 GB", "differs"),
        ("24 GB 이내", "agrees"),
        ("16 GB 이하", "agrees"),
        ("16 GB 미만", "differs"),
        ("16 GB 초과", "agrees"),
        ("20 GB 이상", "differs"),
        ("16,381 MB", "agrees"),
    ],
)
def test_agreement_is_rounding_a_range_or_nearness(text, outcome):
    assert agreement({**WEIGHTS, "stated": text}).outcome == outcome


@pytest.mark.parametrize(
    ("compute", "outcome", "computed"),
    [
        ({"model": "qwen3-8b", "context": 16384, "quantity": "kv", "stated": "2.25 GiB"}, "agrees", "2.25\u00a0GiB"),
        ({"model": "qwen3-8b", "quantity": "parameters", "stated": "약 82억"}, "agrees", "81.9억"),
        ({**WEIGHTS, "weights": "fp8", "against": "bf16", "stated": "57.6%"}, "agrees", "57.6%"),
        ({"size": "21 GB", "rate": 100, "quantity": "download-time", "stated": "28분"}, "agrees", "28.0분"),
        ({**PLACE, "quantity": "verdict", "stated": "들어간다"}, "agrees", "들어가요"),
        ({**PLACE, "gpus": 3, "quantity": "verdict", "stated": "못 띄운다"}, "agrees", "못 띄워요"),
        ({**PLACE, "engine": "lmdeploy", "quantity": "needed", "stated": "20 GiB"}, "unknown", ""),
    ],
)
def test_every_kind_of_figure(compute, outcome, computed):
    found = agreement(compute)
    assert (found.outcome, found.computed) == (outcome, computed)


@pytest.mark.parametrize(
    ("compute", "key"),
    [
        ({**WEIGHTS}, "stated"),
        ({"model": "qwen3-8b", "stated": "16 GB"}, "quantity"),
        ({**WEIGHTS, "quantity": "weights_bytes", "stated": "16 GB"}, "quantity"),
        ({**WEIGHTS, "model": "qwen3-9b", "stated": "16 GB"}, "model"),
        ({**WEIGHTS, "size": "16 GB", "stated": "16 GB"}, "size"),
        ({**WEIGHTS, "stated": "여럿"}, "stated"),
        ({**WEIGHTS, "stated": "16 tok/s"}, "stated"),
        ({**WEIGHTS, "against": "q", "stated": "50%"}, "against"),
        ({**PLACE, "quantity": "verdict", "stated": "될걸요"}, "stated"),
        ({**WEIGHTS, "modell": "x", "stated": "16 GB"}, "modell"),
        ({"size": "21 GB", "rate": 0, "quantity": "download-time", "stated": "28분"}, "rate"),
        ({"size": "21 GB", "model": "qwen3-8b", "rate": 1, "quantity": "download-time", "stated": "28분"}, "model"),
    ],
)
def test_what_is_wrong_with_a_computation_is_said_at_its_field(compute, key):
    with pytest.raises(ValidationError, match=rf"^\['{key}: "):
        validate_computation(compute)


@given(st.floats(0.05, 900), st.sampled_from(["GB", "GiB"]), st.integers(0, 3))
def test_a_figure_agrees_with_itself_however_it_is_rounded(value, unit, digits):
    size = value * UNITS_OF["bytes"][unit]
    assert stated(f"{value:.{digits}f} {unit}", "bytes").holds(size)
    assert stated(f"약 {value:.3f} {unit}", "bytes").holds(size)
    assert not stated(f"{value * 1.2 + 1:.{digits}f} {unit}", "bytes").holds(size)


@given(st.text(max_size=40))
def test_no_stated_text_breaks_the_reading(text):
    try:
        validate_computation({**WEIGHTS, "stated": text})
    except ValidationError as error:
        assert str(error).startswith("['stated")


def test_a_contradiction_is_named_unless_somebody_said_why():
    wrong, right = {**WEIGHTS, "stated": "20 GB"}, {**WEIGHTS, "stated": "16 GB"}
    assert agreement(wrong).contradicts("confirmed") and agreement(right).contradicts("wrong")
    assert not agreement(wrong).contradicts("wrong") and not agreement(right).contradicts("imprecise")
    assert not agreement({**wrong, "why": "큐레이터의 말"}).contradicts("confirmed")


def test_the_mark_shows_both_figures_and_the_way_to_the_calculation():
    html = mark_of({**WEIGHTS, "stated": "20 GB", "why": "<b>이유</b>"}).html
    assert "계산과 다름" in html and "20 GB" in html and "16.4\u00a0GB" in html and "&lt;b&gt;이유" in html
    assert 'href="/calculator/?model=qwen3-8b&amp;engine=vllm&amp;weights=bf16' in html
    needed = mark_of({**PLACE, "quantity": "needed", "stated": "20 GB"}).html
    estimate = asked({key: str(value) for key, value in PLACE.items()}).estimate
    assert f'<data class="needed" value="{needed_bytes(estimate.memory)}">' in needed
    gone = mark_of({**WEIGHTS, "model": "gone", "stated": "20 GB"}).html
    assert "계산할 수 없음" in gone and "목록에 없는" in gone


@pytest.mark.django_db
def test_the_page_shows_the_mark_that_was_made_when_the_claim_was_saved():
    claim = Claim.objects.get(question__number=101, number=4)
    assert "계산과 맞음" in claim.mark_html and claim.mark_html in Client().get("/q/101/").content.decode()
    claim.compute = {**claim.compute, "stated": "50 GB"}
    claim.save()
    assert "계산과 다름" in Client().get("/q/101/").content.decode()
    assert Claim.objects.filter(compute={}).exclude(mark_html="").count() == 0
