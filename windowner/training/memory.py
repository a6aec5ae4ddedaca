"""Memory that a training step frees is kept for the next step.

The arrays of a step add up to megabytes, which glibc's allocator gives back to the operating system when the step is
over; the next step then pays for fresh pages, which took longer than the step's own work at 4,096 windows. The
allocator learns from what is freed: when a block that was mapped from the system is freed, blocks of its size are no
longer mapped, and twice its size may stay free (mallopt(3), M_MMAP_THRESHOLD). So one large block, freed untouched, is
all it takes. Other allocators do not mind.
"""

import numpy as np

LARGEST_LEARNT = 31 << 20  # bytes; glibc does not learn from blocks above 32 MiB


def keep_freed_memory() -> None:
    """Let the allocator keep up to 62 MiB of what is freed from now on."""
    np.empty(LARGEST_LEARNT, dtype=np.uint8)  # freed at once, and never touched
