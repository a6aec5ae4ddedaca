"""Tag schemes as data: the prefixes of a scheme, how it writes an entity, and which prefix may follow which.

A tag is `O`, or a prefix and an entity type joined by a hyphen; the type is what follows the *first* hyphen, so
`B-creative-work` has the type `creative-work`. A prefix alone (`B`, `I`) is a tag of the type `""`; some corpora with
one entity type are written so. `_` is the tag of a token that nobody annotated. It may stand anywhere in a scheme, and
no entity reaches into it.

A sentence counts as if `O` stood before its first token and after its last one. Two tables therefore describe a scheme:
the prefixes that may follow a prefix within the same type, and those that may follow it where the type changes.

    scheme   Paris  Hilton  of  New   York  City  |  adjacent entities of one type
    IOB1     I      I       O   I     I     I     |  the second one starts with B
    IOB2     B      I       O   B     I     I     |  each one starts with B
    BIOES    B      E       O   B     I     E     |  each one starts with B; a one-token entity is S
    BILOU    B      L       O   B     I     L     |  as BIOES, with L for E and U for S
    IO       I      I       O   I     I     I     |  they become one entity
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NOT_ANNOTATED = "_"
"""The tag of a token that nobody annotated."""

PREFIXES = f"OBIESLU{NOT_ANNOTATED}"
"""All prefixes. The code of a prefix, in integer arrays, is its place in this string."""

OUTSIDE = PREFIXES.index("O")
"""Code of `O`."""

NOT_ANNOTATED_PREFIX = PREFIXES.index(NOT_ANNOTATED)
"""Code of a token that nobody annotated."""

TYPELESS = frozenset("O" + NOT_ANNOTATED)
"""Prefixes without a type. They are whole tags."""


@dataclass(frozen=True)
class Scheme:
    """How a scheme writes entities, and which of its prefixes may follow which.

    Parameters
    ----------
    name
        Its name.
    first, inside, last, single
        Prefix of an entity's first token, of its inner tokens, of its last token, and of the token of a one-token
        entity.
    adjacent
        Prefix of a first token directly after an entity of the same type.
    same_type
        For each prefix, the prefixes that may follow it with the same type.
    other_type
        For each prefix, the prefixes that may follow it with another type; `O` differs from every type.
    """

    name: str
    first: str
    inside: str
    last: str
    single: str
    adjacent: str
    same_type: Mapping[str, str] = field(compare=False)
    other_type: Mapping[str, str] = field(compare=False)

    @property
    def prefixes(self) -> str:
        """Prefixes of the scheme besides `O`, in the order of `PREFIXES`."""
        used = self.first + self.inside + self.last + self.single + self.adjacent
        return "".join(prefix for prefix in PREFIXES if prefix in used)


IOB2 = Scheme(
    "IOB2",
    "B",
    "I",
    "I",
    "B",
    "B",
    same_type={"B": "BI", "I": "BI"},
    other_type={"O": "OB", "B": "OB", "I": "OB"},
)
IOB1 = Scheme(
    "IOB1",
    "I",
    "I",
    "I",
    "I",
    "B",
    same_type={"B": "BI", "I": "BI"},
    other_type={"O": "OI", "B": "OI", "I": "OI"},
)
BIOES = Scheme(
    "BIOES",
    "B",
    "I",
    "E",
    "S",
    "B",
    same_type={"B": "IE", "I": "IE", "E": "BS", "S": "BS"},
    other_type={"O": "OBS", "E": "OBS", "S": "OBS"},
)
BILOU = Scheme(
    "BILOU",
    "B",
    "I",
    "L",
    "U",
    "B",
    same_type={"B": "IL", "I": "IL", "L": "BU", "U": "BU"},
    other_type={"O": "OBU", "L": "OBU", "U": "OBU"},
)
IO = Scheme(
    "IO",
    "I",
    "I",
    "I",
    "I",
    "I",
    same_type={"I": "I"},
    other_type={"O": "OI", "I": "OI"},
)

SCHEMES = {scheme.name: scheme for scheme in (IOB2, IOB1, BIOES, BILOU, IO)}
"""Schemes by name. When several fit equally well, detection takes the first."""


def split_tag(tag: str) -> tuple[str, str]:
    """Split a tag into its prefix and its entity type.

    Raises
    ------
    ValueError
        If the tag is not `O` or `_`, and does not start with the prefix of an entity, or ends behind its hyphen, or is
        no string.
    """
    if not isinstance(tag, str):
        raise ValueError(f"a tag is {tag!r}, expected a string, such as O or B-PER")
    prefix, hyphen, entity_type = tag.partition("-")
    known = len(prefix) == 1 and prefix in PREFIXES
    if not known or (prefix in TYPELESS and hyphen):
        raise ValueError(f"unknown tag {tag!r}, expected O or one of B I E S L U with a type, such as B-PER")
    if hyphen and not entity_type:
        raise ValueError(f"tag {tag!r} without a type, expected {tag}PER or another type, or {prefix} in a text of one")
    return prefix, entity_type


def join_tag(prefix: str, entity_type: str) -> str:
    """Return the tag of a prefix and an entity type, the inverse of `split_tag`."""
    return prefix if prefix in TYPELESS or not entity_type else f"{prefix}-{entity_type}"


def find_scheme(scheme: Scheme | str) -> Scheme:
    """Return the scheme of that name; a `Scheme` is returned as it is.

    Raises
    ------
    ValueError
        If no scheme has the name.
    """
    if isinstance(scheme, Scheme):
        return scheme
    if scheme not in SCHEMES:
        raise ValueError(f"unknown scheme {scheme!r}, expected one of {', '.join(SCHEMES)}")
    return SCHEMES[scheme]


def tag_set(types: Iterable[str], scheme: Scheme | str) -> list[str]:
    """Return all tags of the scheme for these types: `O` first, then type by type in the order given."""
    prefixes = find_scheme(scheme).prefixes
    return ["O", *(join_tag(prefix, entity_type) for entity_type in types for prefix in prefixes)]
