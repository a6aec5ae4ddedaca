"""sklearn-crfsuite: the same CRFsuite, model and features, behind the interface of scikit-learn.

What it adds is the cost of its own calls. Its training hands the same features to the same trainer.
"""

import sklearn_crfsuite

from benchmarks.peers.crfsuite_features import FEATURES
from benchmarks.peers.crfsuite_ner import trained_model
from benchmarks.peers.protocol import Handler, Sentences, Task, serve, tagging_handler


def set_up(task: Task) -> Handler:
    """Load CRFsuite's model."""
    features = FEATURES[task["features"]]
    crf = sklearn_crfsuite.CRF(model_filename=str(trained_model(task)[0]))

    def tag(sentences: Sentences) -> Sentences:
        return [list(tags) for tags in crf.predict([features(sentence) for sentence in sentences])]

    return tagging_handler(tag)


if __name__ == "__main__":
    serve(set_up, "sklearn-crfsuite", "scikit-learn")
