"""What was pasted, as plain lines: any line ends, no colours, no wrapping by Docker."""

from __future__ import annotations

import codecs
import json
import re

from ..errors import InputError

LARGEST = 200 * 1024  # bytes
ALLOWED = f"a start-up log as text, up to {LARGEST // 1024} KB"
ODD, ANYWAY = 0.05, 20  # part, and number, of the characters that may be undecodable or control characters

MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
COLOURS = re.compile(r"\x1b\[[0-9;?]{0,20}[ -/]?[@-~]|\x1b[@-Z\\-_]")
LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd\ud800-\udfff]")
WRAPPED = re.compile(r'^\{"log":".*\}$', re.MULTILINE)  # Docker's json-file driver


def plain(data: bytes | str) -> str:
    """InputError names the log where it is not text or too long."""
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        raise InputError("log", f"{size:,} bytes are too many", ALLOWED)
    text = COLOURS.sub("", decoded(data) if isinstance(data, bytes) else data)
    if "\0" in text or len(CONTROLS.findall(text)) > max(ANYWAY, ODD * len(text)):
        raise InputError("log", "is not text", ALLOWED)
    text = LINE_ENDS.sub("\n", text)
    return CONTROLS.sub(" ", WRAPPED.sub(unwrapped, text))


def decoded(data: bytes) -> str:
    """PowerShell redirects into UTF-16; a paste may be cut within a character."""
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), "utf-8")
    return data.decode(encoding, "replace")


def unwrapped(line: re.Match[str]) -> str:
    try:
        found = json.loads(line[0])["log"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return line[0]
    return found.rstrip("\n") if isinstance(found, str) else line[0]
