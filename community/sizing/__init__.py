"""Bytes of large language models: weights, KV cache and what each engine adds, each with its source.

    python -m community.sizing estimate --model qwen3-8b --weights bf16 --engine vllm --gpu rtx-5090

Pure Python, standard library only. README.md beside this file shows how far from measured figures it is.
"""

from .deployment import Deployment, Options
from .errors import InputError
from .estimate import Estimate, Evidence, Part, Reason, Verdict
from .size import size

__all__ = ["Deployment", "Estimate", "Evidence", "InputError", "Options", "Part", "Reason", "Verdict", "size"]
