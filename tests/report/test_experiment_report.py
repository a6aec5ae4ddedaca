"""The page of an experiment, in a real browser."""

from dataclasses import replace

import pytest

from windowner.report.comparison import Difference, Trial
from windowner.report.experiment_report import Experiment, Failed, report_experiment, side_by_side
from windowner.report.runs import Tagged

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")

HOSTILE = "<script>document.title=1</script>"


@pytest.fixture(scope="module")
def experiment(fine_tuned_run, frozen_run):
    # Whatever these small trainings get wrong, here is a sentence that one gets right and the other does not.
    right = next(sentence for sentence in frozen_run.dev if set(sentence.gold) != {"O"})
    wrong = Tagged(right.tokens, right.gold, ["O"] * len(right.gold))
    frozen_run = replace(frozen_run, dev=[Tagged(right.tokens, right.gold, right.gold), *frozen_run.dev])
    fine_tuned_run = replace(fine_tuned_run, dev=[wrong, *fine_tuned_run.dev])
    trials = [Trial("frozen", 0, 1.0, 0, 900, frozen_run), Trial("fine-tuned", 1, 1.0, 0, 900, fine_tuned_run)]
    return Experiment(
        name=f"made up {HOSTILE}",
        by="vectors.mode",
        advice="At 900 training words fine-tuning loses 3.0 F1 [−4.0, −2.0]: freeze.",
        trials=trials,
        failed=[Failed("fine-tuned-1", HOSTILE)],
        differences=[Difference("frozen", "fine-tuned", 900, -3.0, -4.0, -2.0, 0.001)],
    )


@pytest.fixture(scope="module")
def page(experiment, tmp_path_factory):
    return report_experiment(experiment, tmp_path_factory.mktemp("experiment"))


@pytest.fixture
def opened(page, browser):
    browser.open(page)
    return browser


def test_it_opens_from_disk_asks_for_nothing_and_says_nothing(opened, page):
    assert opened.ask("return document.title") == f"made up {HOSTILE} · windowner"
    assert opened.console() == []
    assert [url for url in opened.requests() if not url.startswith("data:")] == [page.absolute().as_uri()]


def test_the_answer_comes_first(opened, experiment):
    assert opened.ask("return document.querySelector('h1').innerText").replace("\n", " ") == experiment.advice
    first = opened.ask("return document.querySelector('figure svg').textContent")
    assert "frozen better" in first
    assert "−3.0" in first


def test_every_part_is_there(opened):
    parts = opened.ask("return [...document.querySelectorAll('section')].map(section => section.id)")
    assert parts == ["table", "where", "training", "vectors", "neurons", "errors"]
    assert HOSTILE in opened.ask("return document.querySelector('#table').innerText")


def choose(browser, name, value):
    browser.driver.find_element("css selector", f"input[name={name}][value='{value}']").send_keys(" ")
    shown = "[...document.querySelectorAll('#sentences > li')].filter(item => item.checkVisibility())"
    kinds = browser.ask(f"return {shown}.map(item => item.dataset.kinds)")
    return [[side.split() for side in of.split("|")] for of in kinds]


def test_errors_are_shown_by_who_is_wrong(opened):
    everything = choose(opened, "who", "any")
    only_frozen, only_tuned, both = (choose(opened, "who", who) for who in ("0", "1", "all"))
    assert all(frozen and not tuned for frozen, tuned in only_frozen)
    assert all(tuned and not frozen for frozen, tuned in only_tuned)
    assert all(frozen and tuned for frozen, tuned in both)
    assert len(only_frozen) + len(only_tuned) + len(both) == len(everything)
    assert both
    assert only_frozen or only_tuned
    missed = choose(opened, "kind", "missed")
    assert missed == [kinds for kinds in both if "missed" in [*kinds[0], *kinds[1]]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_can_be_read(opened, width, scheme):
    opened.see(width, scheme)
    assert opened.sticks_out() == 0
    assert opened.faint() == []


def test_it_is_small_and_has_its_pictures_beside_it(page):
    assert page.stat().st_size < 3e6
    names = {path.name for path in (page.parent / "pictures").iterdir()}
    assert {"differences.svg", "scores.png", "seen-unseen.png", "vectors-plane.svg", "loss-1.png"} <= names


def test_taggers_of_another_text_are_not_set_side_by_side(experiment):
    frozen, tuned = experiment.trials
    other = replace(tuned.run, dev=[Tagged(["a"], ["O"], ["O"])])
    changed = replace(experiment, trials=[frozen, replace(tuned, run=other)])
    assert list(side_by_side(experiment)) == ["frozen", "fine-tuned"]
    assert list(side_by_side(changed)) == ["frozen"]


def test_a_page_without_answers_has_what_there_is(experiment, tmp_path):
    """Without differences, failures, seen scores or a fine-tuned trial."""
    bare = Experiment("bare", "train.seed", "Nothing to compare.", experiment.trials[:1])
    text = report_experiment(bare, tmp_path).read_text(encoding="utf-8")
    assert 'id="errors"' in text
    assert 'id="vectors"' not in text
    assert "Trials that failed" not in text
