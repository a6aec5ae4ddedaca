"""Caches: what a tagger keeps of the text met so far."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

from windowner.inputs.encoding import EncodedText
from windowner.inputs.forms import Forms
from windowner.inputs.raw_text import Pieces
from windowner.network.projections import Projections
from windowner.tagger.chunks import TOKENS
from windowner.tagger.model import Model
from windowner.tagger.rules.matcher import MatchedForms, Matcher
from windowner.tagger.rules.matches import Matches
from windowner.text.tokenizers import find_tokenizer

MOST_CHARACTERS = 10_000_000  # of all pieces that are remembered
CACHE_MB = 256


class Kept(NamedTuple):
    """What is kept of the text met so far, which belongs together."""

    forms: Forms
    pieces: Pieces
    projections: Projections
    matched: MatchedForms | None = None

    def matches(self, text: EncodedText) -> Matches | None:
        """Return the matches of the rules in a text that is encoded with these forms. None without rules."""
        return None if self.matched is None else self.matched.find(text.stream[text.centers], text.offsets)


class Caches:
    """What a tagger keeps of the text met so far. When memory is full, everything is forgotten.

    Parameters
    ----------
    model
        The model that tags.
    cache_mb
        Memory for what is kept of the forms met so far, in megabytes.
    matcher
        The rules. None without rules.
    """

    def __init__(self, model: Model, cache_mb: float, matcher: Matcher | None = None):
        self.megabytes = cache_mb
        self._model, self._matcher = model, matcher
        self._capacity = max(1, int(cache_mb * 1e6 / model.network.W[0].nbytes))  # forms
        self._lock = Lock()  # around what is kept, which grows together
        self._kept: Kept | None = None

    @property
    def is_lent(self) -> bool:
        """Whether a thread has what is kept."""
        return self._lock.locked()

    @contextmanager
    def lent(self) -> Iterator[Kept]:
        """Lend what is kept to one thread at a time. After an error or an interrupt, everything is forgotten."""
        with self._lock:
            # One chunk more than the capacity has room before everything is forgotten.
            kept = self._kept or self._empty(Projections(self._model.network, self._capacity + TOKENS))
            self._kept = None
            yield kept
            full = len(kept.forms) >= self._capacity or kept.pieces.characters >= MOST_CHARACTERS
            self._kept = self._empty(kept.projections.forget()) if full else kept

    def _empty(self, projections: Projections) -> Kept:
        forms = Forms(self._model.encoder)
        matched = None if self._matcher is None else MatchedForms(self._matcher, forms)
        return Kept(forms, Pieces(find_tokenizer(self._model.tokenizer), forms), projections, matched)
