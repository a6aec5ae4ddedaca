"""The config that commands use where none is given."""

from windowner.config.loading import load_config
from windowner.config.sample_config import SAMPLE_CONFIG, is_sample
from windowner.formats.reading import read_corpus
from windowner.runs.training import train


def test_its_text_has_entities_of_each_type_in_train_and_dev():
    config = load_config(SAMPLE_CONFIG)
    corpora = [read_corpus(config.path(path)) for path in (config.data.train, config.data.dev)]
    assert [len(corpus.sentences) for corpus in corpora] == [32, 8]
    assert [corpus.entity_types for corpus in corpora] == [["LOC", "ORG", "PER"]] * 2
    assert not any(corpus.ill_formed for corpus in corpora)


def test_a_tagger_learns_from_it(tmp_path):
    run = train(load_config(SAMPLE_CONFIG, ["train.epochs=30"]), tmp_path / "run")
    assert run.metrics["dev"]["overall"]["f1"] > 0.7
    assert run.metrics["coverage"]["train"]["types"]["oov"] == 0


def test_it_is_recognized(tmp_path):
    assert is_sample(load_config(SAMPLE_CONFIG))
    copy = tmp_path / "sample.toml"
    copy.write_bytes(SAMPLE_CONFIG.read_bytes())
    assert not is_sample(load_config(copy))
