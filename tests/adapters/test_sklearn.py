"""WindowTagger: what scikit-learn asks of an estimator, for samples that are lists of tokens, or texts."""

import copy
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

from windowner.adapters.sklearn import WindowTagger
from windowner.config.checking import make_config
from windowner.errors import ConfigError, DataError, ModelError
from windowner.runs.from_memory import train_tagger
from windowner.scoring.entities import score
from windowner.text.tag_writing import convert

GENERAL_CHECKS = [
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_estimators_unfitted",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_n_features_in_after_fitting",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_requires_y_none",
    "check_set_params",
    "check_valid_tag_types",
]
"""Checks of scikit-learn that draw no X. The others draw arrays of numbers, and are repeated below with sentences."""


def quick(**changes) -> WindowTagger:
    return WindowTagger(**{"hidden": 8, "epochs": 4, "learning_rate": 0.02, **changes})


@pytest.fixture(scope="module")
def fitted(sentences):
    return quick(epochs=8).fit(*sentences)


@pytest.fixture(scope="module")
def fitted_to_texts(texts):
    return quick(epochs=8).fit(*texts)


@pytest.mark.filterwarnings("default")  # scikit-learn says of some checks that they draw arrays
@pytest.mark.parametrize("name", GENERAL_CHECKS)
def test_general_checks_of_scikit_learn(name):
    check = getattr(estimator_checks, name, None)
    if check is None:
        pytest.skip("this scikit-learn has no such check")
    check("WindowTagger", WindowTagger())


def test_parameters_are_kept_as_given():
    overrides = {"train.dropout_input": 0.1}
    tagger = WindowTagger(overrides=overrides, random_state=3)
    assert tagger.overrides is overrides
    assert clone(tagger).get_params() == tagger.get_params()
    assert clone(tagger).set_params(hidden=5).hidden == 5
    with pytest.raises(ValueError, match="Invalid parameter 'hiden'"):
        tagger.set_params(hiden=5)


def test_fit_predict_score(fitted, sentences):
    X, y = sentences
    predicted = fitted.predict(X)
    assert [len(tags) for tags in predicted] == [len(tokens) for tokens in X]
    assert fitted.score(X, y) == score(y, predicted).overall.f1 > 0.5
    assert (fitted.scheme_, list(fitted.classes_)) == ("IOB2", ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"])


def test_the_keys_of_a_config_are_set(fitted, sentences, tmp_path):
    config = fitted.tagger_.model.config
    assert (config.model.hidden, config.train.epochs, config.train.learning_rate) == (8, 8, 0.02)
    path = tmp_path / "mine.toml"
    path.write_text('[data]\ntrain = "none.conll"\ndev = "none.conll"\n[model]\nhidden = 3\nradius = 1\n')
    for given in (path, str(path), {"model": {"hidden": 3, "radius": 1}}):
        tagger = WindowTagger(config=given, epochs=1, preset="lecture", random_state=np.int64(7)).fit(*sentences)
        model = tagger.tagger_.model.config.model
        assert (model.hidden, model.radius, model.nonlinearity) == (3, 1, "tanh")
        assert tagger.tagger_.model.config.train.seed == 7


def test_training_is_that_of_a_config(sentences):
    """The same weights as `windowner.train_tagger`; a sample is no context of another one."""
    sections = {"model": {"hidden": 8, "document": "off"}, "train": {"epochs": 2, "seed": 1}}
    config = make_config({"data": {"train": "x"}, **sections}, "test")
    pairs = list(zip(*sentences, strict=True))
    expected = train_tagger(config, pairs[:70], pairs[70:]).model.network
    X, y = sentences
    dev = (X[70:], y[70:])
    found = WindowTagger(hidden=8, epochs=2, random_state=1).fit(X[:70], y[:70], dev=dev).tagger_.model.network
    np.testing.assert_array_equal(found.W, expected.W)


def test_samples_are_no_documents_unless_asked():
    """Each name comes back in the next sentence, for which a training on a text reads documents."""
    X = [[f"Name{number // 2}", verb] for number, verb in enumerate(["left", "slept"] * 40)]
    y = [["B-PER", "O"]] * len(X)
    config = {"model": {"stretch": 4, "hidden": 2}, "train": {"epochs": 1}}
    assert train_tagger(config, zip(X, y, strict=True)).model.reads_documents
    assert not WindowTagger(config=config).fit(X, y).tagger_.model.reads_documents
    asked = WindowTagger(config=config, overrides={"model.document": "on"}).fit(X, y)
    assert asked.tagger_.model.reads_documents
    assert asked.predict(X)[::-1] == asked.predict(X[::-1])


def test_a_generator_draws_the_seed(sentences):
    taggers = [quick(epochs=1, random_state=np.random.RandomState(seed)).fit(*sentences) for seed in (0, 0, 1)]
    seeds = [tagger.tagger_.model.config.train.seed for tagger in taggers]
    assert seeds[0] == seeds[1] != seeds[2]


def test_cross_validation_and_search(sentences):
    scores = cross_val_score(quick(), *sentences, cv=2, error_score="raise")
    assert scores.shape == (2,)
    assert (scores > 0).any()
    grid = {"hidden": np.array([4, 8]), "overrides": [{"model.radius": 1}, {"model.radius": 2}]}
    search = GridSearchCV(quick(), grid, cv=2, error_score="raise").fit(*sentences)
    assert len(search.cv_results_["mean_test_score"]) == 4
    assert search.best_estimator_.tagger_.model.config.model.hidden == search.best_params_["hidden"]
    assert search.score(*sentences) == search.best_estimator_.score(*sentences)


def test_processes_of_joblib(sentences):
    serial, parallel = (cross_val_score(quick(epochs=1), *sentences, cv=2, n_jobs=jobs) for jobs in (1, 2))
    np.testing.assert_array_equal(serial, parallel)


def test_a_pipeline(sentences):
    X, y = sentences
    assert make_pipeline(quick(epochs=1)).fit(X, y).predict(X) == quick(epochs=1).fit(X, y).predict(X)


def test_fits_do_not_depend_on_each_other(fitted, sentences):
    again = clone(fitted)
    parameters = copy.deepcopy(again.get_params())
    assert again.fit(*sentences) is again
    assert again.get_params() == parameters
    assert again.predict(sentences.X) == fitted.predict(sentences.X)
    state = pickle.dumps(again)
    again.predict(sentences.X)
    assert pickle.dumps(again) == state


def test_samples_are_independent(fitted, sentences):
    X = sentences.X
    whole, alone = fitted.predict(X), [fitted.predict([tokens])[0] for tokens in X]
    assert whole == alone == fitted.predict(X[::-1])[::-1]
    for together, single in zip(fitted.predict_proba(X), (fitted.predict_proba([x])[0] for x in X), strict=True):
        np.testing.assert_allclose(together, single, atol=1e-6)


@pytest.mark.parametrize("scheme", ["IOB2", "BIOES", "BILOU", "IO", "IOB1"])
def test_tags_come_back_in_the_scheme_of_y(sentences, scheme):
    tagger = quick().fit(sentences.X, convert(sentences.y, scheme))
    own = "IOB2" if scheme in ("IOB1", "IO") else scheme  # I alone is found to be IOB1
    assert tagger.scheme_ == own
    assert {tag for tags in tagger.predict(sentences.X) for tag in tags} <= set(tagger.classes_)
    for row in tagger.predict_proba(sentences.X[:5]):
        np.testing.assert_allclose(row.sum(axis=1), 1, atol=1e-9)


def test_probabilities_are_sums_of_marginals(fitted, sentences):
    ((_, prediction),) = fitted.tagger_.predictions(sentences.X[:3])
    marginals = np.exp(prediction.log_marginals)
    names = prediction.model.tags.names
    expected = marginals[:, names.index("B-PER")] + marginals[:, names.index("S-PER")]
    found = np.concatenate(fitted.predict_proba(sentences.X[:3]))[:, list(fitted.classes_).index("B-PER")]
    np.testing.assert_allclose(found, expected)
    assert [len(rows) for rows in fitted.predict_proba(sentences.X[:3])] == [len(tokens) for tokens in sentences.X[:3]]


def test_tags_of_rules_are_classes(sentences, tmp_path):
    """`lives` is no word of a name. The network does not know the type."""
    path = tmp_path / "rules.jsonl"
    path.write_text('{"label": "VERB", "pattern": "lives"}\n{"label": "PER", "pattern": "in"}\n', encoding="utf-8")
    ruled = quick(overrides={"model.rules": str(path)}).fit(*sentences)
    assert list(ruled.classes_)[-2:] == ["B-VERB", "I-VERB"]
    (tags,), (rows,) = (method([["Mary", "lives", "in", "Rome"]]) for method in (ruled.predict, ruled.predict_proba))
    assert tags[1:3] == ["B-VERB", "B-PER"]
    assert [ruled.classes_[row.argmax()] for row in rows[1:3]] == tags[1:3]
    np.testing.assert_array_equal(rows[1:3].max(axis=1), 1)
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-9)
    assert pickle.loads(pickle.dumps(ruled)).predict(sentences.X) == ruled.predict(sentences.X)


def test_texts_and_spans(fitted_to_texts, texts):
    X, y = texts
    predicted = fitted_to_texts.predict(X)
    assert all(isinstance(span, tuple) and len(span) == 3 for spans in predicted for span in spans)
    correct = sum(len(set(gold) & set(found)) for gold, found in zip(y, predicted, strict=True))
    total = sum(len(gold) + len(found) for gold, found in zip(y, predicted, strict=True))
    assert fitted_to_texts.score(X, y) == pytest.approx(2 * correct / total)
    assert fitted_to_texts.score(X, y) > 0.5
    assert fitted_to_texts.predict([["Paris", "is", "big"]])[0][1:] == ["O", "O"]  # it tags tokens, too
    with pytest.raises(ValueError, match=r"X holds texts, expected lists of tokens; .*tagger_\.tag_texts"):
        fitted_to_texts.predict_proba(X)
    assert cross_val_score(quick(epochs=1), X, y, cv=2, error_score="raise").shape == (2,)


def test_empty_samples(fitted):
    assert fitted.predict([]) == []
    assert fitted.predict([[], ["Paris"]])[0] == []
    assert [rows.shape for rows in fitted.predict_proba([[], ["Paris"]])] == [(0, 5), (1, 5)]
    assert fitted.predict_proba([]) == []


def test_unfitted():
    for method in ("predict", "predict_proba"):
        with pytest.raises(NotFittedError):
            getattr(WindowTagger(), method)([["a"]])
    with pytest.raises(NotFittedError):
        WindowTagger().score([["a"]], [["O"]])


def test_a_pickle_holds_the_model_file(fitted, sentences, tmp_path):
    fitted.tagger_.predict(sentences.X)
    content = fitted.__getstate__()["tagger_"]
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    assert type(fitted.tagger_).load(path).tag(sentences.X) == fitted.predict(sentences.X)
    copied = pickle.loads(pickle.dumps(fitted))
    assert copied.predict(sentences.X) == fitted.predict(sentences.X)
    assert copied.get_params() == fitted.get_params()
    assert list(copied.classes_) == list(fitted.classes_)
    names = {module for module, _ in _globals_of(pickle.dumps(fitted))}
    assert not {name for name in names if name.startswith("windowner")} - {"windowner.adapters.sklearn"}
    assert pickle.loads(pickle.dumps(quick())).get_params() == quick().get_params()


def _globals_of(content):
    """What a pickle imports."""
    from pickletools import genops

    strings = []
    for opcode, argument, _ in genops(content):
        if "UNICODE" in opcode.name:
            strings.append(argument)
        elif opcode.name == "STACK_GLOBAL":
            yield strings[-2], strings[-1]


def test_a_damaged_pickle_is_refused(fitted):
    content = fitted.__getstate__()["tagger_"]
    pickled = pickle.dumps(fitted)
    place = pickled.index(content) + len(content) - 100
    damaged = pickled[:place] + bytes([pickled[place] ^ 1]) + pickled[place + 1 :]
    with pytest.raises(ModelError, match="a pickled WindowTagger: damaged: its content does not agree"):
        pickle.loads(damaged)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([["a"], ["b"]], [["O"]], "X has 2 samples and y has 1, expected as many"),
        ([], [], "X has no samples"),
        ([["a"], "b"], [["O"], []], r"X\[1\] is of the type str, expected a list of tokens"),
        ([["a", 1]], [["O", "O"]], r"X\[0\]\[1\] is of the type int, expected a token: a string"),
        ([["a"]], ["O"], r"y\[0\] is of the type str, expected a list of tags"),
        ([["a"]], [[0]], r"y\[0\]\[0\] is of the type int, expected a tag: a string"),
        (["a b"], [[(0, 1)]], r"y\[0\]\[0\] is \(0, 1\), expected a span such as"),
        (["a b"], [[(0.5, 3, "X")]], r"y\[0\]\[0\] is \(0.5, 3, 'X'\), expected a span such as"),
        (["a b"], [[(0, 3, 7)]], r"y\[0\]\[0\] is \(0, 3, 7\), expected a span such as"),
        (["a b"], ["X"], r"y\[0\] is of the type str, expected a list of spans"),
        ("a", [["O"]], "X is of the type str, expected a list of sentences"),
        ({"a": 1}, [["O"]], "X is of the type dict, expected a list of sentences"),
        ([["a"]], None, "the target y is None: expected the tags or spans"),
    ],
)
def test_other_samples_are_refused(X, y, message):
    with pytest.raises(ValueError, match=message):
        quick().fit(X, y)


def test_what_is_no_tag_is_refused_with_its_place():
    with pytest.raises(DataError, match=r"train\[0\]: unknown tag 'Z-LOC', expected O or "):
        quick().fit([["a", "b"]] * 3, [["O", "Z-LOC"]] * 3)
    with pytest.raises(ValueError, match="dev is of the type int, expected a pair: samples and their labels"):
        quick().fit([["a", "b"]] * 3, [["O", "B-LOC"]] * 3, dev=5)


def test_parameters_are_checked_by_fit(sentences):
    with pytest.raises(ConfigError, match=r"WindowTagger: unknown key model\.hiden: did you mean model\.hidden"):
        WindowTagger(overrides={"model.hiden": 3}).fit(*sentences)
    with pytest.raises(ConfigError, match=r"WindowTagger: model\.hidden = 0: expected"):
        WindowTagger(hidden=0).fit(*sentences)
    with pytest.raises(ValueError, match=r"hidden and overrides both set model\.hidden, expected one of them"):
        WindowTagger(hidden=3, overrides={"model.hidden": 3}).fit(*sentences)


def test_without_the_library(monkeypatch):
    for name in [name for name in sys.modules if name == "windowner.adapters.sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    with pytest.raises(ImportError, match=r'needs the sklearn extra: pip install "windowner\[sklearn\]"'):
        import windowner.adapters.sklearn  # noqa: F401


def test_files_are_not_written(sentences, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    quick(epochs=1).fit(*sentences)
    assert list(Path().iterdir()) == []
