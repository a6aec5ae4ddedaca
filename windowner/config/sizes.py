"""Sizes that cannot be meant: a network and its chain must fit into memory. This is found before they are allocated.

numbers = D C H      numbers of W, without which no network is
D       = vectors.size + features.capitals + features.shape + ...      the word vectors of a source count as 1
C       = 2 radius + 1
H       = model.hidden

The types are known when the text is read. K tags have K x K neighbours.
"""

from collections.abc import Mapping
from typing import Any

from windowner.errors import ConfigError, DataError
from windowner.network.settings import HIDDEN
from windowner.platform import memory_bytes

BYTES = 4
"""Bytes of a number."""

BYTES_OF_NEIGHBOURS = 100
"""Bytes of each pair of tags in a training, about: `python -m benchmarks.soak --part types` has 2,001 tags."""

UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def check_sizes(sections: Mapping[str, Any], source: str) -> None:
    """Refuse a config whose network does not fit into memory.

    Parameters
    ----------
    sections
        The checked sections by name.
    source
        What an error calls the place they come from.

    Raises
    ------
    ConfigError
        The network takes more memory than the machine has. The largest size is named.
    """
    features, model = sections["features"], sections["model"]
    sizes = {
        "vectors.size": 1 if sections["vectors"].source else sections["vectors"].size,
        "features.capitals": features.capitals,
        "features.shape": features.shape,
        "features.affix_size": features.affix_size * (len(features.prefixes) + len(features.suffixes)),
        "features.gazetteer_size": features.gazetteer_size if features.gazetteers or features.gazetteer_train else 0,
    }
    hidden = HIDDEN if model.hidden == "auto" else model.hidden
    needed = BYTES * sum(sizes.values()) * (2 * model.radius + 1) * hidden
    if needed > memory_bytes():
        key, _ = max([*sizes.items(), ("model.hidden", hidden)], key=lambda item: item[1])
        section, _, name = key.partition(".")
        raise ConfigError(
            f"{source}: {key} = {getattr(sections[section], name)}: the network would take {in_units(needed)}, this "
            f"machine has {in_units(memory_bytes())}; expected a smaller number"
        )


def check_tags(tags: int, types: int, source: str) -> None:
    """Refuse labelled text whose types are too many. The scores of all pairs of tags must fit into memory.

    Raises
    ------
    DataError
        They take more memory than the machine has.
    """
    needed = BYTES_OF_NEIGHBOURS * tags * tags
    if needed > memory_bytes():
        raise DataError(
            f"{source}: {types:,} types, which make {tags:,} tags: a training would take {in_units(needed)}, this "
            f"machine has {in_units(memory_bytes())}; expected fewer types. Is the column of tags the right one?"
        )


def in_units(size: int) -> str:
    """Return a number of bytes as text, in the largest unit of which there is one."""
    power = min((max(size, 1).bit_length() - 1) // 10, len(UNITS) - 1)
    return f"{size / (1 << 10 * power):,.0f} {UNITS[power]}"
