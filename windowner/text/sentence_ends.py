"""Where a sentence ends, told from the pieces on both sides of white space."""


def is_sentence_end(piece: str, following: str) -> bool:
    """Return whether a sentence ends with a piece, given the piece that follows."""
    return piece[-1] in ".!?" and not following[0].islower()
