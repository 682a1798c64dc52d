"""Brings the site up to date before it is served: everything in one Django start, and only what has changed.

`tools/dev.py` calls it. var/prepared.json remembers the digests of what was done.
"""

import hashlib
import io
import json
import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from environment import ROOT, stop

DONE = ROOT / "var" / "prepared.json"
LOGIN = ROOT / "var" / "admin-login.txt"
SIGNATURE = "수석 편집자"  # what the record of changes shows, never the log-in name


def main(address: str = "") -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ainex.settings")
    try:
        django.setup()
        settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)  # one connection is enough here
        DONE.parent.mkdir(exist_ok=True)
        admin = admin_from_environment()
        prepare()
        if admin:
            make_admin(*admin)
        login = "" if admin or settings.PRODUCTION else development_admin()
    except (ImproperlyConfigured, CommandError) as error:
        stop(str(error))
    except DatabaseError as error:
        stop(f"The database says: {str(error).splitlines()[0]}")
    if address:
        print(f"AiNex    {address}\nEditors  {address}admin/{login}", flush=True)


def prepare() -> None:
    done = json.loads(DONE.read_text()) if DONE.exists() else {}
    database = hashlib.sha256(repr(settings.DATABASES["default"]).encode()).hexdigest()[:12]
    content = digest([*files("fixtures"), *files("community", "*.py"), *files("community/sizing/data")])
    static = digest([*files("static"), ROOT / "requirements.txt"])
    compile_translations()
    if migrate() or done.get(database) != content:
        load_content()
    if done.get("static") != static or not (settings.STATIC_ROOT / "staticfiles.json").exists():
        print("Collecting static files", flush=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    DONE.write_text(json.dumps({**done, "static": static, database: content}))


def files(folder: str, pattern: str = "*") -> Iterable[Path]:
    return sorted(path for path in (ROOT / folder).rglob(pattern) if path.is_file())


def digest(paths: Iterable[Path]) -> str:
    """Of names and contents: a new time stamp alone changes nothing."""
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def migrate() -> bool:
    """Whether there was anything to migrate."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    print("Migrating the database", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    return True


def load_content() -> None:
    print("Loading the content", flush=True)
    call_command("load_content")
    for command in ("render_again", "setup_roles"):
        if command in get_commands():
            call_command(command, stdout=io.StringIO())


def compile_translations() -> None:
    """Catalogues beside their sources, where a source is newer."""
    for source in files("locale", "*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        from babel.messages import mofile, pofile  # slow to import, and seldom needed

        with source.open("rb") as catalogue, target.open("wb") as compiled:
            mofile.write_mo(compiled, pofile.read_po(catalogue))


def admin_from_environment() -> tuple[str, str] | None:
    """Both or neither: an admin's password has no default."""
    username, password = os.environ.get("ADMIN_USERNAME", ""), os.environ.get("ADMIN_PASSWORD", "")
    if bool(username) != bool(password):
        stop(f"{'ADMIN_PASSWORD' if username else 'ADMIN_USERNAME'} is not set. Set both to make an admin, or neither.")
    if not username:
        return None
    try:
        validate_password(password)
    except ValidationError as error:
        stop(f"ADMIN_PASSWORD is too weak: {' '.join(error.messages)}")
    return username, password


def make_admin(username: str, password: str, renew: bool = False) -> None:
    """An admin who exists keeps their password, unless it is to be renewed."""
    admin = get_user_model().objects.filter(username=username).first()
    if admin is None:
        get_user_model().objects.create_superuser(username, password=password, first_name=SIGNATURE)
    elif renew:
        admin.set_password(password)
        admin.save()


def development_admin() -> str:
    """Makes the admin of var/admin-login.txt and returns the line that shows it. Without the file: a new password."""
    is_new = not LOGIN.exists()
    if is_new:
        with open(os.open(LOGIN, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"curator\n{secrets.token_urlsafe(12)}\n")
    username, password = LOGIN.read_text().split()
    make_admin(username, password, renew=is_new)
    return f"  {username} / {password}"


if __name__ == "__main__":
    main(*sys.argv[1:])
