"""Starts the site as it is published, behind the door of wsgi.py, and tells the door what to do."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PREPARATIONS = (["migrate"], ["load_content"], ["collectstatic", "--no-input"])
SERVER = ["-m", "gunicorn", "tests.browser.served.wsgi", "--worker-class", "gthread", "--threads", "16"]
QUIET = ["--no-control-socket", "--log-level", "warning"]


@dataclass
class Site:
    url: str
    folder: Path

    def tell(
        self,
        delays: dict[str, float] | None = None,
        held: tuple[str, ...] = (),
        failing: tuple[str, ...] = (),
        foreign: dict[str, str] | None = None,
    ) -> None:
        """What happens to the fragments of these questions (paths) from now on; all others are answered as usual."""
        orders = {
            "delays": {number(path): seconds for path, seconds in (delays or {}).items()},
            "held": [number(path) for path in held],
            "failing": [number(path) for path in failing],
            "foreign": {number(path): html for path, html in (foreign or {}).items()},
        }
        written = self.folder / "orders.new"
        written.write_text(json.dumps(orders))
        written.replace(self.folder / "orders.json")

    def answers(self) -> list[int]:
        """The places of the requests, in the order in which their answers were sent."""
        log = self.folder / "answers.log"
        return [int(line.split()[0]) for line in log.read_text().splitlines()] if log.exists() else []


def number(path: str) -> str:
    return path.split("/")[2]


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.browser.served.settings",
        "PYTHONPATH": str(ROOT),
        "SERVED_FOLDER": str(folder),
    }
    for command in PREPARATIONS:
        subprocess.run([sys.executable, "manage.py", *command, "--verbosity=0"], cwd=ROOT, env=environment, check=True)
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", folder)
    site.tell()
    command = [sys.executable, *SERVER, *QUIET, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            wait_for(site.url, server)
            yield site
        finally:
            site.tell()
            server.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{url} answers {error.code}") from error
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} does not answer; the server's exit status is {server.poll()}")
