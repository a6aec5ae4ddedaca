"""An experiment's file: what it says, and what is refused before anything is trained."""

import pytest

from windowner.errors import ConfigError
from windowner.experiments.experiment import load_experiment


def changed(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def refusal(path):
    with pytest.raises(ConfigError) as caught:
        load_experiment(path)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_every_setting_has_every_seed_on_every_fraction(small):
    experiment = load_experiment(small)
    assert [setting.label for setting in experiment.settings] == ["frozen", "fine-tuned"]
    assert len({trial.name for trial in experiment.trials}) == len(experiment.trials) == 8
    trial = experiment.trials[-1]
    assert trial.name == "1-fine-tuned-1-seed-5"
    assert (trial.config.vectors.mode, trial.config.vectors.keep) == ("fine-tuned", 0)
    assert (trial.config.train.seed, trial.config.data.fraction, trial.config.train.epochs) == (5, 1.0, 2)
    assert trial.config.vectors.source == str(small.parent / "vectors.txt")


def test_test_is_left_out_unless_it_is_asked_for(small):
    assert load_experiment(small).trials[0].config.data.test == str(small.parent / "test.conll")
    assert load_experiment(changed(small, "test = true", "")).trials[0].config.data.test == ""


def test_another_base_takes_the_place_of_the_files_own(small):
    other = small.with_name("other.toml")
    other.write_text(small.with_name("tiny.toml").read_text().replace("hidden = 20", "hidden = 7"))
    experiment = load_experiment(small, other)
    assert (experiment.name, experiment.trials[0].config.model.hidden) == ("small-other", 7)


def test_keys_that_vary_beside_the_compared_one_are_contexts(small):
    experiment = load_experiment(changed(small, "[compare]", '"model.hidden" = [5, 9]\n[compare]'))
    assert [(setting.context, setting.value) for setting in experiment.settings] == [
        ("hidden 5", "frozen"),
        ("hidden 5", "fine-tuned"),
        ("hidden 9", "frozen"),
        ("hidden 9", "fine-tuned"),
    ]
    assert experiment.settings[3].label == "fine-tuned, hidden 9"


def test_a_preset_can_vary(small):
    text = small.with_name("tiny.toml").read_text().partition("[features]")[0]
    small.with_name("tiny.toml").write_text(text)
    path = changed(small, '"vectors.keep" = [0]', 'preset = ["lecture", "fast"]')
    lecture, fast = (load_experiment(path).trials[place].config for place in (0, -1))
    assert lecture.features.capitals == 0 < fast.features.capitals


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seeds =", "seed =", "small.toml: unknown key seed: did you mean seeds?"),
        ("by =", "buy =", "small.toml: unknown key compare.buy: did you mean compare.by?"),
        ('"vectors.keep"', '"vectors.keeps"', "small.toml, with tiny.toml: unknown key vectors.keeps: did you mean"),
        ('"vectors.keep"', "keep", "small.toml: grid.keep: expected section.key, such as vectors.mode, or preset"),
        ("fine-tuned", "finetuned", "vectors.mode = 'finetuned': expected one of 'auto', 'fine-tuned', 'frozen'"),
        ('by = "vectors.mode"', 'by = "vectors.mod"', "did you mean vectors.mode?"),
        ('by = "vectors.mode"', 'by = "vectors.keep"', "grid.vectors.keep has one value, expected at least two"),
        ('["vectors.txt"]', '[""]', "vectors.mode = 'frozen' without vectors.source"),
        ("[3, 5]", "[3, 3]", "small.toml: seeds: 3 is listed twice"),
        ("[3, 5]", "[]", "small.toml: seeds: expected `array` of length >= 1"),
        ("[3, 5]", "[-1]", "small.toml: seeds[0]: expected `int` >= 0"),
        ("[0.2, 1.0]", "[0.2, 1.5]", "small.toml: fractions[1]: expected `float` <= 1.0"),
        ('"vectors.keep" = [0]', '"train.seed" = [0]', "grid.train.seed: cannot be varied here: use seeds"),
        ('base = "tiny.toml"', 'base = "tony.toml"', "tony.toml: no such file; expected a config in TOML"),
        ("[compare]\n", "[compare\n", "small.toml: not valid TOML"),
        ("[grid]", "[grid]\n[unused]", "small.toml: unknown key unused"),
        ("[3, 5]", f"{list(range(30_000))}", "small.toml: 120,000 trials, expected at most 100,000: fewer values"),
    ],
)
def test_what_cannot_be_used_is_refused(small, old, new, message):
    assert message in refusal(changed(small, old, new))


def test_an_experiment_of_a_user_needs_a_base(small):
    path = changed(small, 'base = "tiny.toml"\n', "")
    assert refusal(path) == 'small.toml: no base, expected the config to vary: base = "mine.toml", or --base mine.toml'
    assert load_experiment(path, small.with_name("tiny.toml")).name == "small-tiny"


def test_a_missing_file_is_named(tmp_path):
    assert refusal(tmp_path / "none.toml") == "none.toml: no such file; expected an experiment in TOML"


def test_an_empty_grid_is_refused(small):
    text = small.read_text(encoding="utf-8")
    small.write_text(text[: text.index('"vectors.mode" =')] + text[text.index("[compare]") :], encoding="utf-8")
    assert refusal(small) == "small.toml: [grid] is empty, expected at least the compared key with its values"


def test_a_list_among_the_values_is_shown_in_words(small):
    lists = changed(small, '"vectors.keep" = [0]', '"features.prefixes" = [[], [1, 3]]')
    labels = " ".join(setting.context for setting in load_experiment(lists).settings)
    assert "none" in labels
    assert "1 3" in labels
