"""What is asked: a model in a format, on an engine and cards, for a context and a number of requests."""

from __future__ import annotations

from dataclasses import dataclass, field

from .architecture import Architecture
from .formats import Format
from .hardware import Device


@dataclass(frozen=True)
class Options:
    """Engine settings; None is the engine's default for its version."""

    kv: str | None = None
    tensor_parallel: int | None = None
    pipeline_parallel: int | None = None
    expert_parallel: int | None = None
    gpu_memory_utilization: float | None = None  # also SGLang's static fraction and TensorRT-LLM's free fraction
    max_num_seqs: int | None = None
    max_num_batched_tokens: int | None = None
    ubatch: int | None = None
    flash_attention: bool = True
    gpu_layers: int | None = None
    cpu_moe: bool = False
    enforce_eager: bool = False


@dataclass(frozen=True)
class Deployment:
    """`devices` are the cards in order, equal or not; a Mac is one device with unified memory."""

    model: str  # catalogue id or the name of a config file
    architecture: Architecture
    weights: Format
    engine: str
    version: str  # "" is the newest known
    devices: tuple[Device, ...]
    context: int
    requests: int = 1
    options: Options = field(default_factory=Options)
    host_bytes: int | None = None  # system memory for offloading, when it is known
    hub_name: str = ""  # the repository that holds the model in this format
    limits: bool = True  # False: max_context and max_requests are not asked for, nine tenths of llama.cpp's work

    @property
    def placeholder(self) -> str:
        """The reader's own files, where no repository is known that holds the model in this format."""
        return f"PATH-TO-{self.weights.id}-WEIGHTS"

    @property
    def source(self) -> str:
        """What the launch command serves."""
        return self.hub_name or self.placeholder
