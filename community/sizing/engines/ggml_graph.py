"""The compute buffer of llama.cpp: its graph of one micro-batch, placed by ggml's own allocator.

llama.cpp reserves the worst case before it loads, so the buffer follows from the model's sizes alone. The order of
operations is that of src/llama-graph.cpp (@00395eb2, read 2026-11) and src/models/. Views cost nothing: left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..architecture import Architecture
from .ggml_alloc import Graph

F16, F32 = 2, 4


@dataclass(frozen=True)
class Widths:
    """Floats that one token needs in each operation."""

    hidden: int
    query: int
    key: int
    value: int
    attended: int  # what attention yields, before the output projection
    heads: int
    dense: int
    vocabulary: int
    experts: int = 0
    chosen: int = 0  # experts of a token
    expert: int = 0  # width of one
    channels: int = 0  # of a recurrent layer's convolution
    inner: int = 0  # its value width
    recurrent_heads: int = 0
    state: int = 0  # its state, per sequence
    gated: bool = False
    soft_cap: bool = False
    latent: bool = False
    fused: int = 0  # query, key and value as one product
    whole_norm: bool = False  # norms of queries and keys before the heads are split

    @classmethod
    def of(cls, architecture: Architecture) -> Widths:
        rows = {tensor.role: tensor.shape for tensor in architecture.tensors if tensor.part == "text"}
        attention = next((layer for layer in architecture.layers if layer.kind != "recurrent"), architecture.layers[0])
        recurrent = next((layer for layer in architecture.layers if layer.kind == "recurrent"), None)
        experts = architecture.experts
        attended = rows["attn_output"][-1] if "attn_output" in rows else architecture.hidden
        latent = attention.kind == "latent"
        inner = rows["ssm_out"][-1] if recurrent and "ssm_out" in rows else 0
        return cls(
            hidden=architecture.hidden,
            # With MLA every head attends in the latent space (llama.cpp since PR #12801).
            query=architecture.heads * attention.key if latent else attended,
            key=attention.heads * attention.key,
            value=attention.heads * attention.value,
            attended=architecture.heads * attention.key if latent else attended,
            heads=architecture.heads,
            dense=architecture.width,
            vocabulary=architecture.vocabulary,
            experts=experts.count if experts else 0,
            chosen=experts.active if experts else 0,
            expert=experts.width if experts else 0,
            channels=rows["conv"][0] if recurrent and "conv" in rows else 0,
            inner=inner,
            recurrent_heads=inner // 128,
            state=recurrent.state if recurrent else 0,
            gated=recurrent is not None,
            soft_cap=architecture.model_type == "gemma2",
            latent=latent,
            fused=rows["attn_qkv"][0] if "attn_qkv" in rows and not recurrent else 0,
            whole_norm=any(
                tensor.name.endswith("self_attn.q_norm.weight") and tensor.shape[0] == attended
                for tensor in architecture.tensors
            ),
        )


@dataclass(frozen=True)
class Settings:
    """`half_mask`: the mask is made in f16 and not cast. `outputs`: rows that reach the output layer.

    `fused_unit`: a gated linear unit is one operation, which needs room of its own. `copied`: bytes of an expert tensor
    that is copied from system memory for each product.
    """

    ubatch: int
    outputs: int
    cells: int  # of a layer with full attention
    window_cells: int = 0
    sequences: int = 1
    flash_attention: bool = True
    half_mask: bool = True
    fused_unit: bool = True
    copied: int = 0


@lru_cache(maxsize=4096)
def compute_bytes(
    widths: Widths, kinds: tuple[str, ...], settings: Settings, first: bool = True, last: bool = True
) -> int:
    """Compute buffer of one GPU that holds layers of `kinds`; the first gets the embeddings, the last has the head."""
    builder = Builder(widths, settings, first)
    kept = shortest(kinds)
    for position, kind in enumerate(kept):
        builder.layer(kind, last and position == len(kept) - 1)
    if last:
        builder.output()
    return builder.graph.peak()


def shortest(kinds: Sequence[str]) -> tuple[str, ...]:
    """Enough layers to reach the peak: until every kind has come, and the next of it."""
    seen: set[str] = set()
    for position, kind in enumerate(kinds):
        seen.add(kind)
        if len(seen) == len(set(kinds)):
            return tuple(kinds[: 2 * position + 2])
    return tuple(kinds)


class Builder:
    """Adds the operations of llama.cpp's graphs, layer by layer."""

    def __init__(self, widths: Widths, settings: Settings, first: bool) -> None:
        self.graph, self.widths, self.settings = Graph(), widths, settings
        self.rows = settings.ubatch
        self.current = self.floats(widths.hidden)  # embeddings, or what the GPU before sends
        self.position = self.graph.add(self.rows * F32 * (4 if widths.gated else 1))
        self.indices = self.graph.add(self.rows * 16)  # where keys and values are written, 64-bit
        # The f32 mask is cast once, on the first GPU; the others receive the f16 one.
        self.cast = settings.flash_attention and not settings.half_mask and first
        self.masks: dict[str, int] = {}
        for kind, cells in (("full", settings.cells), ("sliding", settings.window_cells)):
            if cells:
                wide = F32 if self.cast or not settings.flash_attention else F16
                self.masks[kind] = self.graph.add(cells * self.rows * wide)
        self.uncast = set(self.masks) if self.cast else set()
        self.chosen_rows = self.graph.add(settings.outputs * F32)

    def floats(self, width: int, *inputs: int, in_place: bool = False) -> int:
        return self.graph.add(width * self.rows * F32, *inputs, in_place=in_place)

    def layer(self, kind: str, final: bool) -> None:
        width, start = self.widths.hidden, self.current
        normed = self.norm(start)
        mixed = self.delta_net(normed) if kind == "recurrent" else self.attention(normed, kind)
        if final:  # only the rows that are asked for go on
            self.rows = self.settings.outputs
            mixed, start = (self.floats(width, name, self.chosen_rows) for name in (mixed, start))
        self.current = self.floats(width, mixed, start, in_place=True)
        normed = self.norm(self.current)
        out = self.experts(normed) if self.widths.experts else self.dense(normed)
        self.current = self.floats(width, out, self.current, in_place=True)

    def norm(self, name: int, width: int = 0) -> int:
        normed = self.floats(width or self.widths.hidden, name, in_place=True)
        return self.floats(width or self.widths.hidden, normed, in_place=True)

    def attention(self, normed: int, kind: str) -> int:
        sizes = self.widths
        if sizes.gated:
            raw = self.floats(sizes.query * 2, normed)
            query = self.floats(sizes.query, raw, self.position)
            key, value = self.turned(sizes.key, normed), self.floats(sizes.value, normed)
        elif sizes.latent:  # an estimate: queries and keys are put together from parts
            value = self.floats(sizes.value, normed)
            key = self.floats(sizes.key, self.floats(sizes.key, normed), self.position, in_place=True)
            query = raw = self.floats(sizes.query, self.floats(sizes.query, normed), self.position, in_place=True)
        else:
            query, key, value = self.projected(normed)
            raw = query
        self.graph.add(0, key, self.indices)
        self.graph.add(0, value, self.indices)
        found = self.attend(query, "sliding" if kind in ("sliding", "chunked") else "full")
        if sizes.gated:  # the gate is made after the attention
            gate = self.floats(sizes.attended, self.floats(sizes.attended, raw), in_place=True)
            found = self.floats(sizes.attended, found, gate, in_place=True)
        return self.floats(sizes.hidden, found)

    def projected(self, normed: int) -> tuple[int, int, int]:
        """Query, key and value in the order of build_attn; parts of one product are copied out of it."""
        sizes = self.widths
        if not sizes.fused:
            query, key = self.turned(sizes.query, normed), self.turned(sizes.key, normed)
            return query, key, self.floats(sizes.value, normed)
        whole = self.floats(sizes.fused, normed)
        query, key = self.turned(sizes.query, whole), self.turned(sizes.key, whole)
        return query, key, self.floats(sizes.value, whole)

    def turned(self, width: int, source: int) -> int:
        """A product, reshaped to heads, then normed or rotated: what reads a view never writes over it.

        ggml_gallocr_allocate_node: a view is not the allocator's own, so it is no candidate to be reused. Where the
        norm comes before the reshape, lcpp-038 shows the product written over.
        """
        return self.floats(width, self.floats(width, source), self.position, in_place=self.widths.whole_norm)

    def attend(self, query: int, kind: str) -> int:
        settings, sizes = self.settings, self.widths
        kind = kind if kind in self.masks else "full"
        cells = settings.window_cells if kind == "sliding" else settings.cells
        if not settings.flash_attention:
            scores = self.floats(sizes.heads * cells, query)
            scores = self.floats(sizes.heads * cells, scores, self.masks[kind], in_place=True)
            return self.floats(sizes.attended, self.floats(sizes.attended, scores))
        if kind in self.uncast:
            self.uncast.discard(kind)
            self.masks[kind] = self.graph.add(cells * self.rows * F16, self.masks[kind])
        return self.floats(sizes.attended, query, self.masks[kind])

    def dense(self, normed: int) -> int:
        up, gate = (self.floats(self.widths.dense, normed) for _ in range(2))
        return self.floats(self.widths.hidden, self.unit(self.widths.dense, gate, up))

    def unit(self, width: int, gate: int, up: int, *more: int) -> int:
        return self.floats(width, gate, up, *more, in_place=not self.settings.fused_unit)

    def experts(self, normed: int) -> int:
        sizes = self.widths
        inner = sizes.chosen * sizes.expert
        probabilities = self.floats(sizes.experts, self.floats(sizes.experts, normed), in_place=True)
        order = self.floats(sizes.experts, probabilities)
        weights = self.floats(sizes.chosen, probabilities, order)
        gate = self.floats(inner, normed, order, *self.copy())
        if not self.settings.fused_unit:  # the activation is an operation of its own
            gate = self.floats(inner, gate, in_place=True)
        mixed = self.unit(inner, gate, self.floats(inner, normed, order, *self.copy()))
        down = self.floats(sizes.chosen * sizes.hidden, mixed, order, *self.copy())
        down = self.floats(sizes.chosen * sizes.hidden, down, weights, in_place=True)
        return self.floats(sizes.hidden, down)

    def copy(self) -> tuple[int, ...]:
        """Experts in system memory come to the GPU one tensor at a time (op offload)."""
        return (self.graph.add(self.settings.copied),) if self.settings.copied else ()

    def delta_net(self, normed: int) -> int:
        """src/models/delta-net-base.cpp with the fused operation."""
        sizes, sequences = self.widths, self.settings.sequences
        queries = (sizes.channels - sizes.inner) // 2
        mixed, gate = self.floats(sizes.channels, normed), self.floats(sizes.inner, normed)
        scales = [self.floats(sizes.recurrent_heads, normed) for _ in range(2)]
        window = self.graph.add(sizes.channels * (self.rows + 3 * sequences) * F32, mixed)
        convolved = self.floats(sizes.channels, self.floats(sizes.channels, window), in_place=True)
        pair = [self.floats(queries, convolved) for _ in range(2)]
        state = self.graph.add(sizes.state * sequences * F32)
        size = (sizes.inner * self.rows + sizes.state * sequences) * F32
        out = self.graph.add(size, *pair, convolved, *scales, state)
        normed = self.norm(self.floats(sizes.inner, out), sizes.inner)
        gate = self.floats(sizes.inner, gate, in_place=True)
        return self.floats(sizes.hidden, self.floats(sizes.inner, gate, normed, in_place=True))

    def output(self) -> None:
        normed = self.norm(self.current)
        logits = self.floats(self.widths.vocabulary, normed)
        if self.widths.soft_cap:  # scale, tanh, scale (Gemma 2); the first result stays alive
            self.floats(self.widths.vocabulary, logits)
