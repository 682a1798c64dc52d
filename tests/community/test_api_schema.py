"""Every operation of the API against its own OpenAPI description, with what schemathesis thinks of to send."""

from urllib.parse import urlsplit

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from ainex.wsgi import application
from community.middleware import LONGEST_QUERY

pytestmark = pytest.mark.django_db
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
# The parameters of an estimate can each be right and contradict one another: 422 is then the right answer.
CONTRADICTS = [CHECKS.get_one("positive_data_acceptance")]


@pytest.fixture(autouse=True)
def one_connection():
    """A request through WSGI would close the connection whose transaction holds the test's rows."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_is_as_described(case):
    response = case.call(headers={"Accept-Encoding": "identity"})
    may_refuse = case.operation.path == "/api/v1/estimate" or len(urlsplit(response.request.url).query) > LONGEST_QUERY
    case.validate_response(response, excluded_checks=CONTRADICTS if may_refuse else [])
