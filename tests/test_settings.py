"""What production demands, and the headers that guests get."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = {
    "AINEX_PRODUCTION": "1",
    "SECRET_KEY": "long-enough-for-a-test-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "ainex.example",
}


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    """The start of the site up to the point where it would touch its database."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables}
    command = [sys.executable, "tools/prepare.py"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_does_not_start_without(missing: str) -> None:
    stopped = start(**{name: value for name, value in COMPLETE.items() if name != missing})
    assert stopped.returncode == 2
    assert stopped.stderr == f"{missing} is not set. Production has no default for it.\n"


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"ADMIN_USERNAME": "chief"}, "ADMIN_PASSWORD is not set"),
        ({"ADMIN_PASSWORD": "a long password of nobody"}, "ADMIN_USERNAME is not set"),
        ({"ADMIN_USERNAME": "chief", "ADMIN_PASSWORD": "password"}, "ADMIN_PASSWORD is too weak"),
    ],
)
def test_an_admin_needs_a_name_and_a_good_password(variables: dict[str, str], line: str) -> None:
    stopped = start(**COMPLETE, **variables)
    assert stopped.returncode == 2
    assert stopped.stderr.startswith(line)
    assert stopped.stderr.count("\n") == 1


def test_a_database_that_does_not_answer_is_one_line() -> None:
    stopped = start(DATABASE_URL="sqlite:////nowhere/at/all.sqlite3")
    assert stopped.returncode == 2
    assert stopped.stderr == "The database says: unable to open database file\n"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/community.html", "/notes/", "/fixes/", "/about/", "/nothing-here/"])
def test_guests_get_a_strict_policy_and_no_cookie(client: Client, address: str) -> None:
    response = client.get(address)
    policy = {
        name: values.split()
        for name, _, values in (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    }
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies


def test_every_static_file_that_is_named_exists(settings: Settings, tmp_path: Path) -> None:
    """The manifest refuses a stylesheet or module that names a missing file."""
    settings.STATIC_ROOT = tmp_path
    backend = f"{ManifestStaticFilesStorage.__module__}.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    call_command("collectstatic", interactive=False, verbosity=0)
    assert "css/base" in staticfiles_storage.url("css/base.css")
