"""What a reviewer decided, one JSON object per line; the review page writes them.

    {"file": "data/train.conll", "line": 812, "sentence": 70, "start": 3, "end": 5, "tokens": [...],
     "gold": [{"start": 3, "end": 4, "label": "LOC"}], "decision": "accept",
     "spans": [{"start": 3, "end": 5, "label": "ORG"}]}

`accept` puts `spans` in the place of the entities `gold`, which are those of tokens `start` to `end` (exclusive) as the
reviewer saw them. `keep` changes nothing. `sentence` counts the sentences of the file from 0.
"""

from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from windowner.errors import DataError
from windowner.files import read_file
from windowner.text.sentence import Corpus
from windowner.text.token_spans import TokenSpan, sentence_spans

EXPECTED = "expected a line that the review page has written"


class DecidedSpan(msgspec.Struct):
    """An entity: tokens `start` to `end` (exclusive), and its label."""

    start: int
    end: int
    label: str

    @property
    def entity(self) -> TokenSpan:
        """The same as a span of tokens."""
        return TokenSpan(self.start, self.end, self.label)


class Decision(msgspec.Struct):
    """A line of the file; see the module. `place` is where it stands: file and line."""

    file: str
    line: int
    sentence: int
    start: int
    end: int
    tokens: list[str]
    gold: list[DecidedSpan]
    decision: Literal["accept", "keep"]
    spans: list[DecidedSpan]
    place: str = ""


def read_decisions(path: Path) -> list[Decision]:
    """Read decisions.

    Raises
    ------
    DataError
        The file cannot be read, or a line is no decision.
    """
    decoder = msgspec.json.Decoder(Decision)
    try:
        lines = read_file(path).removeprefix(BOM_UTF8).splitlines()
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}, {EXPECTED.replace('a line', 'a file')}") from None
    decisions = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            decision = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{path}:{number}: {error}; {EXPECTED}") from None
        except RecursionError:
            raise DataError(f"{path}:{number}: nested too deeply; {EXPECTED}") from None
        decision.place = f"{path}:{number}"
        decisions.append(decision)
    return decisions


def changed_entities(
    decisions: Iterable[Decision], corpora: Mapping[str, Corpus]
) -> dict[str, dict[int, list[TokenSpan]]]:
    """Return the entities of each sentence that is changed, by file and number of the sentence.

    Parameters
    ----------
    decisions
        The decisions. Of several about one place, the last one holds.
    corpora
        The labelled text by file.

    Raises
    ------
    DataError
        A decision is about another file, or about text or labels that are no longer there.
    """
    names = {Path(path).name: path for path in corpora}  # the folder may be another one than where they were reviewed
    latest = {(each.file, each.sentence, each.start, each.end): each for each in decisions}
    changes: dict[str, dict[int, list[TokenSpan]]] = defaultdict(dict)
    for decision in latest.values():
        path = names.get(Path(decision.file).name)
        if path is None:
            known = ", ".join(corpora)
            raise DataError(f"{decision.place}: file {decision.file}, expected one that the config names: {known}")
        corpus = corpora[path]
        _check_sentence(decision, corpus)
        if decision.decision == "keep":
            continue
        (original,) = sentence_spans([corpus.tags[decision.sentence]])
        entities = changes[path].get(decision.sentence, original)
        changes[path][decision.sentence] = _replaced(decision, entities)
    return dict(changes)


def _check_sentence(decision: Decision, corpus: Corpus) -> None:
    """Refuse a decision whose sentence is another one now, or whose spans do not fit the sentence."""
    sentences = corpus.sentences
    if not 0 <= decision.sentence < len(sentences) or sentences[decision.sentence].tokens != decision.tokens:
        raise DataError(
            f"{decision.place}: {decision.file}:{decision.line} holds another sentence now, expected the one that was "
            "reviewed; review again"
        )
    if not 0 <= decision.start < decision.end <= len(decision.tokens):
        raise DataError(
            f"{decision.place}: tokens {decision.start} to {decision.end}, expected 0 <= start < end <= "
            f"{len(decision.tokens)}"
        )
    spans = sorted(span.entity for span in decision.spans)
    edges = [edge for span in spans for edge in span[:2]]
    inside = [decision.start, *edges, decision.end]
    if inside != sorted(inside) or any(span.start == span.end for span in spans):
        raise DataError(
            f"{decision.place}: spans overlap, or reach outside of tokens {decision.start} to "
            f"{decision.end}; expected spans inside of these tokens that do not overlap"
        )
    if bad := next((span.type for span in spans if set(span.type) & set("\t\r\n")), None):
        raise DataError(f"{decision.place}: label {bad!r}, expected one without tab and line end")


def _replaced(decision: Decision, entities: Sequence[TokenSpan]) -> list[TokenSpan]:
    """Return the entities of a sentence with those of the decision in their place."""
    gold = {span.entity for span in decision.gold}
    inside = {span for span in entities if span.start < decision.end and decision.start < span.end}
    if inside != gold:
        raise DataError(
            f"{decision.place}: {decision.file}:{decision.line} has {entities_text(inside)}, expected "
            f"{entities_text(gold)}, as was reviewed; review again"
        )
    return sorted([*(set(entities) - gold), *(span.entity for span in decision.spans)])


def entities_text(spans: Iterable[TokenSpan]) -> str:
    """Return entities as text."""
    return ", ".join(f"{span.type!r} at tokens {span.start} to {span.end}" for span in sorted(spans)) or "no entity"
