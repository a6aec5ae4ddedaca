"""The answer computed once more from the run folders, by other means."""

import csv
import io
import json
from statistics import mean, stdev

import numpy as np
import pytest
from synthetic import succeed

from windowner.cli.answers import type_table
from windowner.runs.folder import read_run
from windowner.scoring.entities import score
from windowner.scoring.significance import paired_difference


@pytest.fixture(scope="module")
def results(answered):
    return json.loads((answered.folder / "results.json").read_text(encoding="utf-8"))


def runs(answered, label, fraction):
    """Run folders of a setting, in the order of their seeds."""
    return [read_run(path) for path in sorted((answered.folder / "trials").glob(f"*-{label}-{fraction:g}-seed-*"))]


def scored(run):
    return score([s.gold for s in run.dev], [s.predicted for s in run.dev])


def test_means_and_deviations(answered, results):
    assert len(results["cells"]) == 4
    for cell in results["cells"]:
        same = runs(answered, cell["label"], cell["fraction"])
        f1 = [scored(run).overall.f1 for run in same]
        assert [cell["dev"]["mean"], cell["dev"]["deviation"]] == pytest.approx([mean(f1), stdev(f1)], rel=1e-12)
        assert cell["n"] == 2
        assert cell["seconds"] == pytest.approx(mean(sum(e["train_seconds"] for e in lines(run)) for run in same))
        words = [json.loads((run.path / "metrics.json").read_text())["training"]["words"] for run in same]
        other = runs(answered, "frozen", cell["fraction"])
        assert cell["words"] == round(mean(words)) == round(mean(run.metrics["training"]["words"] for run in other))
        for rate in ("precision", "recall", "f1"):
            assert cell["overall"][rate] == pytest.approx(mean(getattr(scored(run).overall, rate) for run in same))
        for name, found in cell["types"].items():
            assert found["recall"] == pytest.approx(mean(scored(run).types[name].recall for run in same))


def lines(run):
    return [json.loads(line) for line in (run.path / "history.jsonl").read_text().splitlines()]


def test_differences(answered, results):
    """Entities of each sentence are counted one by one with `score`, and given to the bootstrap."""
    assert [found["fraction"] for found in results["contrasts"]] == [0.2, 1.0]
    for stored in results["contrasts"]:
        sides = []
        for label in ("frozen", "fine-tuned"):
            counts = [
                [(c.support, c.predicted, c.correct) for s in run.dev for c in [score([s.gold], [s.predicted]).overall]]
                for run in runs(answered, label, stored["fraction"])
            ]
            sides.append(np.array(counts))
        means = [
            mean(scored(run).overall.f1 for run in runs(answered, label, stored["fraction"]))
            for label in ("frozen", "fine-tuned")
        ]
        found = paired_difference(*sides)
        assert stored["value"] == pytest.approx(means[1] - means[0])
        assert [stored["low"], stored["high"], stored["p"], stored["n"]] == [found.low, found.high, found.p, 2]


def test_one_line_per_trial(answered, results):
    rows = list(csv.DictReader(io.StringIO((answered.folder / "results.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 8
    for row in rows:
        run = read_run(answered.folder / "trials" / row["trial"])
        assert float(row["dev_f1"]) == pytest.approx(scored(run).overall.f1)
        assert float(row["test_f1"]) == run.metrics["test"]["overall"]["f1"]
        assert (row["vectors.mode"], int(row["seed"])) == (run.config.vectors.mode, run.config.train.seed)


def test_the_terminal_says_the_same(answered, results):
    out = succeed("compare", answered.path, "--out", answered.folder).stdout
    for cell in results["cells"]:
        assert f"{100 * cell['dev']['mean']:.1f} \N{PLUS-MINUS SIGN} {100 * cell['dev']['deviation']:.1f}" in out
    assert results["advice"] in out
    assert f"[{100 * results['contrasts'][1]['low']:.1f}, " in out
    assert (answered.folder / "report.html").exists()


def test_types_stand_in_columns_where_there_are_fewer_of_them(answered):
    cells = answered.answer.cells_on_most_data
    assert [column.header for column in type_table(cells).columns] == ["type", "frozen", "fine-tuned"]
    assert [column.header for column in type_table(cells * 2).columns] == ["setting", "LOC", "PER"]
