"""Models and devices of the catalogue."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from community.sizing import catalog
from community.sizing.errors import InputError
from community.sizing.hardware import Device

GIB, MIB = 2**30, 2**20


@pytest.mark.parametrize("model", catalog.models(), ids=lambda model: model.id)
def test_every_model(model: catalog.Model) -> None:
    assert model.id == model.id.lower()
    assert model.name
    assert model.hub_names
    assert model.source
    assert date.fromisoformat(model.checked)
    assert "quantization_config" not in model.config
    assert model.architecture.context > 0
    assert not model.architecture.uncounted
    assert all(published.format == published.format.lower() for published in model.formats)
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+", published.repository) for published in model.formats)
    for name in (model.id, *model.hub_names, *model.aliases, model.id.upper()):
        assert catalog.model(name) is model


def test_no_name_stands_for_two_models() -> None:
    names = [name.lower() for model in catalog.models() for name in {model.id, *model.hub_names, *model.aliases}]
    assert len(names) == len(set(names))


def test_a_quantized_repository_is_a_format_of_its_model() -> None:
    assert {"fp8", "nvfp4"} <= {published.format for published in catalog.model("qwen3-235b-a22b").formats}
    assert not any("fp8" in model.id or "nvfp4" in model.id for model in catalog.models())


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Qwen/Qwen3-8B", "qwen3-8b"),
        ("meta-llama/Meta-Llama-3-70B-Instruct", "llama-3-70b"),
        ("qwen3:4b", "qwen3-4b"),
        ("qwen3-vl:32b", "qwen3-vl-32b"),
        (" QWEN3-VL-32B ", "qwen3-vl-32b"),
    ],
)
def test_hub_names_and_ollama_tags(name: str, found: str) -> None:
    assert catalog.model(name).id == found


@pytest.mark.parametrize(
    ("ask", "name", "field", "nearest"),
    [
        (catalog.model, "qwen3-8", "model", "qwen3-8b"),
        (catalog.model, "llama3-70b", "model", "llama-3-70b"),
        (catalog.device, "h100", "gpu", "h100-80gb"),
        (catalog.device, "m4-max", "gpu", "m4-max-128gb"),
        (catalog.device, "rtx5090", "gpu", "rtx-5090"),
    ],
)
def test_an_unknown_id_is_answered_with_the_nearest(
    ask: Callable[[str], object], name: str, field: str, nearest: str
) -> None:
    with pytest.raises(InputError) as caught:
        ask(name)
    assert caught.value.field == field
    assert nearest in caught.value.allowed


@pytest.mark.parametrize("name", ["", None, 3, "x" * 1_000_000, "../../etc/passwd"])
def test_senseless_ids_are_refused(name: object) -> None:
    for ask in (catalog.model, catalog.device):
        with pytest.raises(InputError) as caught:
            ask(name)  # type: ignore[arg-type]
        assert len(str(caught.value)) < 400


@pytest.mark.parametrize("device", catalog.devices(), ids=lambda device: device.id)
def test_every_device(device: Device) -> None:
    assert catalog.device(device.id.upper()) is device
    assert device.source
    assert date.fromisoformat(device.checked)
    assert 0.6 * device.memory < device.usable <= device.memory
    assert device.cuda_total is None or 0.97 * device.usable < device.cuda_total < device.usable
    assert 50e9 < device.bandwidth < 10e12
    assert device.vendor in ("NVIDIA", "AMD", "Apple")
    assert device.capability or device.vendor == "Apple"


# nvidia-smi and engine logs; Macs: 107.52 GiB of 128 (antirez/ds4 #893), 17.76 of 24 (sglang #29949).
@pytest.mark.parametrize(
    ("name", "usable", "cuda_total"),
    [
        ("rtx-4090", 24_564 * MIB, 24_124 * MIB),
        ("rtx-5090", 32_607 * MIB, None),
        ("h100-80gb", 81_559 * MIB, 81_088 * MIB),
        ("l40s", 46_068 * MIB, 45_484 * MIB),
        ("m4-max-128gb", int(107.52 * GIB), None),
        ("m4-24gb", int(17.76 * GIB), None),
    ],
)
def test_usable_memory(name: str, usable: int, cuda_total: int | None) -> None:
    device = catalog.device(name)
    assert device.usable == usable
    assert device.cuda_total == cuda_total


def test_a_larger_mac_of_one_chip_never_has_less() -> None:
    for chip in ("m1", "m2-max", "m3-ultra", "m4-pro", "m4-max"):
        macs = sorted((d for d in catalog.devices() if d.id.rpartition("-")[0] == chip), key=lambda d: d.memory)
        assert len(macs) > 1
        assert [d.usable for d in macs] == sorted(d.usable for d in macs)


def test_chips_with_two_bandwidths_are_told_apart() -> None:
    assert catalog.device("m4-max-36gb").bandwidth == 410e9
    assert catalog.device("m4-max-128gb").bandwidth == 546e9


# Words of a repository's name that say how the weights are stored, or by whom.
STORAGE = set(
    "gguf ggml awq gptq int4 int8 fp8 nvfp4 mxfp4 mlx bf16 w4a16 exl2 bpw 4bit 8bit dynamic quantized static pertensor "
    "instruct it chat hf meta llama2 128k wy".split()
)


@pytest.mark.parametrize("model", catalog.models(), ids=lambda model: model.id)
def test_a_published_format_is_of_the_model_itself(model: catalog.Model) -> None:
    """No fine-tune, preview or uncensored edition of others: launch commands serve what stands there."""
    own = set(re.split(r"[-_/.]", " ".join(model.hub_names).lower().replace(" ", "-")))
    for row in model.formats:
        name = row.repository.partition("/")[2].split(" ")[0].split(":")[0].lower()
        words = {word for word in re.split(r"[-_.]", name) if not re.fullmatch(r"\d+(bpw)?", word)}
        assert words <= own | STORAGE, row.repository
