"""Rules beside a model, from the command line: every input and output, folders, and a model that holds its rules."""

import json
import shutil

import pytest
from synthetic import error_of, succeed, train_documents, train_tiny

from windowner.config.loading import load_config
from windowner.formats.reading import read_corpus
from windowner.runs.calibration import entity_reliability
from windowner.runs.finishing import Run
from windowner.runs.metrics import evaluate
from windowner.runs.training import train
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger

TEXT = "Nothing happened. John Smith lives in Paris."
TOKENS = ["Nothing", "happened", ".", "John", "Smith", "lives", "in", "Paris", "."]
RULES = [
    {"label": "EVENT", "pattern": "Nothing happened", "id": "nothing"},
    {"label": "PER", "pattern": [{"LOWER": "smith"}], "never": True},
    {"label": "ORG", "regex": "P[a-z]+s"},
]
TAGS = ["B-EVENT", "I-EVENT", "O", None, None, "O", "O", "B-ORG", "O"]


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.jsonl"
    path.write_text("".join(json.dumps(rule) + "\n" for rule in RULES), encoding="utf-8")
    return path


@pytest.fixture(params=["tiny", "documents"])
def model(request, tmp_path_factory):
    """A tagger of sentences, and one that reads documents."""
    base = tmp_path_factory.getbasetemp()
    return (train_tiny if request.param == "tiny" else train_documents)(base).model


def agree(tags):
    return len(tags) == len(TAGS) and all(a == b for a, b in zip(tags, TAGS, strict=True) if b) and "PER" not in tags[4]


INPUTS = {
    "columns": ("\n".join(TOKENS).replace("happened\n.", "happened\n.\n") + "\n\n", "columns"),
    "tokens": ("Nothing happened .\nJohn Smith lives in Paris .\n", "columns"),
    "text": (TEXT + "\n", "columns"),
    "jsonl": (json.dumps({"tokens": TOKENS}) + "\n", "jsonl"),
    "records": (json.dumps({"text": TEXT, "id": 7}) + "\n", "jsonl"),
}


@pytest.mark.parametrize("options", [(), ("--scores",), ("--jobs", "2"), ("--min-probability", "1")])
@pytest.mark.parametrize("name", INPUTS)
def test_every_input_obeys_the_rules(model, rules, name, options):
    text, output = INPUTS[name]
    form = () if name == "records" else ("--input", name)
    found = succeed("tag", model, "--rules", rules, *form, "--output", output, *options, input=text).stdout
    if output == "jsonl":
        tags = [tag for line in found.splitlines() for tag in json.loads(line)["tags"]]
    else:
        rows = [row.split() for row in found.splitlines() if row.strip()]
        tags = [row[-2 if "--scores" in options else -1] for row in rows]
        if "--scores" in options:
            assert [float(rows[place][-1]) for place in (0, 1, 7)] == [1, 1, 1]
    assert agree(tags), tags


@pytest.mark.parametrize("name", ["text", "jsonl", "records"])
def test_spans_say_which_rule_put_them_there(model, rules, name):
    form = () if name == "records" else ("--input", name)
    found = succeed("tag", model, "--rules", rules, *form, "--output", "spans", input=INPUTS[name][0]).stdout
    spans = [span for line in found.splitlines() for span in json.loads(line)["spans"]]
    by_text = {span["text"]: (span["label"], span["probability"], span.get("rule")) for span in spans}
    assert by_text.pop("Nothing happened") == ("EVENT", 1.0, "nothing")
    assert by_text.pop("Paris") == ("ORG", 1.0, True)
    assert all(mark is None for _, _, mark in by_text.values())
    assert all(label != "PER" or "Smith" not in text for text, (label, _, _) in by_text.items())


def test_without_rules_spans_have_no_key_more(model):
    found = succeed("tag", model, "--input", "text", "--output", "spans", input=TEXT).stdout
    assert all(set(span) == {"start", "end", "label", "text", "probability"} for span in json.loads(found)["spans"])


def test_an_empty_file_of_rules_changes_nothing(model, tmp_path):
    (tmp_path / "none.jsonl").write_text("\n", encoding="utf-8")
    for options in ((), ("--output", "spans"), ("--scores",)):
        arguments = ("tag", model, "--input", "text", *options)
        plain = succeed(*arguments, input=TEXT).stdout_bytes
        assert succeed(*arguments, "--rules", tmp_path / "none.jsonl", input=TEXT).stdout_bytes == plain


def test_texts_that_match_nothing_are_tagged_as_without_rules(model, rules):
    text = "Anna met Omar in Lagos.\n" * 5
    arguments = ("tag", model, "--input", "text", "--output", "spans")
    assert succeed(*arguments, "--rules", rules, input=text).stdout == succeed(*arguments, input=text).stdout


def test_tag_probabilities_are_those_given_the_rules(model, rules):
    arguments = ("--rules", rules, "--input", "jsonl", "--output", "jsonl", "--tag-probabilities")
    record = json.loads(succeed("tag", model, *arguments, input=INPUTS["jsonl"][0]).stdout)
    assert record["tag_probabilities"][0] == {"O": 1.0}  # the model does not know EVENT
    assert not any("PER" in tag for tag in record["tag_probabilities"][4])


def test_a_folder_with_other_rules_is_refused(model, rules, tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text(TEXT, encoding="utf-8")
    arguments = ("tag", model, texts, "--out", tmp_path / "out", "--input", "text")
    succeed(*arguments, "--rules", rules)
    assert "B-EVENT" in (tmp_path / "out" / "a.txt.conll").read_text(encoding="utf-8")
    succeed(*arguments, "--rules", rules)
    message = error_of(*arguments)
    assert "the shards there were made with rules " in message
    assert message.endswith(", expected None; choose another folder, or remove this one")
    rules.write_text('{"label": "X", "pattern": "Paris"}\n', encoding="utf-8")
    assert "the shards there were made with rules " in error_of(*arguments, "--rules", rules)


def test_brat_gets_the_entities_of_rules(model, rules, tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text(TEXT, encoding="utf-8")
    options = ("--out", tmp_path / "out", "--input", "document", "--output", "brat", "--jobs", "2")
    succeed("tag", model, texts, "--rules", rules, *options)
    (found,) = (tmp_path / "out").rglob("*.ann")
    assert "EVENT 0 16\tNothing happened" in found.read_text(encoding="utf-8")


def test_a_page_has_a_color_for_a_type_that_the_model_does_not_know(model, rules):
    pytest.importorskip("jinja2")
    page = succeed("tag", model, "--rules", rules, "--input", "text", "--output", "html", input=TEXT).stdout
    plain = succeed("tag", model, "--input", "text", "--output", "html", input=TEXT).stdout
    assert "EVENT" in page.partition("Nothing")[0]  # the head lists the types
    assert "EVENT" not in plain


def test_a_mistake_in_a_file_is_one_line(tiny, rules):
    rules.write_text('{"label": "X", "patern": "Paris"}\n', encoding="utf-8")
    message = error_of("tag", tiny.model, "--rules", rules, input=TEXT)
    assert message.startswith(f"{rules}:1: the rule: unknown key")
    assert message.endswith("did you mean pattern?")
    assert error_of("tag", tiny.model, "--rules", "none.jsonl", input=TEXT) == "none.jsonl: no such file"


@pytest.fixture(scope="module")
def ruled(tmp_path_factory) -> Run:
    """A run whose model holds rules. The file of rules is gone."""
    folder = tmp_path_factory.mktemp("ruled") / "folder"
    shutil.copytree(train_tiny(tmp_path_factory.getbasetemp()).folder, folder, ignore=shutil.ignore_patterns("run"))
    (folder / "rules.jsonl").write_text("".join(json.dumps(rule) + "\n" for rule in RULES), encoding="utf-8")
    config = (folder / "tiny.toml").read_text(encoding="utf-8").replace("[model]", '[model]\nrules = "rules.jsonl"')
    (folder / "tiny.toml").write_text(config, encoding="utf-8")
    run = train(load_config(folder / "tiny.toml"), folder / "run")
    (folder / "rules.jsonl").unlink()
    return run


def test_a_model_holds_its_rules(ruled, tiny):
    plain, tagger = Tagger.load(tiny.model), Tagger.load(ruled.folder)
    assert tagger.model.rules.lines == tuple(json.dumps(rule) for rule in RULES)
    assert {name: array.tobytes() for name, array in tagger.model.network.parameters.items()} == {
        name: array.tobytes() for name, array in plain.model.network.parameters.items()
    }
    assert agree(tagger.tag([TOKENS])[0])
    assert [entity.rule for entity in tagger.entities([TOKENS])[0] if entity.type == "EVENT"] == ["nothing"]
    assert [span.label for span in tagger.tag_text(TEXT) if span.rule] == ["EVENT", "ORG"]
    assert Tagger(tagger.model, rules=Rules.of([])).tag([TOKENS]) == plain.tag([TOKENS])
    assert agree(Tagger(plain.model, rules=Rules.of(RULES)).tag([TOKENS])[0])
    assert agree(json.loads(succeed("tag", ruled.folder, input=INPUTS["jsonl"][0]).stdout)["tags"])


def test_scores_of_a_run_are_those_with_its_rules(ruled):
    dev = ruled.folder.parent / "dev.conll"
    scores = evaluate(Tagger.load(ruled.folder), read_corpus(dev))
    assert ruled.metrics["dev"]["overall"]["f1"] == pytest.approx(scores.overall.f1)
    assert scores.types["ORG"].predicted > 0
    assert "ORG" in succeed("eval", ruled.folder, dev).stdout
    succeed("cutoff", ruled.folder, "--target", "precision=0.8")


def test_a_type_of_the_text_is_not_taken_for_another_one_of_the_rules(tiny):
    """Both are unknown to the model. Their numbers must differ."""
    tagger = Tagger(Tagger.load(tiny.model).model, rules=Rules.of(RULES[:1]))
    assert entity_reliability(tagger, [TOKENS[:2]], [["B-OTHER", "I-OTHER"]]) == [(1, 1.0, 0.0)]


def test_a_mistake_in_the_rules_is_found_before_the_training(tiny, tmp_path):
    (tmp_path / "rules.jsonl").write_text('{"label": "X", "pattern": "\u200b"}\n', encoding="utf-8")
    message = error_of("train", tiny.config, "--out", tmp_path / "run", "--set", f"model.rules={tmp_path}/rules.jsonl")
    assert "rule 1: the phrase" in message
    assert not (tmp_path / "run").exists()


def test_threads_share_a_tagger_with_rules(tiny):
    from concurrent.futures import ThreadPoolExecutor

    tagger = Tagger(Tagger.load(tiny.model).model, cache_mb=0.01, rules=Rules.of(RULES))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(tagger.tag, [[[*TOKENS, f"word{i}"]] for i in range(40)]))
    assert all(agree(tags[0][:-1]) for tags in found)
