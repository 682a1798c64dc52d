#!/usr/bin/env python3
"""Set-up and commands, with nothing but Python 3.11: `python3 tools/dev.py run` or `make run`."""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python meets first
    sys.exit("AiNex needs Python 3.11 or newer.")

import checks
from environment import PYTHON, ROOT, ensure, run_python, stop

HOST = "127.0.0.1"
GUNICORN = ["-m", "gunicorn", "ainex.wsgi", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
COMPILE = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]


def run(extra: list[str]) -> None:
    """Install, migrate, load the content and serve the site."""
    port = free_port(os.environ.get("PORT", "8000"))
    ensure("requirements.txt")
    if status := run_python("tools/prepare.py", f"http://{HOST}:{port}/"):
        sys.exit(status)
    os.chdir(ROOT)
    quiet = ["--no-control-socket", "--log-level", "warning"]
    os.execv(PYTHON, [str(PYTHON), *GUNICORN, *quiet, "--bind", f"{HOST}:{port}", *extra])  # noqa: S606


def free_port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65_536:
        stop(f"PORT={value} is not a port. Try: PORT=8001 make run")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(value)))
        except OSError as error:
            stop(f"Port {value} cannot be used ({error.strerror}). Choose another: PORT={int(value) + 1} make run")
    return int(value)


def test(extra: list[str]) -> None:
    """Run every check: style, types, migrations, claims, tests on SQLite and PostgreSQL and in Chromium."""
    ensure("requirements-dev.txt")
    sys.exit(checks.run_all(extra))


def fmt(extra: list[str]) -> None:
    """Mend what ruff can mend, and format."""
    ensure("requirements-dev.txt")
    mended = run_python("-m", "ruff", "check", "--fix", *extra)
    sys.exit(run_python("-m", "ruff", "format", *extra) or mended)


def bench(extra: list[str]) -> None:
    """Measure the CPU time of the pages against a bare Django view, and of the sizing engine against a fixed loop."""
    ensure("requirements.txt")
    sizing = run_python("-m", "tools.bench_sizing")
    sys.exit(sizing or run_python("tools/prepare.py") or run_python("tools/bench.py", *extra))


def accuracy(extra: list[str]) -> None:
    """Print predicted against measured for every record, and the table of errors."""
    ensure("requirements.txt")
    sys.exit(run_python("-m", "community.sizing", "accuracy", *extra))


def lock(extra: list[str]) -> None:
    """Write requirements*.txt anew from requirements*.in; `--upgrade` takes newer versions."""
    uv = shutil.which("uv") or stop("uv writes the locks. Install it: python3 -m pip install uv")
    for name in ("requirements", "requirements-dev"):
        command = [uv, "pip", "compile", *COMPILE, f"{name}.in", "--output-file", f"{name}.txt", *extra]
        if status := subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
            sys.exit(status)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in (run, test, fmt, bench, accuracy, lock):
        commands.add_parser(command.__name__, help=command.__doc__).set_defaults(command=command)
    chosen, extra = parser.parse_known_args()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda number, frame: sys.exit(128 + number))  # so that what was started is stopped too
    try:
        chosen.command(extra)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
