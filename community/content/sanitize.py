"""What HTML may leave the pipeline, by list: bleach first, nh3 as the last word, both with the same rules."""

import re

import bleach
import nh3

BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "div", "br", "dl", "dt", "dd"}
INLINE = {"a", "b", "strong", "em", "i", "code", "span", "sup", "sub", "del", "img", "kbd"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = BLOCKS | INLINE | TABLES

CLASSES = re.compile(r"highlight|nb|scroll|anchor|footnote|footnote-(?:ref|backref)|[a-z]{1,2}[0-9a-z]?")
IDENTIFIER = re.compile(r"[\w.:-]{1,120}")
OWN_ADDRESS = re.compile(r"/(?![/\\])[^\s\\]*|#[^\s\\]*")
OUTSIDE_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\\]+", re.I)
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?")


def _class(value: str) -> bool:
    return all(CLASSES.fullmatch(name) for name in value.split())


def _link(value: str) -> bool:
    return bool(OWN_ADDRESS.fullmatch(value) or OUTSIDE_ADDRESS.fullmatch(value))


def _own_image(value: str) -> bool:
    return value.startswith("/static/") and bool(OWN_ADDRESS.fullmatch(value)) and ".." not in value


ANYWHERE = {
    "class": _class,
    "id": lambda value: bool(IDENTIFIER.fullmatch(value)),
    "lang": lambda value: bool(LANGUAGE.fullmatch(value)),
}
BY_TAG = {
    "a": {"href": _link, "title": lambda value: True},
    "img": {"src": _own_image, "alt": lambda value: True},
    "th": {"align": lambda value: value in ("left", "right", "center")},
    "td": {"align": lambda value: value in ("left", "right", "center")},
    "ol": {"start": str.isdecimal},
    "div": {
        "role": lambda value: value == "region",
        "tabindex": lambda value: value == "0",
        "aria-label": lambda value: True,
    },
}


def is_allowed(tag: str, name: str, value: str) -> bool:
    """Whether an attribute with this value may stand on this tag."""
    rule = BY_TAG.get(tag, {}).get(name) or ANYWHERE.get(name)
    return rule is not None and rule(value)


CLEANER = bleach.Cleaner(tags=TAGS, attributes=is_allowed, protocols={"http", "https", "mailto"}, strip_comments=True)
ATTRIBUTES = {"*": set(ANYWHERE), **{tag: set(rules) for tag, rules in BY_TAG.items()}}


def sanitize(html: str) -> str:
    """The HTML without anything that could run, load from elsewhere, or pass for a part of the page."""
    return nh3.clean(
        CLEANER.clean(html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=lambda tag, name, value: value if is_allowed(tag, name, value) else None,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
