"""CRFsuite, trained by its default algorithm with the regularization of its tutorials (c1 = c2 = 0.1).

Making the features is counted, in training and in tagging. CRFsuite reads no word vectors.
"""

import json
from pathlib import Path
from time import process_time

import pycrfsuite

from benchmarks.peers.crfsuite_features import FEATURES, Features
from benchmarks.peers.protocol import Handler, Result, Sentences, Task, peak_mb, read_labelled, serve, tagging_handler

OPTIONS = {"c1": 0.1, "c2": 0.1, "feature.possible_transitions": True}


def train(corpus: Path, model: Path, features: Features, iterations: int) -> Result:
    """Train on a corpus's train file; return CPU seconds, the passes that CRFsuite made, and peak memory."""
    begun = process_time()
    trainer = pycrfsuite.Trainer(verbose=False)
    for tokens, tags in zip(*read_labelled(corpus / "train.conll"), strict=True):
        trainer.append(features(tokens), tags)
    trainer.set_params({**OPTIONS, "max_iterations": iterations})
    trainer.train(str(model))
    iterations = trainer.logparser.last_iteration["num"]
    return {"cpu_seconds": process_time() - begun, "iterations": iterations, "training_peak_mb": peak_mb()}


def trained_model(task: Task) -> tuple[Path, Result]:
    """Return the model of a corpus and what its training took; it is trained if it was not yet."""
    folder, name = Path(task["folder"]), task["features"]
    model, notes = folder / f"crfsuite-{name}.model", folder / f"crfsuite-{name}.json"
    if not notes.exists():
        found = train(folder, model, FEATURES[name], task["iterations"])
        notes.write_text(json.dumps(found), encoding="utf-8")
    return model, json.loads(notes.read_text(encoding="utf-8"))


def set_up(task: Task) -> Handler:
    """Load a model, which is trained first if there is none."""
    model, training = trained_model(task)
    features = FEATURES[task["features"]]
    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))

    def tag(sentences: Sentences) -> Sentences:
        return [tagger.tag(features(sentence)) for sentence in sentences]

    tagging = tagging_handler(tag)

    def answer(task: Task) -> Result:
        return training if task["do"] == "training" else tagging(task)

    return answer


if __name__ == "__main__":
    serve(set_up, "python-crfsuite")
