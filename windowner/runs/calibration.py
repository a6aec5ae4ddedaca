"""The calibration of a model's probabilities, and the temperature that calibrates them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from windowner.arrays import Array
from windowner.network.chain.marginals import span_probabilities
from windowner.network.chain.temperature import fit_temperature
from windowner.runs.preparation import Prepared
from windowner.scoring.entities import find_correct
from windowner.scoring.reliability import Bin, reliability
from windowner.tagger.model import Model
from windowner.tagger.prediction import predict_encoded
from windowner.tagger.tagger import Tagger
from windowner.text.spans import EncodedTags, encode_tags


def calibrate(model: Model, prepared: Prepared) -> Model:
    """Return the model with the temperature that fits the entities it finds in dev."""
    prediction = predict_encoded(model, prepared.dev, prepared.dev_F)
    gold = encode_gold(model, prepared.corpora["dev"].tags)
    spans, decoder = prediction.spans.where(gold.judge(prediction.spans)), model.decoder
    z = decoder.subtract_threshold(prediction.logits).astype(np.float64)

    def probabilities(temperature: float) -> Array:
        """Return the probability of each entity at a temperature."""
        chain = decoder.legal_chain(temperature)
        return span_probabilities(z / temperature, prediction.tags, spans[:2], prediction.offsets, chain)

    correct = find_correct(gold.spans(), spans)
    return replace(model, temperature=fit_temperature(probabilities, correct))


def encode_gold(model: Model, tags: Sequence[Sequence[str]]) -> EncodedTags:
    """Return gold tags as arrays; types have the model's ids."""
    return encode_tags(tags, model.tags.types)


def entity_reliability(
    tagger: Tagger,
    sentences: Sequence[Sequence[str]],
    gold: Sequence[Sequence[str]],
    document_starts: Iterable[int] | None = None,
) -> list[Bin]:
    """Sort the entities that a tagger finds in sentences by their probability, and count how many are in the gold tags.

    Entities below the model's cutoffs are left out, as in tagging.

    Parameters
    ----------
    tagger
        The tagger.
    sentences
        Sentences, each a sequence of tokens.
    gold
        Their tags, in any scheme.
    document_starts
        Numbers of the sentences that open a document; see `Tagger.tag`.
    """
    rows = iter(gold)
    p, correct = [np.empty(0)], [np.empty(0, dtype=bool)]
    for chunk, predicted in tagger.predictions(sentences, document_starts):
        prediction = predicted.without_improbable()
        tags = encode_tags(list(islice(rows, len(chunk))), prediction.types)
        judged = tags.judge(prediction.spans)
        p.append(prediction.span_probabilities[judged])
        correct.append(find_correct(tags.spans(), prediction.spans.where(judged)))
    return reliability(np.concatenate(p).tolist(), np.concatenate(correct).tolist())
