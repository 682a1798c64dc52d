"""What CUDA says a card has: less than nvidia-smi's figure, and the base of the engines' fractions."""

from __future__ import annotations

from ..hardware import Device

MIB = 2**20
# Where no log of the card is known: 440 MiB less on every card below 30 GiB that is (3090, 4090, T4), 0.8 % on larger
# ones (L40S 584, H100 471, H200 604, A100 522 and 819 MiB).
SMALL, SMALL_LESS, LARGE_LESS = 30 * 2**30, 440 * MIB, 0.008


def cuda_total(device: Device) -> int:
    if device.cuda_total is not None:
        return device.cuda_total
    if device.vendor != "NVIDIA" or device.unified:
        return device.usable
    return device.usable - (SMALL_LESS if device.usable < SMALL else int(LARGE_LESS * device.usable))
