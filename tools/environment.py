"""The virtual environment in .venv: made once, installed again only when the locked packages change."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def stop(line: str) -> NoReturn:
    """Ends with one line that says what to do, and exit status 2."""
    print(line, file=sys.stderr)
    sys.exit(2)


def ensure(lock: str) -> None:
    """Brings .venv to the packages of `lock`. The stamp is written last, so an interrupted set-up is taken up again."""
    stamp = VENV / f"{lock}.sha256"
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == digest:
        return
    if not PYTHON.exists():
        print("Making .venv", flush=True)
        venv.create(VENV, clear=True, symlinks=True)
    print(f"Installing {lock}", flush=True)
    for command in install_commands(lock):
        if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
            stop(f"Could not install {lock}: the lines above say why.")
    stamp.write_text(digest)


def install_commands(lock: str) -> list[list[str]]:
    """uv where it is on the PATH, else the pip that comes with Python."""
    python = str(PYTHON)
    if uv := shutil.which("uv"):
        return [[uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock]]
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    return [[python, "-m", "ensurepip"], [*pip, "--require-hashes", "-r", lock]]


def run_python(*arguments: str, **variables: str) -> int:
    """Runs .venv's Python from the project's root and returns its exit status."""
    return subprocess.run([PYTHON, *arguments], cwd=ROOT, env=environment(variables)).returncode


@contextmanager
def alongside(*arguments: str, **variables: str) -> Iterator[Callable[[], int]]:
    """The same while other things run: what is yielded waits for the end, shows what was printed, and returns the
    exit status. Stopped when the block is left early."""
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(
            [PYTHON, *arguments], cwd=ROOT, env=environment(variables), stdout=output, stderr=output
        ) as process,
    ):

        def finish() -> int:
            status = process.wait()
            output.seek(0)
            print(output.read(), flush=True)
            return status

        try:
            yield finish
        finally:
            process.send_signal(signal.SIGINT)  # pytest stops what it started


def environment(variables: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **variables}
