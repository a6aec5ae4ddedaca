"""Numbers with their nouns, in messages."""


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun: `1 entity`, `2,000 entities`.

    The last word of `noun` becomes a plural in ies, es or s.
    """
    if noun.endswith("y"):
        several = f"{noun.removesuffix('y')}ies"
    else:
        several = f"{noun}es" if noun.endswith("tch") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else several}"
