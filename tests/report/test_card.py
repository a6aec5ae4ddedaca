"""The card of a model: its figures are those of the run's files, and what they lack is not stated."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from synthetic import train_tiny, write_tiny, write_unsealed

from windowner.config.loading import load_config
from windowner.errors import DataError, ModelError
from windowner.markup.markdown import read_tables
from windowner.report.card import model_card
from windowner.report.card_data import LICENSED
from windowner.runs.folder import read_run
from windowner.runs.training import train
from windowner.tagger.facts import ModelFacts
from windowner.tagger.parts import write_model

EARLIER = Path(__file__).parents[1] / "tagger" / "earlier"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return train_tiny(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def card(tiny):
    return model_card(tiny.run.folder, {})


@pytest.fixture
def copied(tiny, tmp_path):
    """A copy of the run, for tests that change it."""
    return Path(shutil.copytree(tiny.run.folder, tmp_path / "run"))


def trained(tmp_path, *overrides):
    config = write_tiny(tmp_path / "project")
    return train(load_config(config, ["train.epochs=1", *overrides]), tmp_path / "run").folder


def section(card, title):
    return re.split(r"^## ", card.split(f"## {title}\n")[1], flags=re.MULTILINE)[0]


def test_it_has_every_section_in_order(card):
    assert re.findall(r"^## (.+)$", card, re.MULTILINE) == [
        *("What it is", "Data and licences", "Scores", "Calibration", "Limits", "Sizes"),
        *("Words of the training text", "Train it again", "How to cite"),
    ]
    assert card.startswith("# run\n")


def test_scores_are_those_of_the_metrics_with_an_interval_each(card, tiny):
    dev, test = read_tables(section(card, "Scores"))
    for rows, split in ((dev, "dev"), (test, "test")):
        metrics = tiny.run.metrics[split]
        for row, counts in zip(rows, [*metrics["types"].values(), metrics["overall"]], strict=True):
            for column, rate in (("precision", "precision"), ("recall", "recall"), ("f1", "f1")):
                value, interval = row[column].split("<br>")
                assert value == f"{100 * counts[rate]:.1f}"
                low, high = map(float, interval.split(" to "))
                assert low <= float(value) <= high
            assert row["support"] == f"{counts['support']}"
    assert "2,000 resamples of 40 sentences" in card


def test_calibration_is_that_of_the_metrics(card, tiny):
    error = tiny.run.metrics["calibration"]["dev_ece"]
    assert f"Expected calibration error on dev: {100 * error:.2f} points" in card
    (bins,) = read_tables(section(card, "Calibration"))
    assert sum(int(row["entities"]) for row in bins) == tiny.run.scores["dev"].overall.predicted


def test_digests_are_those_of_the_files(card, tiny):
    described = tiny.run.tagger.model.provenance["data"]
    (rows,) = read_tables(section(card, "Data and licences"))
    assert [row["what"] for row in rows] == ["train", "dev", "test"]
    for row in rows:
        assert row["blake2b"] == f"`{described[row['what']]['blake2b']}`"
        assert row["licence"] == "not stated"
    assert card.count(ModelFacts.read(tiny.model).digest) == 3  # sizes, and twice to cite
    assert str(tiny.folder) not in section(card, "Data and licences")


def test_versions_are_those_of_the_training(card, tiny):
    versions = tiny.run.tagger.model.provenance["versions"]
    numbers = f"windowner {versions['windowner']}, NumPy {versions['numpy']}, Python {versions['python']}"
    assert f"Versions of this training: {numbers}." in section(card, "Train it again").replace("\\", "")


def test_licences_that_are_given(tiny):
    licences = {"data": "CC0", "dev": "a|b", "model": "MIT"}
    card = model_card(tiny.run.folder, licences)
    (rows,) = read_tables(section(card, "Data and licences"))
    assert [row["licence"] for row in rows] == ["CC0", r"a\|b", "CC0"]
    assert "Licence of the model: MIT." in card
    assert set(licences) < set(LICENSED)


def test_licences_and_sources_that_a_readme_states_of_an_unchanged_text(tmp_path):
    run = trained(tmp_path)
    readme = "| folder | licence |\n| --- | --- |\n| project | CC BY 4.0 |\n\n- **project**: Doe, 2020.\n"
    (tmp_path / "README.md").write_text(readme)
    (tmp_path / "project" / "dev.conll").write_text("another O\n")
    card = model_card(run, {})
    (rows,) = read_tables(section(card, "Data and licences"))
    stated = f"CC BY 4.0 (`{tmp_path.name}/README.md`)"
    assert [row["licence"] for row in rows] == [stated, "not stated", stated]
    assert "- Doe, 2020." in section(card, "How to cite")


def test_a_run_without_dev_and_test(tmp_path):
    card = model_card(trained(tmp_path, 'data.dev=""', 'data.test=""'), {})
    assert "Dev is about a tenth of the training text" in card
    assert "The run has no test text." in card
    assert len(read_tables(section(card, "Scores"))) == 1
    assert "F1 of a type on dev" in section(card, "Limits")


def test_a_second_training_is_told(tmp_path):
    card = model_card(trained(tmp_path, "train.refit=true", "train.ensemble=2"), {})
    assert "The kept model was trained again on train and dev together." in card
    assert "| networks | 2, merged into one |" in card
    assert "Intervals: not stated" not in card


def test_a_fold_is_a_split_of_its_own(tmp_path):
    card = model_card(trained(tmp_path, "data.fold=1/3"), {})
    assert "### fold" in card
    assert "Fold 1/3 of the labelled text was held out." in card
    assert "Intervals: not stated" not in card


def test_a_model_that_started_from_another_one(tiny, tmp_path):
    config = write_tiny(tmp_path / "project")
    run = train(load_config(config, ["train.epochs=1"]), tmp_path / "run", init=tiny.run.folder).folder
    card = model_card(run, {})
    assert "--out again --init MODEL" in card
    assert "| init |" in card


def test_texts_that_are_gone_take_intervals_of_test_along(tmp_path):
    run = trained(tmp_path)
    shutil.rmtree(tmp_path / "project")
    card = model_card(run, {})
    assert card.count("Intervals: not stated, because the texts cannot be read") == 1
    assert "sentences. They cover the chance" in card  # dev


def test_cutoffs_are_told_and_scores_stay(copied, card):
    model = read_run(copied).tagger.model
    write_model(replace(model, cutoffs={"PER": 0.9}), copied / "model.safetensors")
    changed = model_card(copied, {})
    assert "It leaves out entities below these probabilities: PER 0.900." in changed
    assert section(changed, "Scores") == section(card, "Scores")


@pytest.mark.filterwarnings("ignore::windowner.errors.UncheckedWarning")
def test_a_model_file_of_format_1_has_no_digest(copied):
    write_unsealed(copied)
    shutil.copyfile(EARLIER / "format-1.safetensors", copied / "model.safetensors")
    card = model_card(copied, {})
    assert "| digest of the model | not stated: format 1 holds none |" in card
    assert "Versions of this training: not stated." in card
    assert "BLAKE2b `not stated`" in section(card, "How to cite")


def test_types_that_look_like_markup_stay_text(tmp_path):
    config = write_tiny(tmp_path / "project")
    for name in ("train", "dev", "test"):
        path = config.parent / f"{name}.conll"
        path.write_text(path.read_text(encoding="utf-8").replace("-LOC", "-<b>|x"), encoding="utf-8")
    card = model_card(train(load_config(config, ["train.epochs=1"]), tmp_path / "run").folder, {})
    assert r"| \<b\>\|x |" in card
    assert "<b>" not in re.sub(r"\\.", "", card)


def test_files_that_contradict_each_other_have_no_interval(copied):
    write_unsealed(copied)
    metrics = copied / "metrics.json"
    metrics.write_text(metrics.read_text().replace('"LOC"', '"PLACE"'))
    card = model_card(copied, {})
    assert "Intervals: not stated, because dev.jsonl gives other scores than metrics.json." in card
    assert card.count("Intervals: not stated") == 2


def test_damaged_runs(copied):
    with pytest.raises(DataError, match="expected a run"):
        model_card(copied / "model.safetensors", {})
    content = (copied / "model.safetensors").read_bytes()
    (copied / "model.safetensors").write_bytes(content[:-9])
    with pytest.raises(ModelError, match="damaged"):
        model_card(copied, {})
    (copied / "metrics.json").write_text("{")
    with pytest.raises(DataError, match=r"metrics\.json: damaged"):
        model_card(copied, {})
    (copied / "metrics.json").unlink()
    with pytest.raises(DataError, match="no such file"):
        model_card(copied, {})
