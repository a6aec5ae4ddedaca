"""The component of spaCy: its entities are those of the tagger on spaCy's tokens, however the pipeline is kept."""

import os
import pickle
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import DocBin
from spacy.training import Example
from synthetic import train_documents

import windowner
import windowner.adapters.spacy
from windowner.errors import ModelError
from windowner.tagger.parts import model_bytes

TEXT = "John Smith lives in New York .\n\nMary Miller left\n  John Smith yesterday. "
ROOT = Path(__file__).parents[2]


def found(doc):
    return [(entity.text, entity.label_) for entity in doc.ents]


def with_probability(doc):
    return [(*pair, entity._.probability) for pair, entity in zip(found(doc), doc.ents, strict=True)]


def pipeline(model, **config):
    nlp = spacy.blank("en")
    nlp.add_pipe("windowner", config={"model": str(model), **config})
    return nlp


@pytest.fixture(scope="module")
def nlp(run):
    return pipeline(run)


@pytest.fixture(scope="module")
def own_copy(run, tmp_path_factory):
    """A run that a test may remove."""
    return shutil.copytree(run, tmp_path_factory.mktemp("copy") / "run")


def test_entities_are_those_of_the_tagger(nlp, run):
    doc = nlp(TEXT)
    sentences = [
        "John Smith lives in New York .".split(),
        "Mary Miller left John Smith yesterday .".split(),
    ]
    expected = windowner.Tagger.load(run).entities(sentences)
    assert [len(entities) for entities in expected] == [2, 2]
    assert with_probability(doc) == [(each.text, each.type, each.probability) for some in expected for each in some]


def test_white_space_changes_nothing(nlp):
    plain = nlp("John Smith lives in New York .")
    spread = nlp(" \n John  Smith lives \t in New \n York  . \n")
    assert [probability for *_, probability in with_probability(spread)] == [
        probability for *_, probability in with_probability(plain)
    ]
    assert found(spread) == [("John  Smith", "PER"), ("New \n York", "LOC")]
    assert not any(entity[0].is_space or entity[-1].is_space for entity in spread.ents)
    for text in ("", " ", "\n\n"):
        assert found(nlp(text)) == []


def test_sentences_of_the_document_are_read(run):
    """A sentence end between two words of a name parts the name."""
    nlp = pipeline(run)
    doc = nlp.make_doc("John Smith lives in New York .")
    whole = found(nlp(doc))
    for token in doc:
        token.is_sent_start = token.i in (0, 5)
    doc.ents = []
    assert found(nlp(doc)) != whole == [("John Smith", "PER"), ("New York", "LOC")]
    assert all(entity.start >= 5 or entity.end <= 5 for entity in doc.ents)


def test_sentences_are_found_where_none_are_set(run):
    """The tokenizer of the model finds the ends of sentences that spaCy's own component finds here."""
    text = "John Smith lives in New York. Mary Miller left Paris."
    nlp, with_sentences = pipeline(run), pipeline(run)
    with_sentences.add_pipe("sentencizer", first=True)
    assert with_probability(nlp(text)) == with_probability(with_sentences(text))
    assert not nlp(text).has_annotation("SENT_START")


@pytest.mark.parametrize("overwrite", [False, True])
def test_entities_of_other_components(run, overwrite):
    nlp = pipeline(run, overwrite_ents=overwrite)
    ruler = nlp.add_pipe("entity_ruler", first=True)
    ruler.add_patterns([{"label": "PLACE", "pattern": "York"}, {"label": "VERB", "pattern": "lives"}])
    doc = nlp("John Smith lives in New York .")
    place = ("New York", "LOC") if overwrite else ("York", "PLACE")
    assert found(doc) == [("John Smith", "PER"), ("lives", "VERB"), place]
    assert [entity._.probability is None for entity in doc.ents] == [False, True, not overwrite]


def test_entities_that_come_later_have_no_probability(run):
    nlp = pipeline(run)
    nlp.add_pipe("entity_ruler", config={"overwrite_ents": True}).add_patterns([{"label": "X", "pattern": "New York"}])
    doc = nlp("John Smith lives in New York .")
    assert found(doc) == [("John Smith", "PER"), ("New York", "X")]
    assert [entity._.probability is None for entity in doc.ents] == [False, True]
    part = doc[4:].as_doc(copy_user_data=True)
    part.ents = [spacy.tokens.Span(part, 0, 2, label="LOC")]
    assert part.ents[0]._.probability > 0


def test_entities_of_rules_have_the_name_of_their_rule(run):
    model = windowner.Tagger.load(run).model
    rules = [{"label": "VERB", "pattern": "lives", "id": "v"}, {"label": "LOC", "pattern": "New York"}]
    nlp = pipeline(run)
    nlp.get_pipe("windowner").from_bytes(model_bytes(replace(model, rules=windowner.Rules.of(rules))))
    doc = nlp("John Smith lives in New York .")
    assert with_probability(doc)[1:] == [("lives", "VERB", 1.0), ("New York", "LOC", 1.0)]
    assert [entity.ent_id_ for entity in doc.ents] == ["", "v", ""]


@pytest.mark.parametrize("overwrite", [False, True])
def test_blocked_tokens_stay_blocked(run, overwrite):
    nlp = pipeline(run, overwrite_ents=overwrite)
    doc = nlp.make_doc("John Smith lives in New York .")
    doc.set_ents([], blocked=[doc[1:2]], default="missing")
    assert found(nlp(doc)) == [("New York", "LOC")]
    assert (doc[1].ent_iob_, doc[1].ent_type_) == ("B", "")
    assert doc[2].ent_iob_ == "O"


def test_batches(nlp):
    texts = [TEXT, "", "Nothing happened .", "Anna Brown lives in Rome ."] * 5
    alone = [with_probability(nlp(text)) for text in texts]
    for size in (1, 3, 100):
        docs = list(nlp.pipe(texts, batch_size=size))
        assert [doc.text for doc in docs] == texts
        assert [found(doc) for doc in docs] == [[each[:2] for each in some] for some in alone]
        together = [p for doc in docs for *_, p in with_probability(doc)]
        np.testing.assert_allclose(together, [p for some in alone for *_, p in some], atol=1e-6)


def test_documents_give_context(tmp_path_factory):
    """A model that reads documents reads each document of spaCy as one, and no other one with it."""
    tiny = train_documents(tmp_path_factory.getbasetemp())
    nlp = pipeline(tiny.run.folder)
    sentences = [text.split() for text in ("We saw John Smith on Monday .", "John Smith lives in Rome .")]
    expected = tiny.run.tagger.entities(sentences, [0])
    docs = list(nlp.pipe(["We saw John Smith on Monday. John Smith lives in Rome.", "John Smith left."]))
    probabilities = [entity._.probability for entity in docs[0].ents]
    np.testing.assert_allclose(probabilities, [each.probability for some in expected for each in some], atol=1e-6)
    assert probabilities != [each.probability for some in tiny.run.tagger.entities(sentences) for each in some]


def test_a_saved_pipeline_gives_the_same_entities(own_copy, tmp_path):
    nlp = pipeline(own_copy)
    expected = with_probability(nlp(TEXT))
    nlp.to_disk(tmp_path / "pipeline")
    content = nlp.to_bytes()
    shutil.rmtree(own_copy)  # the pipeline carries the model
    loaded = spacy.load(tmp_path / "pipeline")
    assert with_probability(loaded(TEXT)) == expected
    assert loaded.config == nlp.config
    assert loaded.meta["labels"] == {"windowner": ["LOC", "PER"]}
    again = spacy.blank("en").from_config(nlp.config).from_bytes(content)
    assert with_probability(again(TEXT)) == expected
    loaded.to_disk(tmp_path / "pipeline")  # over the file that is mapped
    assert with_probability(spacy.load(tmp_path / "pipeline")(TEXT)) == expected
    assert (tmp_path / "pipeline" / "windowner" / "model.safetensors").is_file()


def test_a_damaged_model_is_refused(nlp, tmp_path):
    nlp.to_disk(tmp_path / "pipeline")
    path = tmp_path / "pipeline" / "windowner" / "model.safetensors"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match=r"model\.safetensors: damaged"):
        spacy.load(tmp_path / "pipeline")
    component = nlp.get_pipe("windowner")
    with pytest.raises(ModelError, match="the bytes of the component windowner: damaged"):
        pickle.loads(pickle.dumps(component)).from_bytes(path.read_bytes())


def test_a_pickled_component(nlp):
    component = pickle.loads(pickle.dumps(nlp.get_pipe("windowner")))
    doc = component(nlp.make_doc(TEXT))
    assert with_probability(doc) == with_probability(nlp(TEXT))
    assert type(component.__getstate__()["_tagger"]) is bytes


def test_no_model(tmp_path, run):
    nlp = pipeline(tmp_path / "none")
    assert nlp.meta["labels"] == {"windowner": []}
    with pytest.raises(ModelError, match="none: no such file; expected a model that `windowner train` wrote"):
        nlp("Paris")
    handled = []
    nlp.set_error_handler(lambda name, component, docs, error: handled.append((name, len(docs), type(error))))
    assert list(nlp.pipe(["Paris", "Rome"])) == []
    assert handled == [("windowner", 2, ModelError)]
    with pytest.raises(ValueError, match="model"):
        spacy.blank("en").add_pipe("windowner")
    with pytest.raises(ValueError, match="overwrite"):
        pipeline(run, overwrite="yes")


def test_relative_paths_hold_after_a_change_of_folder(run, monkeypatch, tmp_path):
    monkeypatch.chdir(run.parent)
    nlp = pipeline(run.name)
    monkeypatch.chdir(tmp_path)
    assert found(nlp("John Smith left .")) == [("John Smith", "PER")]


def test_scores(nlp):
    gold = {"entities": [(0, 10, "PER"), (20, 28, "LOC"), (20 + 9, 30, "LOC")]}
    example = Example.from_dict(nlp.make_doc("John Smith lives in New York ."), gold)
    scores = nlp.evaluate([example])
    assert (scores["ents_p"], scores["ents_r"]) == (1, pytest.approx(2 / 3))


def test_probabilities_are_kept_with_documents(nlp):
    stored = DocBin(store_user_data=True, docs=[nlp(TEXT)]).to_bytes()
    (doc,) = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert with_probability(doc) == with_probability(nlp(TEXT))


PROGRAM = """\
import sys, spacy
if __name__ == "__main__":
    assert not any(name.startswith("windowner.tagger") for name in sys.modules)
    nlp = spacy.blank("en")
    assert not any(name.startswith("windowner.tagger") for name in sys.modules)
    nlp.add_pipe("windowner", config={"model": sys.argv[1]})
    for doc in nlp.pipe(["John Smith lives in New York .", "Nothing ."] * 4, batch_size=2, n_process=2):
        print([(entity.text, entity._.probability) for entity in doc.ents])
"""


def test_a_program_finds_the_component_by_its_entry_point(nlp, run, tmp_path):
    """A program that never imports windowner, with two processes; what is installed is what pyproject.toml says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (entry,) = project["entry-points"]["spacy_factories"].items()
    installed = tmp_path / "windowner_test-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: windowner-test\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[spacy_factories]\n" + " = ".join(entry) + "\n")
    (tmp_path / "program.py").write_text(PROGRAM)
    paths = os.pathsep.join([str(tmp_path), str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, tmp_path / "program.py", run]
    environment = {**os.environ, "PYTHONPATH": paths}
    output = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.splitlines()
    expected = [(entity.text, entity._.probability) for entity in nlp("John Smith lives in New York .").ents]
    assert output == [str(expected), "[]"] * 4


def test_without_the_library(monkeypatch):
    monkeypatch.delitem(sys.modules, "windowner.adapters.spacy")
    monkeypatch.setitem(sys.modules, "spacy.language", None)
    with pytest.raises(ImportError, match=r'needs the spacy extra: pip install "windowner\[spacy\]"'):
        import windowner.adapters.spacy  # noqa: F401
