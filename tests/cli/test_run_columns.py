"""A run keeps its columns: `eval` and `tag` read the files of a run as its training did."""

import json

import pytest
from synthetic import error_of, succeed

from windowner.config.loading import load_config
from windowner.formats.reading import read_corpus
from windowner.runs.training import train
from windowner.tagger.tagger import Tagger


@pytest.fixture(scope="module")
def reversed_run(tmp_path_factory):
    """A run whose files hold the tag first, a word of no meaning, and then the token."""
    from synthetic import write_tiny

    config = write_tiny(tmp_path_factory.mktemp("reversed"))
    for name in ("train", "dev", "test"):
        path = config.parent / f"{name}.conll"
        corpus = read_corpus(path)
        sentences = (zip(each.tags, each.tokens, strict=True) for each in corpus.sentences)
        path.write_text("\n".join("".join(f"{tag}\tx\t{token}\n" for tag, token in each) for each in sentences))
    overrides = ["data.token_column=2", "data.tag_column=0", "train.epochs=3"]
    return train(load_config(config, overrides), config.parent / "run")


def test_eval_reads_the_columns_of_the_run(reversed_run):
    test = reversed_run.folder.parent / "test.conll"
    written = json.loads(succeed("eval", reversed_run.folder, test, "--json", "-").stdout)
    assert written["overall"] == reversed_run.scores["test"].overall.as_dict()
    assert "column 0 holds tags, expected tokens" in error_of(
        "eval", reversed_run.folder, test, "--token-column", "0", "--tag-column", "2"
    )


def test_tag_reads_the_columns_of_the_run(reversed_run):
    test = reversed_run.folder.parent / "test.conll"
    rows = [row.split("\t") for row in succeed("tag", reversed_run.folder, test).stdout.splitlines() if row]
    tokens = read_corpus(test, token_column=2, tag_column=0).tokens
    expected = [tag for tags in Tagger.load(reversed_run.folder).tag(tokens) for tag in tags]
    assert [row[3] for row in rows] == expected
    assert len(set(expected)) > 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_tag_skips_a_column_that_counts(tiny, jobs):
    rows = "".join(f"{place}\t{word}\n" for place, word in enumerate("John Smith lives in Paris .".split(), start=1))
    text = (rows + "\n") * 3
    tagged = succeed("tag", tiny.model, "--jobs", jobs, "--input", "columns", input=text).stdout
    assert [row.split("\t")[2] for row in tagged.splitlines() if row][:6] == "B-PER I-PER O O B-LOC O".split()


@pytest.mark.parametrize(
    "text",
    [
        "1\tJohn\t_\t_\t_\t_\t_\t_\t_\t_\n2\tSmith\t_\t_\t_\t_\t_\t_\t_\t_\n\n",
        "Sentence #,Word,Tag\n1,John,O\n1,Smith,O\n",
        json.dumps([{"tokens": ["John", "Smith"]}], indent=1),
        json.dumps([{"id": 1, "data": {"text": "John Smith"}, "annotations": []}]),
    ],
)
def test_tag_reads_other_formats(tiny, text):
    tagged = succeed("tag", tiny.model, "--output", "jsonl", input=text).stdout
    (record,) = [json.loads(line) for line in tagged.splitlines()]
    assert (record["tokens"], record["tags"]) == (["John", "Smith"], ["B-PER", "I-PER"])
