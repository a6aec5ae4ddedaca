"""Numbers with their nouns, in messages."""


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun: `1 entity`, `2,000 entities`.

    The last word of `noun` becomes a plural in ies, es or s.
    """
    several = f"{noun.removesuffix('y')}ies" if noun.endswith("y") else f"{noun}{'es' if noun.endswith('ch') else 's'}"
    return f"{number:,} {noun if number == 1 else several}"
