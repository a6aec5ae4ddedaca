"""Numbers with their nouns, and names of entity types, in messages."""

UNTYPED = "(no type)"
"""Name of the entities' type in text whose tags are B and I, without a type."""


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun: `1 entity`, `2,000 entities`.

    The last word of `noun` becomes a plural in ies, es or s.
    """
    if noun.endswith("y"):
        several = f"{noun.removesuffix('y')}ies"
    else:
        several = f"{noun}es" if noun.endswith("tch") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else several}"


def type_name(name: str) -> str:
    """Return an entity type as messages name it."""
    return name or UNTYPED
