"""Two sets of features for CRFsuite, made in Python as its users make them.

usual   the features of python-crfsuite's tutorial that a corpus without parts of speech has: the word, its suffixes
        and capitals, and the words on both sides
rich    also affixes of one to four characters, word shapes, two words on both sides, and pairs of neighbouring words
"""

from collections.abc import Callable
from functools import cache
from itertools import groupby

Features = Callable[[list[str]], list[list[str]]]


def own_features(word: str) -> list[str]:
    """Return a word's features of its own tag."""
    return [
        "bias",
        f"lower={word.lower()}",
        f"suffix3={word[-3:]}",
        f"suffix2={word[-2:]}",
        f"upper={word.isupper()}",
        f"title={word.istitle()}",
        f"digit={word.isdigit()}",
    ]


def neighbour_features(word: str, place: str) -> list[str]:
    """Return a word's features of its neighbour's tag."""
    return [f"{place}:lower={word.lower()}", f"{place}:title={word.istitle()}", f"{place}:upper={word.isupper()}"]


def usual(sentence: list[str]) -> list[list[str]]:
    """Return the usual features of each word. A word's features of its neighbours are made once."""
    before = [["begin"], *(neighbour_features(word, "-1") for word in sentence[:-1])]
    after = [*(neighbour_features(word, "+1") for word in sentence[1:]), ["end"]]
    return [own_features(word) + left + right for word, left, right in zip(sentence, before, after, strict=True)]


def shape(word: str) -> str:
    """Return the kinds of a word's characters: Xxxxx-dd for Paris-24."""
    return "".join("X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else c for c in word)


@cache
def rich_own_features(word: str) -> list[str]:
    """Return a word's rich features of its own tag; they are kept, because words repeat."""
    long = shape(word)
    short = "".join(kind for kind, _ in groupby(long))
    prefixes = [f"prefix{length}={word[:length]}" for length in range(1, 5)]
    suffixes = [f"suffix{length}={word[-length:]}" for length in (1, 4)]  # 2 and 3 are among the usual ones
    flags = [f"hyphen={'-' in word}", f"any-digit={any(map(str.isdigit, word))}"]
    return [*own_features(word), f"word={word}", f"shape={long}", f"short={short}", *flags, *prefixes, *suffixes]


@cache
def rich_neighbour_features(word: str, place: str) -> list[str]:
    """Return a word's rich features of the tag of a neighbour."""
    return [*neighbour_features(word, place), f"{place}:suffix3={word[-3:]}", f"{place}:shape={shape(word)}"]


def rich(sentence: list[str]) -> list[list[str]]:
    """Return the rich features of each word."""
    lower = ["<s>", "<s>", *(word.lower() for word in sentence), "</s>", "</s>"]
    found = []
    for i, word in enumerate(sentence):
        features = [*rich_own_features(word), "begin"] if i == 0 else [*rich_own_features(word)]
        for step in (-2, -1, 1, 2):
            if 0 <= i + step < len(sentence):
                features += rich_neighbour_features(sentence[i + step], f"{step:+d}")
        if i == len(sentence) - 1:
            features.append("end")
        pairs = (f"pair{at - i - 2:+d}={lower[at]} {lower[at + 1]}" for at in range(i, i + 4))
        found.append([*features, *pairs])
    return found


FEATURES: dict[str, Features] = {"usual": usual, "rich": rich}
"""The sets of features by name."""
