"""The component that `windowner.adapters.spacy` makes: a tagger that sets the entities of spaCy's documents."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, Self

from spacy.scorer import get_ner_prf
from spacy.util import minibatch, raise_error

from windowner.adapters.spacy_docs import read_sentences, register_probability, set_entities
from windowner.errors import ModelError, StoreError, WindownerError
from windowner.stores.address import path_of
from windowner.tagger.parts import MODEL_NAME, model_bytes, model_of_bytes, write_model
from windowner.tagger.tagger import Tagger
from windowner.text.tokenizers import find_tokenizer


class WindowEntities:
    """A component of spaCy that sets `doc.ents` with a tagger, on the tokens of spaCy.

    Parameters
    ----------
    name
        Name of the component in its pipeline.
    model
        A run's folder or a model file, or the address of one. It is read when it is first used, because a pipeline
        that was saved brings its own.
    overwrite_ents
        Whether the tagger's entities replace entities of other components that overlap them. Otherwise those stay, and
        the tagger's entities that overlap them are left out.
    """

    def __init__(self, name: str, model: str | Path, *, overwrite_ents: bool = False):
        self.name = name
        self.overwrite_ents = overwrite_ents
        path = path_of(model)
        self._path = path.absolute() if isinstance(path, Path) else path
        self._tagger: Tagger | None = None
        self._error_handler = raise_error
        register_probability()

    @property
    def tagger(self) -> Tagger:
        """The tagger.

        Raises
        ------
        ModelError, StoreError
            Its model cannot be read.
        """
        if self._tagger is None:
            self._tagger = Tagger.load(self._path)
        return self._tagger

    @property
    def labels(self) -> tuple[str, ...]:
        """The entity types; none while there is no model yet, as when spaCy builds a pipeline that was saved."""
        try:
            return tuple(self.tagger.model.tags.types)
        except (ModelError, StoreError):
            return ()

    def __call__(self, doc: Any) -> Any:
        """Set the entities of a document, and return it."""
        self._tag([doc])
        return doc

    def pipe(self, stream: Iterable[Any], *, batch_size: int = 128) -> Iterator[Any]:
        """Set the entities of documents, as many at a time as a batch holds, and yield them."""
        for docs in minibatch(stream, size=batch_size):
            try:
                self._tag(docs)
            except (WindownerError, ValueError) as error:
                self._error_handler(self.name, self, docs, error)
            else:
                yield from docs

    def _tag(self, docs: list[Any]) -> None:
        tokenizer = find_tokenizer(self.tagger.model.tokenizer)
        sentences = [read_sentences(doc, tokenizer) for doc in docs]
        tokens = [[token.text for token in sentence] for sentence in chain.from_iterable(sentences)]
        document_starts = list(accumulate(map(len, sentences), initial=0))
        found = iter(self.tagger.entities(tokens, document_starts))
        for doc, of_doc in zip(docs, sentences, strict=True):
            pairs = [(sentence, next(found)) for sentence in of_doc]
            set_entities(doc, pairs, overwrite=self.overwrite_ents)

    def score(self, examples: Iterable[Any], **options: Any) -> dict[str, Any]:
        """Return entity precision, recall and F1 of examples, as `nlp.evaluate` reports them."""
        scores: dict[str, Any] = get_ner_prf(examples, **options)
        return scores

    def set_error_handler(self, error_handler: Any) -> None:
        """Set what is called with a batch that cannot be tagged; by default, the error is raised."""
        self._error_handler = error_handler

    def get_error_handler(self) -> Any:
        """Return what is called with a batch that cannot be tagged."""
        return self._error_handler

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the model file into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        write_model(self.tagger.model, folder / MODEL_NAME)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Read the model file of a folder."""
        self._tagger = Tagger.load(path)
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the content of the model file."""
        return model_bytes(self.tagger.model)

    def from_bytes(self, content: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Read the content of a model file."""
        self._tagger = Tagger(model_of_bytes(content, f"the bytes of the component {self.name}"))
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_tagger": None if self._tagger is None else self.to_bytes()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({**state, "_tagger": None})
        if state["_tagger"] is not None:
            self.from_bytes(state["_tagger"])
