"""The door that servers call: what Django's own request class would answer with a bare 500."""

from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest

from ainex.wsgi import application

pytestmark = pytest.mark.django_db  # each request first looks after the connections
CHARSETS = ("hex", "rot13", "zip", "base64", "undefined", "punycode", "idna", "utf-16", "utf-7", "euc-kr", '"x', "\xff")


def ask(path, query, content_type):
    told = []
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "CONTENT_TYPE": content_type, "wsgi.input": BytesIO()}
    setup_testing_defaults(environ)
    body = b"".join(application(environ | {"HTTP_HOST": "testserver"}, lambda status, headers: told.append(status)))
    return told[0], body.decode()


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("path", ["/calculator/result/", "/api/v1/estimate"])
def test_another_charset_than_utf_8_is_refused(path, charset):
    for content_type in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        status, body = ask(path, "model=%EA%B0%80", f"{content_type}; charset={charset}")
        assert status == "400 Bad Request"
        assert "UTF-8" in body


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", '"utf-8"'])
def test_utf_8_is_read(charset):
    status, body = ask("/api/v1/estimate", "%EA%B0%80=1", f"text/plain; charset={charset}")
    assert status.startswith("422") and '"가"' in body
