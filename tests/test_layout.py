"""The shape of the project: which part may import which, and what no file may hold."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted(ROOT.glob("community/**/*.py"))

UPPER = ["community.api", "community.views", "community.admin"]
# Part -> what it must not import. Imports go one way: api, admin -> views -> forms, models,
# content, calculator, charts -> sizing.
FORBIDDEN = {
    "community": ["ainex"],
    "community.models": [*UPPER, "community.forms", "community.charts"],
    "community.content": [*UPPER, "community.forms", "community.charts"],
    "community.calculator": [*UPPER, "community.models", "community.content"],
    "community.views": ["community.admin", "community.api"],
    "community.api": ["community.admin"],
}
# Part -> all that it may import besides the standard library and itself.
ALLOWED = {
    "community.charts": ["django", "community.models"],
    "community.sizing": [],
}


def within(module: str, parts: list[str]) -> bool:
    return any(module == part or module.startswith(f"{part}.") for part in parts)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(source: str, package: str) -> Iterator[str]:
    """Every module a file of `package` imports, in functions and under TYPE_CHECKING too, by its full name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            start = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{start}.{name.name}" for name in node.names)


def wrong_imports(module: str, imported: Iterator[str]) -> list[str]:
    wrong = []
    for name in imported:
        if any(within(module, [part]) and within(name, banned) for part, banned in FORBIDDEN.items()):
            wrong.append(f"{module} imports {name}")
        for part, allowed in ALLOWED.items():
            standard = name.split(".")[0] in sys.stdlib_module_names
            if within(module, [part]) and not standard and not within(name, [part, *allowed]):
                wrong.append(f"{module} imports {name}")
    return wrong


def test_imports_go_one_way() -> None:
    wrong = []
    for path in CODE:
        module = module_of(path)
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        wrong += wrong_imports(module, imports_of(path.read_text(), package))
    assert len(CODE) > 20
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("community.models.notes", "from community.views import home"),
        ("community.models.notes", "from ..views.home import home"),
        ("community.content.files.load", "from ...admin import site"),
        ("community.content.pipeline", "def f():\n    import community.charts.throughput"),
        ("community.charts.throughput", "import markdown"),
        ("community.sizing.units", "from django.db import models"),
        ("community.sizing.units", "from community.models import Note"),
        ("community.views.home", "from community import admin"),
        ("community.forms", "from ainex import settings"),
    ],
)
def test_a_wrong_import_is_seen(module: str, source: str) -> None:
    assert wrong_imports(module, imports_of(source, module.rpartition(".")[0]))


def texts(*tops: Path) -> Iterator[tuple[str, str]]:
    """(path, text) of every text file in and under these."""
    files = [file for top in tops for file in ([top] if top.is_file() else top.rglob("*")) if file.is_file()]
    for file in sorted(files):
        data = file.read_bytes()
        if b"\0" not in data:
            yield file.relative_to(ROOT).as_posix(), data.decode()


def test_no_file_names_a_machine_or_a_registry() -> None:
    """Hidden folders and var/ are made by tools; fixtures/ speaks of its readers' machines."""
    machine = re.compile(r"/(?:" + "root|work" + r")/")
    registry = re.compile("index" + "[-_]url|find" + "[-_]links", re.IGNORECASE)
    tops = [top for top in ROOT.iterdir() if top.name not in {"var", "fixtures"} and not top.name.startswith(".")]
    ours = dict(texts(*tops, ROOT / ".ci"))
    assert {"README.md", ".ci/run", "ainex/settings.py", "templates/base.html"} <= ours.keys()
    assert [name for name, text in ours.items() if machine.search(text) or registry.search(text)] == []


INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=|\shx-on|javascript:", re.IGNORECASE)


def test_templates_hold_no_inline_script_or_style() -> None:
    found = [f"{name}: {match[0]}" for name, text in texts(ROOT / "templates") for match in INLINE.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        '<p style="color: red">',
        '<p onclick="f()">',
        '<a href="javascript:f()">',
        '<p hx-on:click="f()">',
    ],
)
def test_inline_script_or_style_is_seen(html: str) -> None:
    assert INLINE.search(html)
    assert not INLINE.search('<script src="a.js" defer></script><p class="style" data-content="on">')
