"""LMDeploy: compatibility and command only. Its memory is not known here.

Flags from the documentation @1263d5c (0.16.0).
"""

from __future__ import annotations

import shlex

from ..deployment import Deployment
from ..sharding import parallel_of
from ..versions import Version
from .serving import known_version

LATEST, OLDEST = "0.16.0", "0.1.0"


def version_of(deployment: Deployment) -> Version:
    return known_version(deployment, OLDEST, LATEST)


def check(deployment: Deployment) -> None:
    """What no version takes."""
    version_of(deployment)
    parallel_of(len(deployment.devices), deployment.options.tensor_parallel, 1)


def command(deployment: Deployment) -> str:
    share = deployment.options.gpu_memory_utilization
    words = [
        f"lmdeploy serve api_server {shlex.quote(deployment.source)}",
        f"--session-len {deployment.context}",
        f"--tp {len(deployment.devices)}" if len(deployment.devices) > 1 else "",
        f"--cache-max-entry-count {share}" if share else "",
    ]
    return " ".join(word for word in words if word)
