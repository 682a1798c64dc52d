"""Deployments for the tests of the local engines, from the catalogue."""

from community.sizing import catalog
from community.sizing.deployment import Deployment, Options
from community.sizing.formats import parse_format
from community.sizing.size import assess

GIB, MIB = 2**30, 2**20


def deployment(model, weights, engine, cards, context=8192, requests=1, version="", **options):
    devices = tuple(catalog.device(card) for card in cards.split("+"))
    return Deployment(
        model, catalog.model(model).architecture, parse_format(weights), engine, version, devices, context, requests,
        Options(**options),
    )  # fmt: skip


def verdict(*arguments, **options):
    return str(assess(deployment(*arguments, **options)).verdict)


def codes(memory):
    return {reason.code for reason in memory.reasons}


def needed(memory):
    return sum(gpu.needed for gpu in memory.gpus)
