"""What `make test` runs, in order. Every step runs even after one failed; the end says which."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import postgres
from environment import alongside, run_python

SITE_VARIABLES = {
    "AINEX_PRODUCTION", "DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS",
    "ADMIN_USERNAME", "ADMIN_PASSWORD", "LOG_LEVEL", "DJANGO_SETTINGS_MODULE",
}  # fmt: skip
ON_DEBIAN = "sudo apt-get update && sudo apt-get install --yes"


class LackingError(Exception):
    """The machine lacks what a step needs; the text is the line that installs it."""


def check_migrations() -> int:
    return run_python("manage.py", "makemigrations", "--check", "--dry-run", DATABASE_URL="sqlite://:memory:")


def pytest(*arguments: str, **variables: str) -> int:
    """Without CI: pytest would print differences in full there, and two loads of the content are 200,000 lines."""
    return run_python("-m", "pytest", *arguments, CI="", **variables)


def test_on_sqlite(*extra: str) -> int:
    return pytest("-m", "not browser", *extra)


def test_on_postgresql(*extra: str) -> int:
    """Only what touches a database, which pytest-django allows to tests that say so."""
    folder = postgres.programs()
    if folder is None:
        raise LackingError(f"{ON_DEBIAN} postgresql")
    with postgres.throw_away(folder) as url:
        return pytest("-m", "django_db and not browser", *extra, DATABASE_URL=url)


@contextmanager
def chromium(extra: list[str]) -> Iterator[Callable[[], int]]:
    """The tests in Chromium run beside all others: they mostly wait."""
    if shutil.which(os.environ.get("CHROMIUM", "/usr/bin/chromium")) is None:
        yield no_chromium
    else:
        with alongside("-m", "pytest", "-m", "browser", *extra, CI="") as finish:
            yield finish


def no_chromium() -> int:
    raise LackingError(f"{ON_DEBIAN} chromium fonts-noto-cjk")


def steps(extra: list[str], test_in_chromium: Callable[[], int]) -> dict[str, Callable[[], int]]:
    """Extra arguments go to pytest; style, types and migrations are the same whatever is asked of it."""
    return {
        "ruff check": lambda: run_python("-m", "ruff", "check"),
        "ruff format": lambda: run_python("-m", "ruff", "format", "--check"),
        "mypy": lambda: run_python("-m", "mypy"),
        "migrations": check_migrations,
        "check_claims": lambda: run_python("manage.py", "check_claims", "fixtures", DATABASE_URL="sqlite://:memory:"),
        "pytest on SQLite": lambda: test_on_sqlite(*extra),
        "pytest on PostgreSQL": lambda: test_on_postgresql(*extra),
        "pytest in Chromium": test_in_chromium,
    }


def run_all(extra: list[str]) -> int:
    """0 when nothing failed. With CI=true a step the machine cannot run is a failure too."""
    for name in SITE_VARIABLES:
        os.environ.pop(name, None)  # the tests see the defaults, whatever the caller's site uses
    with chromium(extra) as test_in_chromium:
        results = [outcome(name, step) for name, step in steps(extra, test_in_chromium).items()]
    print()
    for name, word, seconds in results:
        print(f"{word:8}{seconds:6.1f} s  {name}")
    failed = [name for name, word, _ in results if word == "failed"]
    print(f"Failed: {', '.join(failed)}" if failed else "Nothing failed")
    return 1 if failed else 0


def outcome(name: str, step: Callable[[], int]) -> tuple[str, str, float]:
    print(f"\n{name}", flush=True)
    start = time.monotonic()
    try:
        word = "failed" if step() else "passed"
    except LackingError as line:
        print(f"SKIPPED {name}: {line}")
        word = "failed" if os.environ.get("CI") == "true" else "skipped"
    except (RuntimeError, subprocess.CalledProcessError) as error:
        print(error)
        word = "failed"
    return name, word, time.monotonic() - start
