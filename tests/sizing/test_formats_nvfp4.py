"""What NVFP4 leaves out, against the element totals of nvidia's repositories (Hugging Face API, safetensors totals,
2026-11): two 4-bit weights count as one element; some totals count the scales of 16 weights too."""

import json
from pathlib import Path

import pytest

from community.sizing.architecture import Architecture
from community.sizing.formats import parse_format

CONFIGS = json.loads((Path(__file__).parent / "format_configs.json").read_text())

# repository: (published elements, scales counted, format)
PUBLISHED = {
    "nvidia/Qwen3-235B-A22B-NVFP4": (132_806_618_624, True, "nvfp4"),
    "nvidia/DeepSeek-V3.1-NVFP4": (393_632_819_968, True, "nvfp4"),
    "nvidia/DeepSeek-V3.2-NVFP4": (394_498_304_256, True, "nvfp4"),
    "nvidia/DeepSeek-V4-Flash-NVFP4": (166_726_476_754, True, "nvfp4"),
    "nvidia/DeepSeek-V4-Pro-NVFP4": (909_964_405_662, True, "nvfp4"),
    "nvidia/GLM-5.1-NVFP4": (381_523_333_632, False, "nvfp4"),
    "nvidia/MiniMax-M2.5-NVFP4": (116_349_510_656, False, "nvfp4"),
    "nvidia/Qwen3.5-122B-A10B-NVFP4": (64_580_759_280, False, "nvfp4"),
    "nvidia/Qwen3.6-27B-NVFP4": (18_164_649_200, False, "nvfp4"),
    "nvidia/Qwen3.6-35B-A3B-NVFP4": (18_683_860_336, False, "nvfp4-mixed"),
}


@pytest.mark.parametrize("repository", PUBLISHED)
def test_what_is_left_out(repository):
    published, scales, format_id = PUBLISHED[repository]
    architecture, weights = Architecture.from_config(CONFIGS[repository]), parse_format(format_id)
    found = 0
    for tensor in architecture.tensors:
        size = weights.bytes_of(tensor, architecture)
        packed = 0 < size < 0.6 * tensor.elements
        # A packed pair of weights and a scale are an element of a byte each.
        count = (size if scales else tensor.elements // 2) if packed else tensor.elements
        found += count if size else 0
    assert found == pytest.approx(published, rel=1e-5)
