"""LMDeploy: compatibility and command only. Its memory is not known here.

Flags from the documentation @1263d5c (0.16.0).
"""

from __future__ import annotations

import shlex

from ..deployment import Deployment

LATEST = "0.16.0"


def command(deployment: Deployment) -> str:
    words = [
        f"lmdeploy serve api_server {shlex.quote(deployment.hub_name or deployment.model)}",
        f"--session-len {deployment.context}",
        f"--tp {len(deployment.devices)}" if len(deployment.devices) > 1 else "",
    ]
    return " ".join(word for word in words if word)
