"""The pages of GPUs: every one opens, its figures are those of sizing, and an unknown id names the nearest."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.calculator.reverse.fits import usual_engine
from community.sizing import catalog
from community.sizing.fit import what_fits
from community.views.gpus import CONTEXTS, held

IDS = [device.id for device in catalog.devices()]
# One of every kind: small, large, refused by the engine, unified, of another vendor.
KINDS = ["rtx-3060-12gb", "h200", "v100-16gb", "dgx-spark", "mi300x", "m1-8gb", "m3-ultra-512gb"]

pytestmark = pytest.mark.django_db


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", IDS)
def test_every_gpu_has_a_page_without_queries(client, name):
    device = catalog.device(name)
    with CaptureQueriesContext(connection) as queries:
        source = page(client, f"/gpus/{name}/")
    assert len(queries) == 0
    assert f"<dd>{device.usable / 2**30:,.2f} GiB</dd>" in source
    assert f"<dd>{device.bandwidth / 1e9:,.0f} GB/s</dd>" in source
    assert device.checked in source
    assert ("추정한 값은 없어요" in source) is not bool(device.estimated)
    if device.cuda_total:
        assert f"<dd>{device.cuda_total / 2**30:,.2f} GiB</dd>" in source and "드라이버가 먼저 잡아 둔" in source


@pytest.mark.parametrize("name", KINDS)
def test_what_fits_is_what_sizing_says(name):
    device = catalog.device(name)
    for number, context in enumerate(CONTEXTS):
        found = [row.fits[number] for row in held(name) if row.fits[number]]
        expected = what_fits((device,), context, engine=usual_engine((device,)))
        assert {(fit.model.id, fit.weights, fit.verdict, fit.needed) for fit in found} == {
            (row["model"], row["weights"], row["verdict"], row["needed_bytes"]) for row in expected
        }


def test_rows_lead_to_the_calculator_with_what_they_show(client):
    source = page(client, "/gpus/rtx-4090/")
    rows = re.findall(r'<a href="/calculator/\?([^"]+)">[^<]*</a> <data class="needed" value="(\d+)">', source)
    assert len(rows) > 60
    for query, needed in rows[::20]:
        assert client.get(f"/calculator/?{unescape(query)}").context["result"].needed == int(needed)


def test_a_card_that_the_engine_refuses_says_so(client):
    assert "지원하지 않거나" in page(client, "/gpus/v100-16gb/")


def test_list_finds_and_sorts(client):
    def shown(query=""):
        return re.findall(r'<th scope="row"><a href="/gpus/([a-z0-9.-]+)/"', page(client, f"/gpus/{query}"))

    assert sorted(shown()) == sorted(IDS)
    usable = [catalog.device(name).usable for name in shown()]
    assert usable == sorted(usable, reverse=True)
    speeds = [catalog.device(name).bandwidth for name in shown("?sort=bandwidth")]
    assert speeds == sorted(speeds, reverse=True)
    assert shown("?q=RTX+4090") == ["rtx-4090"]
    assert shown("?q=nothing-like-it") == []


def test_unknown_id_names_the_nearest(client):
    response = client.get("/gpus/rtx4090/")
    assert response.status_code == 404
    assert 'href="/gpus/rtx-4090/"' in response.content.decode()
