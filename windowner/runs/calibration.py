"""Whether a tagger's probabilities mean what they say, and the temperature that makes them."""

from collections.abc import Sequence

import numpy as np

from windowner.network.chain.temperature import fit_temperature
from windowner.runs.preparation import Prepared
from windowner.scoring.entities import find_correct
from windowner.scoring.reliability import Bin, reliability
from windowner.tagger.tagger import Tagger, chunks
from windowner.text.spans import Spans, encode_tags


def calibrate(prepared: Prepared) -> float:
    """Give the tagger the temperature that suits the entities it finds in dev, and return it."""
    tagger = prepared.tagger
    prediction = tagger.predict_text(prepared.dev, prepared.dev_forms)
    found = tagger.spans(prediction)
    tagger.temperature = fit_temperature(
        tagger.decoder.lowered(prediction.logits, tagger.threshold),
        prediction.tags,
        prediction.offsets,
        (found.start, found.end),
        find_correct(gold_spans(tagger, prepared.corpora["dev"].tags), found),
        tagger.legality,
        tagger.network.chain,
    )
    return tagger.temperature


def gold_spans(tagger: Tagger, tags: Sequence[Sequence[str]]) -> Spans:
    """Return the entities of gold tags; types have the tagger's ids."""
    encoded = encode_tags(tags, tagger.tags.types)
    return encoded.spans()


def entity_reliability(tagger: Tagger, sentences: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> list[Bin]:
    """Sort the entities that a tagger finds in sentences by their probability, and count how many are in the gold tags.

    Parameters
    ----------
    tagger
        The tagger.
    sentences
        Sentences, each a sequence of tokens.
    gold
        Their tags, in any scheme.
    """
    p, correct = [np.empty(0)], [np.empty(0, dtype=bool)]
    for chunk in chunks(zip(sentences, gold, strict=True), lambda pair: len(pair[0])):
        prediction = tagger.predict([tokens for tokens, _ in chunk])
        found = tagger.spans(prediction)
        p.append(prediction.marginals.of_runs(found.start, found.end))
        correct.append(find_correct(gold_spans(tagger, [tags for _, tags in chunk]), found))
    return reliability(np.concatenate(p).tolist(), np.concatenate(correct).tolist())
