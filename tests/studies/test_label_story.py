"""The story of docs/labels.md: the pool hides the labels, and the annotator gives them back."""

from click.testing import CliRunner

from studies.label_story import CORPUS, LABELLED, POOL, START, TASKS, main
from windowner.formats.reading import read_corpus
from windowner.labels.tasks import Task, write_tasks


def run(command, folder, *options):
    result = CliRunner().invoke(main, [command, "--folder", str(folder), *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [read_corpus(folder / name).sentences for name in (LABELLED, POOL)]


def test_the_annotator_moves_the_sentences_of_the_tasks_with_their_labels(tmp_path):
    gold = read_corpus(CORPUS).sentences
    labelled, pool = run("start", tmp_path)
    assert [each.tags for each in labelled] == [each.tags for each in gold[:START]]
    assert {tag for each in pool for tag in each.tags} == {"O"}
    chosen = gold[START + 5]
    assert set(chosen.tags) != {"O"}
    (tmp_path / TASKS).write_text(write_tasks([Task(chosen.tokens, [], 1.0)], "jsonl"), encoding="utf-8")
    after, rest = run("label", tmp_path)
    assert [(each.tokens, each.tags) for each in after[START:]] == [(chosen.tokens, chosen.tags)]
    assert [each.tokens for each in rest] == [each.tokens for each in pool if each.tokens != chosen.tokens]


def test_documents_are_marked_on_request(tmp_path):
    run("start", tmp_path, "--documents")
    labelled, gold = read_corpus(tmp_path / LABELLED), read_corpus(CORPUS)
    assert labelled.document_starts == [start for start in gold.document_starts if start < START]
    assert len(labelled.sentences) == START
