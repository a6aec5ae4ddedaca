"""Shards that begin where a stretch of a document begins, so that several processes can tag the stream.

Where stretches begin is known when the tokens before them are counted. They are counted in the bytes.

    cut_shards      a1 a2 | a3 b1 b2 b3 | b4        a, b: the sentences of two documents
    here            a1 a2 a3 | b1 b2 b3 b4
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from windowner.formats.line_places import RecordPlaces, token_places
from windowner.formats.options import ReadOptions
from windowner.formats.row_places import RowPlaces
from windowner.formats.sentence_places import NOWHERE, SentencePlaces
from windowner.formats.shards import WITH_WIDTH, Shard
from windowner.formats.table import JSON_LINES
from windowner.text.stretches import OpenStretch

FindPlaces = Callable[[Shard], SentencePlaces]
"""Finds the sentences of shards that follow one another."""


def find_places(format: str, name: str, options: ReadOptions) -> FindPlaces | None:
    """Return what finds the sentences of a format; None if nothing does.

    Parameters
    ----------
    format
        Name of the format.
    name, options
        Name of the file, and how it is read.
    """
    if format in WITH_WIDTH:
        return RowPlaces(name, options)
    if format == JSON_LINES:
        return RecordPlaces(name, options)
    return token_places if format == "tokens" else None


def document_shards(shards: Iterable[Shard], find: FindPlaces, size: int) -> Iterator[Shard]:
    """Cut shards again, where stretches of documents begin.

    Parameters
    ----------
    shards
        Shards of whole sentences, in order; those of a column file have its width, see `with_width`.
    find
        What finds their sentences.
    size
        Tokens of a stretch before the first mark of a document; see `stretch_edges`.

    Yields
    ------
    Shard
        Whole stretches, with the size that the first one has. What comes before the first sentence is not kept waiting
        for it.
    """
    stretch = OpenStretch(size)
    head: Shard | None = None  # the next one, with the bytes in `parts`
    parts: list[bytes] = []
    for shard in shards:
        found = find(shard)
        edges, sizes = stretch.go_on(found.lengths, found.opens)
        if head is None and not len(found.lengths):
            yield shard
            continue
        head = head or shard._replace(stretch=size)
        cuts = np.flatnonzero(found.places[edges] != NOWHERE)
        if not len(cuts):
            parts.append(shard.data)
            continue
        sentence, place = edges[cuts[-1]], int(found.places[edges[cuts[-1]]])
        data = b"".join([*parts, shard.data[:place]])
        if data:
            yield head._replace(data=data)
        line = shard.first_line + shard.data.count(b"\n", 0, place)
        head = Shard(b"", line, shard.width, int(sizes[cuts[-1]]), not found.opens[sentence])
        parts = [shard.data[place:]]
    if head is not None:
        yield head._replace(data=b"".join(parts))
