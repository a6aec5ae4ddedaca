"""Documents as a DocBin, the training files of spaCy."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from windowner.errors import DataError
from windowner.formats.spacy_docs import load_spacy
from windowner.text.conversion import sentences_of
from windowner.text.document import Document
from windowner.text.schemes import NOT_ANNOTATED
from windowner.text.tokenizers import find_tokenizer


def docbin_bytes(documents: Iterable[Document], name: str) -> bytes:
    """Return documents as the content of a DocBin. White space between tokens becomes tokens, as spaCy makes them.

    Parameters
    ----------
    documents
        Documents with tokens. Their spans hold whole tokens and do not overlap.
    name
        Name of the file, for error messages.

    Raises
    ------
    DataError
        If spaCy is not installed, or an entity has no type.
    """
    spacy = load_spacy(name)
    written = spacy.tokens.DocBin(attrs=["ENT_IOB", "ENT_TYPE", "SENT_START"])
    vocab = spacy.vocab.Vocab()
    for document in documents:
        if any(not span.label for span in document.spans or []):
            raise DataError(f"{name}: an entity without a type, which spaCy cannot hold")
        written.add(_doc(spacy, vocab, document))
    content: bytes = written.to_bytes()
    return content


def _doc(spacy: Any, vocab: Any, document: Document) -> Any:
    """Return a document as a Doc of spaCy. A single sentence is not marked: it may be a text that nobody cut."""
    tokens = [place for offsets in document.sentences or [] for place in offsets]
    starts = {offsets[0] for offsets in document.sentences or [] if offsets}
    tagged = sentences_of(document, find_tokenizer("white-space"))
    tags = list(chain.from_iterable(sentence.tags or [] for sentence in tagged)) or ["O"] * len(tokens)
    words: list[str] = []
    spaces: list[bool] = []
    entities: list[str | None] = []
    sentence_starts: list[bool] = []
    text, end = document.text, 0

    def fill(gap: str, tag: str) -> None:
        """Add what stands between two tokens: a space belongs to the token before it, and the rest is a token."""
        if gap.startswith(" ") and words:
            spaces[-1], gap = True, gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)
            entities.append(tag if tag.startswith("I-") else "O")
            sentence_starts.append(len(words) == 1)

    for (start, behind), tag in zip(tokens, tags, strict=True):
        fill(text[end:start], tag)
        # A text that begins with white space begins its first sentence there.
        sentence_starts.append(not words or (end > 0 and (start, behind) in starts))
        words.append(text[start:behind])
        spaces.append(False)
        entities.append(None if tag == NOT_ANNOTATED else tag)  # spaCy says None where the entity is missing
        end = behind
    fill(text[end:], "O")
    return spacy.tokens.Doc(
        vocab,
        words=words,
        spaces=spaces,
        ents=None if document.spans is None else entities,
        sent_starts=sentence_starts if len(starts) > 1 else None,
    )
