"""ggml's allocator of compute buffers: the best-fit search of ggml/src/ggml-alloc.c (@0450e2f9, read 2026-11)."""

from __future__ import annotations

from bisect import bisect_left

ALIGNMENT = 128  # ggml_backend_cuda_buffer_type_get_alignment; Vulkan and Metal differ by less than a kilobyte


class Buffer:
    """Free blocks by address; the last one has no end. Best fit, and the last block only when nothing else is left."""

    def __init__(self) -> None:
        self.free: list[list[int]] = [[0, 1 << 62]]
        self.peak = 0

    def take(self, size: int) -> tuple[int, int]:
        size = -(-size // ALIGNMENT) * ALIGNMENT
        found = self.free[-1]
        best = found[1]
        for block in self.free[:-1]:
            if size <= block[1] <= best:  # of equal blocks the one with the highest address
                found, best = block, block[1]
        offset = found[0]
        found[0] += size
        found[1] -= size
        if not found[1]:
            self.free.remove(found)
        self.peak = max(self.peak, offset + size)
        return offset, size

    def give(self, offset: int, size: int) -> None:
        at = bisect_left(self.free, [offset])
        after = self.free[at]  # there is one: the last block has no end
        if offset + size == after[0]:
            after[0], after[1] = offset, after[1] + size
        else:
            self.free.insert(at, [offset, size])
        if at and self.free[at - 1][0] + self.free[at - 1][1] == offset:
            self.free[at - 1][1] += self.free[at][1]
            del self.free[at]


class Graph:
    """Operations in the order in which they run, each with the results it reads.

    Those `in_place` write over one of them if nothing else needs it.
    """

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.inputs: list[tuple[int, ...]] = []
        self.in_place: list[bool] = []

    def add(self, size: int, *inputs: int, in_place: bool = False) -> int:
        self.sizes.append(size)
        self.inputs.append(inputs)
        self.in_place.append(in_place)
        return len(self.sizes) - 1

    def peak(self) -> int:
        """Bytes of the buffer that holds every operation's result until its last use."""
        uses = [0] * len(self.sizes)
        for inputs in self.inputs:
            for name in inputs:
                uses[name] += 1
        buffer, sizes = Buffer(), self.sizes
        place: list[tuple[int, int] | None] = [None] * len(sizes)
        for name, inputs in enumerate(self.inputs):
            if self.in_place[name]:
                for old in inputs:
                    if uses[old] == 1 and sizes[old] == sizes[name] and place[old]:
                        place[name], place[old] = place[old], None
                        break
            if place[name] is None and sizes[name]:
                place[name] = buffer.take(sizes[name])
            for old in inputs:
                uses[old] -= 1
                held = place[old]
                if not uses[old] and held:
                    buffer.give(*held)
                    place[old] = None
        return buffer.peak
