"""A PostgreSQL that lives for one run of the tests: own folder, Unix socket only, never as root."""

import contextlib
import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

USER = "ainex"
NEEDED = ["initdb", "postgres", "pg_isready"]
NEW_CLUSTER = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
THROW_AWAY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses="]

Server: TypeAlias = "subprocess.Popen[bytes]"


def programs() -> Path | None:
    """The folder of initdb and postgres: on the PATH, named by pg_config, or where Debian keeps its versions."""
    folders = [str(Path(found).resolve().parent) for found in [shutil.which("initdb")] if found]
    if pg_config := shutil.which("pg_config"):
        folders.append(subprocess.run([pg_config, "--bindir"], capture_output=True, text=True).stdout.strip())
    folders += sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]), reverse=True)
    return next((Path(folder) for folder in folders if all((Path(folder) / name).exists() for name in NEEDED)), None)


def unprivileged() -> dict[str, Any]:
    """Arguments for subprocess: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def throw_away(folder: Path) -> Iterator[str]:
    """Its DATABASE_URL, as soon as it answers; stopped and deleted in any case."""
    home = Path(tempfile.mkdtemp(prefix="ainex-pg-", dir="/tmp"))
    server = None
    try:
        server = start(folder, home)
        wait_until_ready(folder, home, server)
        yield f"postgres://{USER}@/{home}/{USER}"
    finally:
        if server:
            server.send_signal(signal.SIGQUIT)  # PostgreSQL's immediate shutdown: nothing is worth keeping
            server.wait()
        shutil.rmtree(home, ignore_errors=True)


def start(folder: Path, home: Path) -> Server:
    """In a session of its own, so that Ctrl-C reaches it through `throw_away` alone."""
    account = unprivileged()
    if account:
        os.chown(home, account["user"], account["group"])
    initdb = [str(folder / "initdb"), "-D", str(home / "data"), "-U", USER, *NEW_CLUSTER]
    subprocess.run(initdb, cwd=home, check=True, stdout=subprocess.DEVNULL, **account)
    settings = [part for setting in THROW_AWAY for part in ("-c", setting)]
    command = [str(folder / "postgres"), "-D", str(home / "data"), "-k", str(home), *settings]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(command, cwd=home, stdout=log, stderr=log, start_new_session=True, **account)


def wait_until_ready(folder: Path, home: Path, server: Server) -> None:
    ask = [str(folder / "pg_isready"), "--quiet", "-h", str(home), "-U", USER]
    deadline = time.monotonic() + 30
    while subprocess.run(ask).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text(errors='replace')}")
        time.sleep(0.05)
