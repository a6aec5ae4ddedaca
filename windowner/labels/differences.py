"""Where two taggers differ on a text, and which of them is right where the text has labels.

    only-a       A finds an entity where B finds none
    only-b       B finds an entity where A finds none
    type         both find the same words, with another type
    boundary     their entities overlap, but start or end elsewhere

    a            A's entities there are those of the labels, none included
    b            B's are
    neither      both are wrong, in different ways
    not-judged   a word there is not annotated
    ""           the text has no labels

Entities that both find alike are no difference, be they right or wrong.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from windowner.labels.regions import BOUNDARY, MISSED, SPURIOUS, TYPE, Region, differing_regions
from windowner.labels.review_tasks import span_records
from windowner.scoring.entities import Scores, score
from windowner.scoring.significance import PairedDifference, paired_difference, sentence_counts
from windowner.tagger.tagger import Tagger
from windowner.text.schemes import NOT_ANNOTATED
from windowner.text.sentence import Sentence
from windowner.text.token_spans import TokenSpan, sentence_spans

KIND_OF_REGION = {SPURIOUS: "only-a", MISSED: "only-b", TYPE: "type", BOUNDARY: "boundary"}
"""The kind of a difference, given that of its region, whose gold side is A and whose suggested side is B."""

KINDS = tuple(KIND_OF_REGION.values())
RIGHT = ("a", "b", "neither", "not-judged")


class Difference(NamedTuple):
    """A run of tokens in which the taggers differ.

    Parameters
    ----------
    sentence
        Number of the sentence.
    line
        The line where it begins.
    tokens
        The tokens of the sentence.
    kind, right
        See the module.
    a, b
        The entities of both taggers there.
    gold
        The labelled entities that overlap it. None where the text has no labels.
    """

    sentence: int
    line: int
    tokens: Sequence[str]
    kind: str
    right: str
    a: Sequence[TokenSpan]
    b: Sequence[TokenSpan]
    gold: Sequence[TokenSpan] | None

    def as_dict(self, file: str) -> dict[str, Any]:
        """Return the difference, for JSON."""
        gold = {} if self.gold is None else {"right": self.right, "gold": list(span_records(self.gold))}
        sides = {"a": list(span_records(self.a)), "b": list(span_records(self.b))}
        return {"file": file, "line": self.line, "kind": self.kind, "tokens": list(self.tokens), **sides, **gold}


@dataclass(frozen=True)
class Comparison:
    """Two taggers on one text.

    Parameters
    ----------
    file
        The text.
    sentences
        Its sentences.
    a, b
        The entities that each tagger finds in each sentence.
    gold
        The labelled entities of each sentence. None where the text has no labels.
    differences
        Where the taggers differ, in the order of the text.
    scores
        The scores of both. None where the text has no labels.
    significance
        F1 of B minus F1 of A, with its interval and p-value. None where the text has no labels.
    """

    file: str
    sentences: Sequence[Sentence]
    a: Sequence[Sequence[TokenSpan]]
    b: Sequence[Sequence[TokenSpan]]
    gold: Sequence[Sequence[TokenSpan]] | None
    differences: Sequence[Difference]
    scores: tuple[Scores, Scores] | None = None
    significance: PairedDifference | None = None

    @property
    def alike(self) -> int:
        """The number of entities that both find."""
        return sum(len(set(first) & set(second)) for first, second in zip(self.a, self.b, strict=True))

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of differences of each kind, by who is right. Without labels, the only key is ""."""
        found = Counter((each.kind, each.right) for each in self.differences)
        columns = ("",) if self.gold is None else RIGHT
        return {kind: {right: found[kind, right] for right in columns} for kind in KINDS}

    def as_dict(self) -> dict[str, Any]:
        """Return counts, scores and significance, for JSON."""
        counts = self.counts()
        values: dict[str, Any] = {
            "file": self.file,
            "sentences": len(self.sentences),
            "tokens": sum(len(sentence.tokens) for sentence in self.sentences),
            "entities": {"a": sum(map(len, self.a)), "b": sum(map(len, self.b)), "alike": self.alike},
            "differences": {kind: sum(by_right.values()) for kind, by_right in counts.items()},
        }
        if self.scores is not None and self.significance is not None:
            values["right"] = counts
            values["scores"] = dict(zip("ab", (each.as_dict() for each in self.scores), strict=True))
            found = self.significance
            values["f1_of_b_minus_a"] = {"value": found.value, "low": found.low, "high": found.high, "p": found.p}
        return values


def compare_taggers(
    first: Tagger, second: Tagger, file: str, sentences: Sequence[Sentence], document_starts: Sequence[int]
) -> Comparison:
    """Tag sentences with two taggers, and compare what they find.

    Parameters
    ----------
    first, second
        A and B.
    file
        What the text is called.
    sentences
        Its sentences. They have labels if all of them have tags.
    document_starts
        Numbers of the sentences that open a document; see `Tagger.tag`.
    """
    tokens = [sentence.tokens for sentence in sentences]
    tagged = [tagger.tag(tokens, document_starts=document_starts) for tagger in (first, second)]
    a, b = map(sentence_spans, tagged)
    tags = [sentence.tags for sentence in sentences if sentence.tags is not None]
    if len(tags) < len(sentences):
        return Comparison(file, sentences, a, b, None, list(_differences(sentences, a, b, None)))
    gold = sentence_spans(tags)
    counts = [sentence_counts(tags, found)[None] for found in tagged]
    return Comparison(
        file=file,
        sentences=sentences,
        a=a,
        b=b,
        gold=gold,
        differences=list(_differences(sentences, a, b, gold)),
        scores=(score(tags, tagged[0]), score(tags, tagged[1])),
        significance=paired_difference(counts[0], counts[1]),
    )


def _differences(
    sentences: Sequence[Sentence],
    a: Sequence[Sequence[TokenSpan]],
    b: Sequence[Sequence[TokenSpan]],
    gold: Sequence[Sequence[TokenSpan]] | None,
) -> Iterator[Difference]:
    for number, sentence in enumerate(sentences):
        for region in differing_regions(number, a[number], b[number]):
            right, expected = "", None
            if gold is not None:
                expected = [span for span in gold[number] if span.start < region.end and span.end > region.start]
                right = _right(region, expected, sentence.tags or [])
            line = sentence.line_of(region.start)
            kind, sides = KIND_OF_REGION[region.kind], (list(region.gold), list(region.suggested))
            yield Difference(number, line, sentence.tokens, kind, right, *sides, expected)


def _right(region: Region, gold: Sequence[TokenSpan], tags: Sequence[str]) -> str:
    if NOT_ANNOTATED in tags[region.start : region.end]:
        return "not-judged"
    if list(region.gold) == gold:
        return "a"
    return "b" if list(region.suggested) == gold else "neither"
