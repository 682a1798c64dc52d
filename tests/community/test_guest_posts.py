"""Forms of guests: who may send them, how long they hold, and that no cookie stands behind them."""

import time

import pytest
from django.core.signing import TimestampSigner, b62_encode

from community.guest_posts import LASTS, SALT

from .guest_forms import HERE, make_guest, send, stamp_in, stamp_of

CONFIG, LOG = "/calculator/config/", "/calculator/log/"
PAGES = (CONFIG, LOG)
FIELDS = {CONFIG: {"config": "{}"}, LOG: {"log": "nothing of an engine"}}

ONE_FIELD = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nz\r\n--x--\r\n'


def make_stamp(path, age=0):
    class Earlier(TimestampSigner):
        def timestamp(self):
            return b62_encode(int(time.time()) - age)

    return Earlier(salt=SALT).sign(path)


def post(path, stamp, headers=HERE, **fields):
    return make_guest().post(path, {"stamp": stamp, **(fields or FIELDS[path])}, headers=headers)


@pytest.mark.parametrize("path", PAGES)
def test_a_form_of_the_page_is_answered_without_a_cookie(path):
    client = make_guest()
    shown = client.get(path)
    answered = send(path, FIELDS[path], client)
    assert shown.status_code == answered.status_code == 200
    for response in (shown, answered):
        assert "Set-Cookie" not in response.headers and not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "https://testserver"}, 403),
        ({"Origin": "http://testserver.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
@pytest.mark.parametrize("path", PAGES)
def test_the_sender_is_this_site(path, headers, status):
    response = post(path, make_stamp(path), headers)
    assert response.status_code == status
    assert ("다른 곳에서 보낸 양식" in response.content.decode()) is (status == 403)
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", PAGES)
def test_a_forged_stamp_is_refused(path):
    own = make_stamp(path)
    other = make_stamp(next(page for page in PAGES if page != path))
    for stamp in ("", "x", own[:-1], own.replace(path, path + "x"), other, TimestampSigner().sign(path), own + "\0"):
        response = post(path, stamp)
        assert response.status_code == 403, stamp
        assert "이 화면에서 보낸 양식이 아니에요" in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_an_old_form_is_asked_for_again_with_its_text(path):
    again, lasts = "한 번 더 눌러 주세요", int(LASTS.total_seconds())
    shown = post(path, make_stamp(path, lasts + 60)).content.decode()
    assert again in shown
    assert next(iter(FIELDS[path].values())) in shown
    assert again not in post(path, stamp_in(shown)).content.decode(), "the page has a new stamp"
    assert again not in post(path, make_stamp(path, lasts - 60)).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_body_that_is_too_large_has_a_page_that_says_so(path):
    client = make_guest()
    response = client.post(path, {"stamp": stamp_of(client, path), "config": "x" * 2_000_000}, headers=HERE)
    assert response.status_code == 413
    assert "너무 커서 읽지 않았어요" in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data; boundary=x", b"--y\r\nnonsense", (400, 403)),
        ("multipart/form-data", b"x", (400,)),
        ("multipart/form-data; boundary=x; charset=hex", ONE_FIELD, (400, 403)),
        ("application/x-www-form-urlencoded; charset=utf-16", b"a=1", (400,)),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1_100)), (400,)),
        ("application/json", b"{}", (403,)),
    ],
)  # fmt: skip
def test_a_body_that_no_browser_sends_is_refused(path, kind, body, status):
    response = make_guest().generic("POST", path, body, kind, headers=HERE)
    assert response.status_code in status
    assert "</html>" in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_taken(path, method):
    assert make_guest().generic(method, path, headers=HERE).status_code == 405
