"""spaCy's efficiency pipeline: a blank English one with the tok2vec and the named-entity recognizer of `init config`.

train   epochs of its own training loop, in batches of words that grow as in its default config; dev is tagged after
        each epoch, and that time is not counted
"""

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import spacy
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example, iob_to_biluo
from spacy.training.batchers import minibatch_by_words
from spacy.util import load_model_from_config
from thinc.api import compounding, fix_random_seed, require_cpu

from benchmarks.peers.protocol import Handler, Result, Sentences, Task, read_labelled, serve, tagging_handler


def examples(nlp: Language, path: Path) -> list[Example]:
    """Return labelled sentences as spaCy learns from them."""
    return [
        Example.from_dict(Doc(nlp.vocab, words=tokens), {"entities": iob_to_biluo(tags)})
        for tokens, tags in zip(*read_labelled(path), strict=True)
    ]


def tag(nlp: Language, sentences: Sentences) -> Sentences:
    """Return IOB2 tags of sentences."""
    docs = nlp.pipe((Doc(nlp.vocab, words=tokens) for tokens in sentences), batch_size=256)
    return [[f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc] for doc in docs]


class Training:
    """Trains a pipeline, epoch by epoch; each epoch answers with times so far and the tags of dev."""

    def __init__(self, corpus: Path):
        fix_random_seed(0)
        self.corpus = corpus
        self.cpu = self.wall = 0.0
        self.steps = self.epochs()

    def epochs(self) -> Iterator[Result]:
        """Train without end."""
        start = process_time(), perf_counter()
        config = init_config(lang="en", pipeline=["ner"], optimize="efficiency")
        self.nlp = load_model_from_config(config, auto_fill=True)
        train = examples(self.nlp, self.corpus / "train.conll")
        optimizer = self.nlp.initialize(lambda: train)
        sizes: Any = compounding(100, 1000, 1.001)  # an iterator, which is allowed, though not declared
        order = random.Random(0)
        while True:
            order.shuffle(train)
            for batch in minibatch_by_words(train, size=sizes, tolerance=0.2):
                self.nlp.update(batch, sgd=optimizer, drop=0.1)
            self.cpu += process_time() - start[0]
            self.wall += perf_counter() - start[1]
            tokens, _ = read_labelled(self.corpus / "dev.conll")
            yield {"cpu_seconds": self.cpu, "wall_seconds": self.wall, "tags": tag(self.nlp, tokens)}
            start = process_time(), perf_counter()


def set_up(task: Task) -> Handler:
    """Begin a training, or load the pipeline that tags, which is trained first if there is none."""
    require_cpu()
    corpus = Path(task["folder"])
    pipeline = corpus / "spacy"
    training = Training(corpus)
    if "epochs" not in task:

        def answer(_: Task) -> Result:
            result = next(training.steps)
            training.nlp.to_disk(pipeline)
            return result

        return answer
    if not pipeline.exists():
        for _ in islice(training.steps, task["epochs"]):
            training.nlp.to_disk(pipeline)
    nlp: Any = spacy.load(pipeline)
    return tagging_handler(lambda sentences: tag(nlp, sentences))


if __name__ == "__main__":
    serve(set_up, "spacy")
