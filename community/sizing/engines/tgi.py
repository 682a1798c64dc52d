"""Text Generation Inference: compatibility and command only, its memory is not known here.

In maintenance mode since 2025-12-11.

Flags from the launcher's documentation @db931fcf (3.3.7).
"""

from __future__ import annotations

import shlex

from ..deployment import Deployment

LATEST = "3.3.7"
QUANTIZE = {"awq": "awq", "gptq": "gptq", "fp8": "fp8", "bnb-nf4": "bitsandbytes-nf4", "exl2": "exl2"}


def command(deployment: Deployment) -> str:
    kind = deployment.weights.id
    quantize = next((name for prefix, name in QUANTIZE.items() if kind.startswith(prefix)), "")
    words = [
        f"text-generation-launcher --model-id {shlex.quote(deployment.hub_name or deployment.model)}",
        f"--max-total-tokens {deployment.context}",
        f"--num-shard {len(deployment.devices)}" if len(deployment.devices) > 1 else "",
        f"--quantize {quantize}" if quantize else "",
    ]
    return " ".join(word for word in words if word)
