"""The names in a log -> the catalogue's model and the format of its weights. A name that is not known is none."""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext as _

from community.sizing import InputError, catalog
from community.sizing.catalog import Model
from community.sizing.formats import Format, parse_format
from community.sizing.logs import Reading

from .figures import SERVING

LONGEST_NAME = 120
LEVEL = re.compile(r"[-._:]((?:iq|q)\d\w{0,8}|bf16|f16|f32)$", re.IGNORECASE)
MADE = re.compile(r"(?:-ud|-gguf(?::ud)?)$", re.IGNORECASE)  # of a repository of GGUF files, and unsloth's mixes
CACHED = re.compile(r"models--([\w.-]{1,120})/snapshots/")  # the hub's own cache
VARIANT = re.compile(r"/\d{1,3}$")  # Kaggle's folders
FILE_TYPE = re.compile(r"(?:file type|model ftype)\s{1,20}= ([^\n(]{1,40})|file_type=\"?([\w ]{1,30})")
SIZES = {"small": "s", "medium": "m", "large": "l"}
ONLINE = {"fp8": "fp8-tensor", "bitsandbytes": "bnb-nf4"}  # made of 16-bit weights while they load
SPELLED = (
    (r"awq", "awq-4bit"), (r"gptq.{0,8}8", "gptq-int8"), (r"gptq", "gptq-int4"), (r"nvfp4", "nvfp4"), (r"fp8", "fp8"),
    (r"int\d|w\da\d|bnb|nf4|fp4|gguf|exl\d|mlx|quant|\dbit", ""),
)  # fmt: skip
SIXTEEN = {"half": "f16", "float16": "f16", "torch.float16": "f16"}


class NotRebuilt(Exception):
    """Says, in Korean, what the log lacks."""


def model_of(name: str) -> Model:
    """By its repository, or by the last part of a path or a file's name where only one model is called so."""
    if not name:
        raise NotRebuilt(_("로그에 모델 이름이 없어요. 위의 모델 칸에 적어 주면 계산해요."))
    stem = MADE.sub("", LEVEL.sub("", repository_of(name)))
    last = re.split(r"[/\\]", stem)[-1]
    for key in (stem, last.replace("_", "/", 1), last, last.replace(" ", "-")):
        if found := known().get(key.lower()):
            return found
    said = _("%s 모델은 목록에 없어요. 구조가 같은 모델을 위의 모델 칸에 적어 주면 그 구조로 계산해요.")
    raise NotRebuilt(said % name[:LONGEST_NAME])


def repository_of(path: str) -> str:
    """Folders of the hub's own cache and of Kaggle stand for the repository that they hold."""
    cached = CACHED.search(path)
    return cached[1].replace("--", "/") if cached else VARIANT.sub("", path.rstrip("/"))


@cache
def known() -> dict[str, Model]:
    names = [(name.lower(), model) for model in catalog.models() for name in model.names]
    last: dict[str, set[str]] = {}
    for name, model in names:
        last.setdefault(name.rpartition("/")[2], set()).add(model.id)
    alone = {name: catalog.model(next(iter(ids))) for name, ids in last.items() if len(ids) == 1}
    return alone | dict(names)


def weights_of(reading: Reading, model: Model, text: str) -> Format:
    name = level_of(reading.model or "", text) if reading.engine not in SERVING else checkpoint_of(reading, model)
    try:
        return parse_format(name)
    except InputError:
        raise NotRebuilt(_("로그에서 가중치의 형식을 알 수 없어요.")) from None


def level_of(name: str, text: str) -> str:
    """GGUF by the file's name, else by what the loader prints. Mixes of others' making (UD-) are not llama.cpp's."""
    if re.search(r"[-:]ud-", name.lower()):
        return ""
    match, printed = LEVEL.search(name), FILE_TYPE.search(text)
    if match:
        return f"gguf-{match[1].lower()}"
    kind, _dash, level = (printed[1] or printed[2] if printed else "").strip().lower().partition(" - ")
    return f"gguf-{kind}_{SIZES[level]}" if level in SIZES and kind != "q2_k" else f"gguf-{kind}"


def checkpoint_of(reading: Reading, model: Model) -> str:
    """What the repository holds, or what the engine made of it while loading."""
    published = {row.repository.lower(): row.format for row in reversed(model.formats)}
    own = next((published[name.lower()] for name in model.hub_names if name.lower() in published), "bf16")
    names = {name.lower(): own for name in model.hub_names} | published
    last = {name.rpartition("/")[2]: held for name, held in names.items()}
    name, asked = repository_of(reading.model or "").lower(), reading.settings.get("quantization")
    held = names.get(name) or last.get(name.rpartition("/")[2]) or spelled(name, own)
    if held != "bf16":
        return held
    return ONLINE.get(str(asked), "") if asked else SIXTEEN.get(str(reading.settings.get("dtype")), "bf16")


def spelled(name: str, own: str) -> str:
    """Of a repository that nobody listed: as its name says, "" where it says too little."""
    return next((held for pattern, held in SPELLED if re.search(pattern, name)), own)
