"""Sends a guest's form as a browser does: the page first, its stamp with the form."""

import re
from html import unescape

from django.test import Client

HERE = {"Sec-Fetch-Site": "same-origin"}


def make_guest():
    """A browser of its own, with Django's own check switched on: guests' forms must not need it."""
    return Client(enforce_csrf_checks=True)


def stamp_of(client, path):
    return stamp_in(client.get(path).content.decode())


def stamp_in(source):
    return unescape(re.search(r'name="stamp" value="([^"]+)"', source)[1])


def send(path, fields, client=None, headers=HERE):
    client = client or make_guest()
    return client.post(path, {"stamp": stamp_of(client, path), **fields}, headers=headers)
