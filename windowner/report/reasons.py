"""Why a run's tagger made each mistake that its page lists: its own tag of a word explained against the gold tag.

The word is the first one of the mistake at which the two tags differ. The explanation is that of `windowner explain`,
with the sentences of the word's document as context, if the model reads documents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from windowner.errors import DataError
from windowner.report.mistakes import CORRECT, dev_entities, overlap
from windowner.report.sentences import Mistakes, marked_spans
from windowner.runs.corpora import read_corpora
from windowner.runs.folder import RunFolder
from windowner.tagger.explanation import Explanation
from windowner.text.stretches import stretch_edges
from windowner.text.tag_writing import convert
from windowner.text.token_spans import TokenSpan
from windowner.training.observer import SILENT

MOST = 300
"""Explanations on a page, at most. One takes about 5 kB."""

TOKENS = 300_000
"""Tokens of sentences and documents that are read for the explanations of a page."""

REFIT = "The mistakes are not explained, because the model that made them is not kept (train.refit)."


def with_reasons(mistakes: Mistakes, run: RunFolder) -> Mistakes:
    """Return the mistakes of a run with the reasons of those that a page lists, as far as `MOST` and `TOKENS` reach."""
    if "refit" in run.metrics:
        return replace(mistakes, note=REFIT)
    documents, note = _documents(run)
    gold, predicted = dev_entities(run)
    budget = Budget()
    shown = []
    for sentence in mistakes.shown:
        number = sentence.number - 1
        marked = marked_spans(gold[number], predicted[number])
        wrong = [(span, [*gold[number], *predicted[number]]) for span, kind in marked if kind != CORRECT]
        mistaken = MistakenSentence(run, number, documents[number])
        reasons = [mistaken.reason(span, others) if budget.allows(mistaken.tokens) else None for span, others in wrong]
        shown.append(replace(sentence, reasons=reasons))
    if budget.is_spent:
        note = f"{note} The first {budget.explained:,} mistakes are explained.".strip()
    return replace(mistakes, shown=shown, note=note)


class Budget:
    """The explanations of a page so far, and the tokens that were read for them."""

    def __init__(self) -> None:
        self.explained = self.tokens = 0
        self.is_spent = False

    def allows(self, tokens: int) -> bool:
        """Return whether a further explanation may read this many tokens, and count it."""
        self.is_spent |= self.explained == MOST or self.tokens + tokens > TOKENS
        if not self.is_spent:
            self.explained += 1
            self.tokens += tokens
        return not self.is_spent


@dataclass(frozen=True)
class MistakenSentence:
    """A sentence of dev, by its number, and the numbers of the sentences of its document."""

    run: RunFolder
    number: int
    document: range

    @property
    def tokens(self) -> int:
        """The number of tokens that an explanation reads."""
        return sum(len(self.run.dev[number].tokens) for number in self.document)

    @cached_property
    def tags(self) -> list[list[str]]:
        """Gold and predicted tags in the model's scheme."""
        sentence, scheme = self.run.dev[self.number], self.run.tagger.model.config.data.scheme
        return [convert([tags], scheme)[0] for tags in (sentence.gold, sentence.predicted)]

    def word(self, span: TokenSpan, others: Sequence[TokenSpan]) -> int | None:
        """Return the first word of a mistake at which the two tags differ; see `reason`."""
        touching = [other for other in others if overlap(span, other)]
        places = [*range(span.start, span.end), *(place for other in touching for place in range(*other[:2]))]
        gold, predicted = self.tags
        return next((place for place in places if gold[place] != predicted[place]), None)

    def reason(self, span: TokenSpan, others: Sequence[TokenSpan]) -> Explanation | None:
        """Return why the tagger made a mistake. None if both tags are the same, or the model has one tag alone.

        Parameters
        ----------
        span
            The entity that is a mistake.
        others
            All entities of the sentence on both sides. A boundary may differ outside of the entity itself.
        """
        gold, predicted = self.tags
        word = self.word(span, others)
        known = self.run.tagger.model.tags.names
        if word is None or len(known) < 2:
            return None
        # A type of gold that train lacks, or of a rule, has no score.
        tag, against = (tags[word] if tags[word] in known else None for tags in (predicted, gold))
        tokens = self.run.dev[self.number].tokens
        return self.run.tagger.explain(tokens, word, tag, against, list(self._context()))

    def _context(self) -> Iterator[list[str]]:
        return (self.run.dev[number].tokens for number in self.document if number != self.number)


def _documents(run: RunFolder) -> tuple[list[range], str]:
    """Return the document of each sentence of dev, as numbers of sentences, and a note if they cannot be known."""
    alone = [range(number, number + 1) for number in range(len(run.dev))]
    model = run.tagger.model
    if not model.reads_documents:
        return alone, ""
    try:
        dev = read_corpora(run.config, SILENT)["dev"]
    except DataError as error:
        return alone, f"The explanations do not see the rest of the document, because dev cannot be read: {error}."
    if [list(tokens) for tokens in dev.tokens] != [sentence.tokens for sentence in run.dev]:
        return alone, f"The explanations do not see the rest of the document, because {dev.path} has changed."
    edges = stretch_edges([len(tokens) for tokens in dev.tokens], dev.document_starts, model.config.model.stretch)
    return [range(first, end) for first, end in pairwise(edges.tolist()) for _ in range(first, end)], ""
