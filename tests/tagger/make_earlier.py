"""Write a small model of the current format, for the tests of all later revisions.

    PYTHONPATH=tests:. python tests/tagger/make_earlier.py

It writes `earlier/format-N.safetensors`. Into `earlier/expected.json` it writes what the model says of a few sentences:
tags, the probabilities of the entities, temperature and threshold. A file that is there already is never changed: each
version of the format has one file, made in the commit that raises the version. `test_earlier.py` loads them all.

The files of format 1 were made in the same way at revision d8d10ed, with that revision's interfaces, from the same
corpus and the options that their names say: `format-1` is an ensemble of two networks with the sentence-level loss,
further vectors and a gazetteer.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from synthetic import write_tiny

from windowner.config.loading import load_config
from windowner.runs.training import train
from windowner.tagger.model_file import FORMAT
from windowner.tagger.tagger import Tagger

RULES = '{"label": "CITY", "pattern": "Oslo", "id": "oslo"}\n{"label": "PER", "pattern": "Omar", "never": true}\n'
EARLIER = Path(__file__).parent / "earlier"
VECTORS = '\n[vectors]\nsource = "vectors.txt"\nmore = [{source = "vectors.txt", mode = "fine-tuned"}]\n'
SMALL = ["train.epochs=4", "model.hidden=6", "features.affix_size=2", "features.min_count=8"]
CASE = [
    "model.loss=sentence",
    "model.document=on",
    "features.characters=4",
    "features.gazetteer_train=2",
    "train.ensemble=2",
]


def describe(tagger: Tagger, sentences: list[list[str]]) -> dict[str, object]:
    """Return what a tagger says of sentences, as `expected.json` has it."""
    return {
        "tags": tagger.tag(sentences),
        "probabilities": [[round(entity.probability, 6) for entity in found] for found in tagger.entities(sentences)],
        "temperature": tagger.model.temperature,
        "threshold": tagger.model.threshold,
    }


def main() -> None:
    """Train the model and write the two files."""
    path = EARLIER / f"format-{FORMAT}.safetensors"
    if path.exists():
        raise SystemExit(f"{path} is there already; it is never written again")
    with TemporaryDirectory() as folder:
        config = write_tiny(Path(folder))
        text = config.read_text(encoding="utf-8").replace("[model]", '[model]\nrules = "rules.jsonl"')
        config.write_text(text + VECTORS, encoding="utf-8")
        (Path(folder) / "rules.jsonl").write_text(RULES, encoding="utf-8")
        run = train(load_config(config, [*SMALL, *CASE]), Path(folder) / "run")
        path.write_bytes((run.folder / "model.safetensors").read_bytes())
    expected = json.loads((EARLIER / "expected.json").read_text(encoding="utf-8"))
    expected["expected"][path.stem] = describe(Tagger.load(path), expected["sentences"])
    (EARLIER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
