"""WindowTagger: a tagger as an estimator of scikit-learn. It needs the extra `sklearn`.

from windowner.adapters.sklearn import WindowTagger

tagger = WindowTagger(vectors="glove-6b-50d", epochs=10).fit(sentences, tags)
tagger.predict([["Paris", "is", "big"]])      # [["B-LOC", "O", "O"]]
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np

from windowner.adapters.parameters import config_of
from windowner.adapters.samples import are_texts, entity_f1, read_labelled, read_samples
from windowner.adapters.tag_columns import answered_scheme, tag_columns
from windowner.arrays import Array
from windowner.runs.from_memory import train_tagger
from windowner.tagger.parts import model_bytes, model_of_bytes
from windowner.tagger.tagger import Tagger
from windowner.text.detection import detect
from windowner.text.document import Document
from windowner.text.schemes import SCHEMES
from windowner.text.spans import encode_tags

try:
    from sklearn.base import BaseEstimator
    from sklearn.utils.validation import check_is_fitted
except ImportError:
    raise ImportError('windowner.adapters.sklearn needs the sklearn extra: pip install "windowner[sklearn]"') from None


class WindowTagger(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A tagger that is trained by `fit`. A parameter that is None leaves what the config says.

    Parameters
    ----------
    config
        A config file, or its sections as a dictionary. None stands for the defaults. Files of labelled text that it
        names are not read.
    preset
        Name of a preset: "lecture", "fast" or "best".
    vectors
        Word vectors, as `vectors.source` of a config: a file, or "glove-6b-50d".
    hidden
        Hidden units.
    epochs
        Largest number of passes over the training samples.
    learning_rate
        Learning rate.
    overrides
        Any other keys of a config, such as {"train.dropout_input": 0.3, "vectors.mode": "frozen"}.
    random_state
        Seed of everything that is drawn at random: a number, or a generator of NumPy that draws one. None is the
        config's seed, which is 0 by default. So two fits give the same tagger.

    Attributes
    ----------
    tagger_
        The trained `windowner.Tagger`.
    classes_
        The tags of `predict`, and the columns of `predict_proba`.
    scheme_
        Scheme of these tags: that of y, or IOB2 where y is IOB1 or spans.
    """

    def __init__(
        self,
        *,
        config: str | Path | Mapping[str, Any] | None = None,
        preset: str | None = None,
        vectors: str | None = None,
        hidden: int | None = None,
        epochs: int | None = None,
        learning_rate: float | None = None,
        overrides: Mapping[str, Any] | None = None,
        random_state: Any = None,
    ):
        self.config = config
        self.preset = preset
        self.vectors = vectors
        self.hidden = hidden
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.overrides = overrides
        self.random_state = random_state

    def fit(self, X: Any, y: Any, *, dev: tuple[Any, Any] | None = None) -> Self:
        """Train a tagger.

        Parameters
        ----------
        X
            Sentences, each a list of tokens; or texts, each a string.
        y
            The tags of each sentence, in any scheme; or the spans of each text, as (start, end, type) in characters.
        dev
            Samples and labels on which the best epoch and the threshold are chosen. Without it, a tenth of the samples
            is held out.

        Raises
        ------
        ValueError
            If X or y is something else.
        ConfigError, DataError, VectorsError, TrainingError
            See `windowner.train_tagger`.
        """
        if dev is not None and not (isinstance(dev, tuple | list) and len(dev) == 2):
            raise ValueError(f"dev is of the type {type(dev).__name__}, expected a pair: samples and their labels")
        labelled = list(read_labelled(X, y))
        config = config_of(self.get_params(deep=False))
        tags = [list(item[1]) for item in labelled if not isinstance(item, Document)]
        if tags and config.model.document == "auto":  # samples are independent, so none is another one's context
            config = replace(config, model=replace(config.model, document="off"))
        tagger = train_tagger(config, labelled, None if dev is None else read_labelled(*dev))
        wanted = detect(encode_tags(tags)) if tags else SCHEMES["IOB2"]
        trained = SCHEMES[config.data.scheme]
        answered = answered_scheme(wanted, trained)
        names, _ = tag_columns(tagger.model.tags, tagger.types, trained, answered)
        self.tagger_, self.scheme_, self.classes_ = tagger, answered.name, np.array(names)
        return self

    def predict(self, X: Any) -> list[list[Any]]:
        """Return the tags of sentences, or the spans of texts as (start, end, type), in the form of y."""
        check_is_fitted(self)
        samples = read_samples(X)
        if not are_texts(samples):
            return list(self.tagger_.tag(samples, self.scheme_))
        return [[(span.start, span.end, span.label) for span in found] for found in self.tagger_.tag_texts(samples)]

    def predict_proba(self, X: Any) -> list[Array]:
        """Return the probability of each tag of `classes_` for each token, (tokens, classes), sentence by sentence.

        It is the share of all legal tag sequences in which the token has the tag. `predict` chooses whole sequences,
        so its tag need not be the most probable one.

        Raises
        ------
        ValueError
            If X holds texts. Their spans have probabilities: `tagger_.tag_texts(X)`.
        """
        check_is_fitted(self)
        samples = read_samples(X)
        if are_texts(samples):
            raise ValueError("X holds texts, expected lists of tokens; spans of texts: tagger_.tag_texts(X)")
        model = self.tagger_.model
        names, columns = tag_columns(
            model.tags, self.tagger_.types, SCHEMES[model.config.data.scheme], SCHEMES[self.scheme_]
        )
        probabilities: list[Array] = []
        for _, prediction in self.tagger_.predictions(samples):
            rows = np.exp(prediction.log_marginals) @ columns
            if prediction.given is not None:  # a rule is certain, also of a type that the network does not know
                tags = list(chain.from_iterable(prediction.tag_names(self.scheme_)))
                own = [names.index(tags[token]) for token in prediction.given.tokens]
                rows[prediction.given.tokens] = np.eye(len(names))[own]
            probabilities += np.split(rows, prediction.offsets[1:-1])
        return probabilities

    def score(self, X: Any, y: Any) -> float:
        """Return the entity F1 of `predict`, from 0 to 1, over the entities of all types together."""
        return entity_f1(read_labelled(X, y), self.predict(X))

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        if "tagger_" in state:
            state["tagger_"] = model_bytes(self.tagger_.model)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "tagger_" in state:
            state = {**state, "tagger_": Tagger(model_of_bytes(state["tagger_"], "a pickled WindowTagger"))}
        super().__setstate__(state)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.target_tags.required = True
        tags.no_validation = True  # samples are lists and strings, which none of scikit-learn's checks draws
        return tags
