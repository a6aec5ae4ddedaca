"""Cross-validation: the same numbers however it is run, and predictions of each sentence by who has not seen it."""

import json
import shutil
from dataclasses import replace
from statistics import fmean, stdev

import msgspec
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file
from synthetic import error_of, invoke, succeed, write_tiny, write_unsealed

from windowner.config.loading import load_config
from windowner.errors import ConfigError, DataError
from windowner.experiments.cross_validation import CrossValidation, cross_validate, fold_experiment
from windowner.experiments.experiment import load_experiment
from windowner.experiments.finished import read_finished
from windowner.experiments.folder import EXPERIMENT_NAME, RESULTS_JSON
from windowner.experiments.held_out import (
    ARRAYS_NAME,
    DESCRIPTION,
    LINES_NAME,
    HeldOutSentence,
    read_held_out,
    read_held_out_lines,
)
from windowner.experiments.manifest import claim
from windowner.experiments.manifest_file import kept_folds
from windowner.experiments.running import Workplace, compare
from windowner.experiments.trials import run_trial
from windowner.formats.reading import read_corpus
from windowner.runs.file_names import MODEL_NAME
from windowner.runs.structs import read_structs
from windowner.scoring.entities import score
from windowner.tagger.model_file import digest_of
from windowner.tagger.tagger import Tagger
from windowner.whole_folders import work_folder

FOLDS = 3
ONE = Workplace(jobs=1)


@pytest.fixture(scope="module")
def validated(tmp_path_factory) -> CrossValidation:
    """The made-up corpus in three folds, one after the other in this order."""
    config = write_tiny(tmp_path_factory.mktemp("validated"))
    return cross_validate(config, config.parent / "cv", folds=FOLDS, workplace=ONE)


def folds(result):
    return [trial.folder(result.folder) for trial in result.experiment.trials]


def test_scores_are_means_over_the_folds(validated):
    lines = [read_structs(folder / LINES_NAME, HeldOutSentence) for folder in folds(validated)]
    scores = [score([line.gold for line in part], [line.predicted for line in part]) for part in lines]
    f1 = [each.overall.f1 for each in scores]
    assert (validated.overall.f1.mean, validated.overall.f1.deviation) == pytest.approx((fmean(f1), stdev(f1)))
    recall = [each.types["LOC"].recall for each in scores]
    assert validated.types["LOC"].recall.mean == pytest.approx(fmean(recall))
    assert validated.types["LOC"].folds == FOLDS
    assert validated.together.sentences == 250 + 40  # train and dev, not test
    assert validated.together.overall.support == sum(each.overall.support for each in scores)


def test_rules_beside_the_model_count_in_every_score_and_in_no_array(validated, tmp_path):
    """`lives` is a LOC by a rule, so precision falls. `windowner review` asks the network alone."""
    config = write_tiny(tmp_path)
    (tmp_path / "rules.jsonl").write_text('{"label": "LOC", "pattern": "lives"}\n', encoding="utf-8")
    config.write_text(config.read_text().replace("[model]", '[model]\nrules = "rules.jsonl"'), encoding="utf-8")
    ruled = cross_validate(config, tmp_path / "cv", folds=FOLDS, workplace=ONE)
    lines = [read_structs(folder / LINES_NAME, HeldOutSentence) for folder in folds(ruled)]
    scores = [score([line.gold for line in part], [line.predicted for line in part]) for part in lines]
    assert ruled.overall.f1.mean == pytest.approx(fmean(each.overall.f1 for each in scores))
    assert ruled.together.overall.predicted == sum(each.overall.predicted for each in scores)
    assert ruled.overall.precision.mean < validated.overall.precision.mean - 0.05
    np.testing.assert_array_equal(ruled.out_of_fold().log_marginals, validated.out_of_fold().log_marginals)


def test_two_jobs_after_an_interruption_give_the_same_bytes(validated, tmp_path):
    """Another worker finished the second fold, and left the first one unfinished."""
    config = write_tiny(tmp_path)
    out = tmp_path / "cv"
    experiment = fold_experiment(load_config(config), FOLDS)
    with pytest.raises(ConfigError, match="--resume: holds no experiment yet"):
        cross_validate(config, out, folds=FOLDS, resume=True)
    cross_validate(config, out, folds=FOLDS, workplace=ONE)
    for trial in (experiment.trials[0], experiment.trials[2]):
        trial.folder(out).rename(work_folder(trial.folder(out)))
    cross_validate(config, out, folds=FOLDS, workplace=Workplace(jobs=2), resume=True)
    assert sorted(path.name for path in (out / "trials").iterdir()) == [trial.name for trial in experiment.trials]
    for trial, folder in zip(experiment.trials, folds(validated), strict=True):
        there = trial.folder(out)
        assert (there / ARRAYS_NAME).read_bytes() == (folder / ARRAYS_NAME).read_bytes()
        lines = [(each / LINES_NAME).read_text() for each in (there, folder)]
        assert lines[0].replace(str(tmp_path), "") == lines[1].replace(str(folder.parents[2]), "")
    assert (out / RESULTS_JSON).read_bytes() == (validated.folder / RESULTS_JSON).read_bytes()


def test_out_of_fold_predictions_are_in_the_order_of_the_files(validated):
    found = validated.out_of_fold()
    paths = [validated.folder.parent / name for name in ("train.conll", "dev.conll")]
    corpora = [read_corpus(path) for path in paths]
    assert [sentence.tokens for sentence in found.sentences] == corpora[0].tokens + corpora[1].tokens
    assert [sentence.tags for sentence in found.sentences] == corpora[0].tags + corpora[1].tags
    assert len(found) == 290
    assert found.location(0) == f"{paths[0]}:3"
    assert found.location(250, token=2) == f"{paths[1]}:5"
    text = paths[1].read_text(encoding="utf-8").splitlines()
    assert text[4].startswith(f"{found.sentences[250].tokens[2]} ")


def test_each_sentence_is_predicted_by_the_tagger_that_has_not_seen_it(validated):
    found = validated.out_of_fold()
    taggers = [Tagger.load(folder / MODEL_NAME) for folder in folds(validated)]
    for place in (0, 7, 100, 260):
        own = taggers[found.folds[place] - 1]
        expected = own.predict([found.sentences[place].tokens]).log_marginals
        assert found.tags.names == own.model.tags.names
        np.testing.assert_allclose(found.marginals_of(place), expected, atol=1e-5)
    np.testing.assert_allclose(np.exp(found.log_marginals).sum(axis=1), 1, atol=1e-5)
    for file, sentence, marginals in found:
        assert file.endswith(".conll")
        assert len(marginals) == len(sentence.tokens)


def test_gold_tags_have_numbers_among_the_tags_of_the_taggers(validated):
    found = validated.out_of_fold()
    names = [found.tags.names[number] for number in found.gold[: found.offsets[40]]]
    first = [tag for sentence in found.sentences[:40] for tag in sentence.tags]
    assert [name == "O" for name in names] == [tag == "O" for tag in first]
    assert {name[2:] for name in names} == {tag[2:] for tag in first}
    assert names != first  # BIOES against IOB2


def test_text_that_changed_since_is_refused(validated):
    trial = validated.experiment.trials[0]
    moved = replace(trial.config, train=replace(trial.config.train, seed=5))
    changed = replace(
        validated, experiment=replace(validated.experiment, trials=[replace(trial, config=moved)] * FOLDS)
    )
    with pytest.raises(DataError, match=r"not those of the fold now.*Remove the folder"):
        changed.out_of_fold()


def test_a_damaged_fold_is_reported(validated, tmp_path):
    config = write_tiny(tmp_path)
    experiment = fold_experiment(load_config(config), 2)
    claim(tmp_path / "cv", {})
    for trial in experiment.trials:
        run_trial(trial, tmp_path / "cv")
    path = experiment.trials[1].folder(tmp_path / "cv") / ARRAYS_NAME
    path.write_bytes(path.read_bytes()[:-5])
    result = replace(validated, experiment=experiment, folder=tmp_path / "cv")
    with pytest.raises(DataError, match=r"held-out.safetensors: damaged or missing .* start the command again"):
        result.out_of_fold()


@pytest.fixture
def fold(validated, tmp_path):
    """A copy of a fold's folder."""
    return shutil.copytree(folds(validated)[0], tmp_path / "fold")


def keep_held_out(folder, tags, **arrays):
    """Write the arrays of a fold with the right digest."""
    with safe_open(folder / ARRAYS_NAME, framework="numpy") as file:
        run = json.loads(file.metadata()[DESCRIPTION])["run"]
    description = {"tags": tags, "digest": digest_of({"tags": tags}, arrays), "lines": "", "run": run}
    save_file(arrays, folder / ARRAYS_NAME, {DESCRIPTION: json.dumps(description)})


@pytest.mark.parametrize(
    "change",
    [
        {"tags": ["O", "no tag"]},
        {"tags": ["O"]},
        {"log_marginals": lambda array: array[1:]},
        {"log_marginals": lambda array: array.astype(np.float64)},
        {"log_marginals": lambda array: array + 1},
        {"log_marginals": lambda array: array * np.float32(np.nan)},
        {"offsets": lambda array: array[::-1]},
        {"offsets": lambda array: array + 1},
        {"places": lambda array: array[:, None]},
        {"places": lambda array: array[1:]},
    ],
)
def test_arrays_of_a_fold_that_do_not_fit_together_are_refused(fold, change):
    held = read_held_out(fold)
    arrays = {name: getattr(held, name) for name in ("log_marginals", "offsets", "places")}
    keep_held_out(fold, held.tags, **arrays)
    assert read_held_out(fold).tags == held.tags
    for name, how in change.items():
        if name != "tags":
            arrays[name] = np.ascontiguousarray(how(arrays[name]))
    keep_held_out(fold, change.get("tags", held.tags), **arrays)
    with pytest.raises(DataError, match=r"held-out\.safetensors: damaged: arrays do not fit together; remove "):
        read_held_out(fold)


def test_lines_of_a_fold_that_were_changed_are_refused(fold):
    path = fold / LINES_NAME
    path.write_text(path.read_text(encoding="utf-8").replace("Paris", "Parys"), encoding="utf-8")
    with pytest.raises(DataError, match=r"held-out\.jsonl: damaged or changed: held-out\.safetensors has another"):
        read_held_out_lines(fold)


def test_a_fold_without_its_scores_is_refused(validated, tmp_path):
    copied = shutil.copytree(validated.folder, tmp_path / "cv")
    first = validated.experiment.trials[0].folder(copied)
    write_unsealed(first)
    metrics = json.loads((first / "metrics.json").read_text(encoding="utf-8"))
    del metrics["fold"]
    (first / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    with pytest.raises(DataError, match=r"metrics\.json: damaged: it lacks `fold`; train again"):
        read_finished(validated.experiment, copied)


def test_the_number_of_folds_is_kept(validated, tmp_path):
    assert kept_folds(validated.folder) == FOLDS
    (tmp_path / EXPERIMENT_NAME).mkdir()
    with pytest.raises(ConfigError, match=r"experiment\.json: cannot be read: Is a directory"):
        kept_folds(tmp_path)


def test_a_config_that_already_holds_out_a_fold(tmp_path):
    with pytest.raises(ConfigError, match=r"data.fold = '1/2': expected an empty value"):
        cross_validate(load_config(write_tiny(tmp_path), ["data.fold=1/2"]))


def test_settings_are_compared_on_folds(tmp_path):
    write_tiny(tmp_path)
    text = """\
base = "tiny.toml"
folds = 3
[grid]
"model.hidden" = [5, 20]
[compare]
by = "model.hidden"
"""
    (tmp_path / "small.toml").write_text(text, encoding="utf-8")
    answer = compare(tmp_path / "small.toml", tmp_path / "out", jobs=1)
    assert [trial.trial.name for trial in answer.finished[:2]] == ["0-5-1-fold-1", "0-5-1-fold-2"]
    (contrast,) = answer.contrasts
    together = []
    for number in (0, 1):
        lines = [line for each in answer.finished if each.setting.number == number for line in each.run.dev]
        assert len(lines) == 290
        together.append(score([line.gold for line in lines], [line.predicted for line in lines]).overall.f1)
    assert contrast.value == pytest.approx(together[1] - together[0])
    assert contrast.n == 3
    assert answer.split == "held-out folds"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("folds = 3", "folds = 1", "folds = 1: expected at least 2, or 0 for seeds"),
        ("folds = 3", "folds = 3\nseeds = [1]", "folds and seeds: expected one of them"),
        ('by = "model.hidden"', 'by = "model.hidden"\ntest = true', "compare.test with folds: expected one of them"),
        ('"model.hidden" =', '"data.fold" = ["1/2"]\n"model.hidden" =', "grid.data.fold: cannot be varied here: use f"),
    ],
)
def test_experiments_that_cannot_be_meant(tmp_path, before, after, message):
    write_tiny(tmp_path)
    text = 'base = "tiny.toml"\nfolds = 3\n[grid]\n"model.hidden" = [5, 20]\n[compare]\nby = "model.hidden"\n'
    (tmp_path / "small.toml").write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_experiment(tmp_path / "small.toml")


def test_the_command_prints_a_table_and_resumes(tmp_path):
    config = write_tiny(tmp_path)
    command = ("cv", config, "--folds", "2", "--out", tmp_path / "cv", "--jobs", "1")
    first = succeed(*command)
    lines = first.stdout.splitlines()
    assert lines[0].startswith("2 of 2 folds: 290 sentences")
    assert [line.split()[0] for line in lines[1:5]] == ["type", "LOC", "PER", "overall"]
    assert "held-out.jsonl" in lines[5]
    assert succeed(*command, "--resume").stdout == first.stdout
    values = msgspec.json.decode(succeed(*command, "--json", "-").stdout)
    assert values["overall"]["f1"]["mean"] == pytest.approx(fmean(values["f1"].values()))
    assert "holds another experiment" in error_of(*command, "--set", "train.epochs=1")
    assert invoke("cv", config, "--folds", "1").exit_code == 2


def test_a_text_that_is_too_short_for_the_folds(tmp_path):
    (tmp_path / "train.conll").write_text("Paris B-LOC\n\nis O\n", encoding="utf-8")
    with pytest.raises(DataError, match="2 sentences, expected at least 5"):
        cross_validate(load_config_of(tmp_path), tmp_path / "cv", workplace=ONE)
    assert not (tmp_path / "cv").exists()


def load_config_of(folder):
    (folder / "short.toml").write_text('[data]\ntrain = "train.conll"\n', encoding="utf-8")
    return load_config(folder / "short.toml")


def test_folds_without_a_word_that_is_o_are_refused_before(tmp_path):
    config = load_config(write_tiny(tmp_path), ["data.unlabelled_as=unknown", "data.dev="])
    with pytest.raises(ConfigError, match="no word is O, so no fold can be scored; expected a dev file"):
        cross_validate(config, tmp_path / "cv")
    assert not (tmp_path / "cv").exists()
