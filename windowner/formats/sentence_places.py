"""Where the sentences of a shard stand in its bytes, how many tokens they have, and which ones open a document."""

from codecs import BOM_UTF8
from typing import NamedTuple

import numpy as np

from windowner.arrays import Bools, Indices
from windowner.formats.shards import Shard

NOWHERE = -1
"""The place of a sentence that begins within a line."""


class SentencePlaces(NamedTuple):
    """The sentences of a shard that are tagged.

    Parameters
    ----------
    places
        Where the bytes of each sentence begin, with what stands before it, or `NOWHERE`, (sentences,).
    lengths
        Number of tokens of each sentence, (sentences,).
    opens
        Whether each sentence opens a document, and last, whether the next one will, (sentences + 1,).
    """

    places: Indices
    lengths: Indices
    opens: Bools


def line_starts(data: bytes) -> Indices:
    """Return where each line begins, and at the end what follows the last line end, (line ends + 1,)."""
    starts: Indices = np.append(0, np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n")) + 1)
    return starts


def mark_size(shard: Shard) -> int:
    """Return the number of bytes of a byte order mark. It stands at the beginning of a stream alone."""
    return len(BOM_UTF8) if shard.first_line == 1 and shard.data.startswith(BOM_UTF8) else 0
