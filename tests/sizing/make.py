"""A deployment in one line, for tests."""

from community.sizing import Deployment, Options, catalog
from community.sizing.formats import parse_format


def make_deployment(model, weights, engine, gpus, context=8192, requests=1, **options):
    """`gpus` is an id, or several with their counts: "rtx-4090:2 rtx-3090"."""
    found = catalog.model(model)
    name, _, version = engine.partition("@")
    devices = []
    for text in gpus.split():
        device, _, count = text.partition(":")
        devices += [catalog.device(device)] * int(count or 1)
    return Deployment(
        found.id, found.architecture, parse_format(weights), name, version, tuple(devices), context, requests,
        Options(**options), hub_name=found.repository(weights),
    )  # fmt: skip
