"""One configuration asked of all six: calculator, block in an answer, home page's form, model page, API and command
line show the same bytes."""

import json
import subprocess
import sys
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse

from community.content.pipeline import render

from .fixture_files import Page

pytestmark = pytest.mark.django_db
FLAGS = {"cpu_moe": "--cpu-moe", "eager": "--enforce-eager", "utilization": "--gpu-memory-utilization"}


def needed_beside_links(html):
    """Calculator's query -> the needed bytes that stand in the same row of a table or a list."""
    found, query = {}, None
    for tag, values in Page(html).elements:
        href = values.get("href") or ""
        if tag in ("tr", "li"):
            query = None
        elif href.startswith(f"{reverse('calculator')}?"):
            query = href.partition("?")[2]
        elif tag == "data" and values["class"] == "needed" and query:
            found[query] = int(values["value"])
    return found


def needed_in(html):
    """The one sum over all GPUs."""
    [value] = {int(values["value"]) for tag, values in Page(html).elements if values.get("class") == "needed"}
    return value


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def asked_of_home(client, asked):
    """The home page's form, sent as it stands there."""
    elements = Page(page(client, "/")).elements
    [form] = [values for _tag, values in elements if values.get("action") == reverse("calculator-quick")]
    query = "&".join(f"{name}={asked.get(name, '1')}" for name in ("model", "gpu", "gpus"))
    return needed_beside_links(page(client, f"{form['hx-get']}?{query}"))


def asked_of_block(asked):
    lines = "\n".join(f"{name}: {value}" for name, value in asked.items())
    return needed_in(render(f"```sizing\n{lines}\n```"))


def asked_of_command_line(asked):
    flags = [FLAGS.get(name, f"--{name.replace('_', '-')}") for name in asked]
    words = [word for flag, value in zip(flags, asked.values(), strict=True) for word in (flag, value)]
    command = [sys.executable, "-m", "community.sizing", "estimate", *words, "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("model", ["qwen3-8b", "llama-3-70b"])
def test_six_ways_to_ask_show_the_same_bytes(client, model):
    on_model_page = needed_beside_links(page(client, f"/models/{model}/"))
    compared = 0
    for query, needed in on_model_page.items():
        asked = dict(parse_qsl(query))
        at_home = asked_of_home(client, asked)
        if query not in at_home:
            continue  # the home page answers for two engines
        compared += 1
        api = client.get(f"/api/v1/estimate?{query}").json()
        printed = asked_of_command_line(asked)
        assert {
            "home": at_home[query],
            "calculator": needed_in(page(client, f"/calculator/?{query}")),
            "fragment": needed_in(page(client, f"/calculator/result/?{query}")),
            "block": asked_of_block(asked),
            "api": api["needed_bytes"],
            "command line": printed["needed_bytes"],
        } == dict.fromkeys(("home", "calculator", "fragment", "block", "api", "command line"), needed), query
        assert {name: api[name] for name in printed} == printed
    assert compared >= 3
