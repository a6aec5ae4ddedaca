"""The page of an experiment, in a real browser."""

from dataclasses import replace

import pytest
from answers import FROZEN, TUNED, answer_of, contrast, finished, trial

from windowner.experiments.finished import FailedTrial
from windowner.experiments.grid import Setting
from windowner.report.experiment_report import report_experiment, representatives, side_by_side, type_table
from windowner.runs.predictions import TaggedSentence

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")

HOSTILE = "<script>document.title=1</script>"


@pytest.fixture(scope="module")
def answer(fine_tuned_run, frozen_run, tmp_path_factory):
    # Whatever these small trainings get wrong, the first sentence is right in one run and wrong in the other.
    right = next(sentence for sentence in frozen_run.dev if set(sentence.gold) != {"O"})
    wrong = TaggedSentence(right.tokens, right.gold, ["O"] * len(right.gold))
    frozen_run = replace(frozen_run, dev=[TaggedSentence(right.tokens, right.gold, right.gold), *frozen_run.dev])
    fine_tuned_run = replace(fine_tuned_run, dev=[wrong, *fine_tuned_run.dev])
    return answer_of(
        [finished(FROZEN, frozen_run), finished(TUNED, fine_tuned_run)],
        folder=tmp_path_factory.mktemp("experiment"),
        name=f"made up {HOSTILE}",
        advice="At 900 training words, fine-tuning loses 3.0 points of F1 [−4.0, −2.0]: freeze.",
        failed=[FailedTrial("tuned-1", HOSTILE)],
        contrasts=[contrast(-0.03, -0.04, -0.02, words=900)],
    )


@pytest.fixture(scope="module")
def page(answer):
    return report_experiment(answer)


@pytest.fixture
def opened(page, browser):
    browser.open(page)
    return browser


def test_it_opens_from_disk_and_requests_and_logs_nothing(opened, page):
    assert opened.ask("return document.title") == f"made up {HOSTILE} · windowner"
    assert opened.console() == []
    assert [url for url in opened.requests() if not url.startswith("data:")] == [page.absolute().as_uri()]


ATTACKS = [
    HOSTILE,
    "<img src=x onerror=document.title=1>",
    """'" onmouseover="document.title=1" style="background:url(https://evil.example/a)""",
    "</style></title></svg></script><script>document.title=1</script>",
    "<a href='javascript:document.title=1'>a</a>",
    "{{ 7 * 7 }}{% raw %}",
    "]]><!-- \x1b[31m\u202e\0",
]


@pytest.mark.parametrize(
    "attack", ATTACKS, ids=["script", "image", "attribute", "closing", "link", "template", "signs"]
)
def test_an_attack_in_every_place_stays_text(answer, page, attack, browser, tmp_path):
    """Tokens, types, settings, names and errors come from data. No script is added, and nothing is asked for."""
    browser.open(page)
    own = browser.ask("return document.scripts.length")
    sentence = TaggedSentence([attack, "a"], [f"B-{attack}", "O"], ["O", f"B-{attack}"])
    trials = []
    for number, done in enumerate(answer.finished):
        dev = done.run.metrics["dev"]
        types = {**dev["types"], attack: dev["overall"]}
        metrics = {**done.run.metrics, "dev": {**dev, "types": types}}
        run = replace(done.run, dev=[sentence, *done.run.dev], metrics=metrics)
        trials.append(finished(Setting(number, f"{attack}{number}", attack, attack, {}), run))
    fields = dict.fromkeys(("name", "base", "by", "advice"), attack)
    hostile = answer_of(trials, folder=tmp_path, failed=[FailedTrial(attack, attack)], **fields)
    browser.open(report_experiment(hostile))
    assert browser.ask("return document.title").endswith(" · windowner")
    text = browser.ask("return document.body.textContent")
    assert text.count(attack.replace("\0", "")) >= 8
    assert browser.ask("return document.scripts.length") == own
    found = "img, iframe, object, embed, [onmouseover], [onerror], a[href^=javascript], [style*=evil]"
    assert browser.ask("return document.querySelectorAll(arguments[0]).length", found) == 0
    assert browser.console() == []
    assert [url for url in browser.requests() if not url.startswith("data:")] == [
        (tmp_path / "report.html").absolute().as_uri()
    ]


def test_the_answer_comes_first(opened, answer):
    assert opened.ask("return document.querySelector('h1').innerText").replace("\n", " ") == answer.advice
    first = opened.ask("return document.querySelector('figure svg').textContent")
    assert "frozen better" in first
    assert "−3.0" in first


def test_every_part_is_there(opened):
    parts = opened.ask("return [...document.querySelectorAll('section')].map(section => section.id)")
    assert parts == ["table", "where", "training", "vectors", "units", "mistakes"]
    assert HOSTILE in opened.ask("return document.querySelector('#table').innerText")


def choose(browser, name, value):
    browser.driver.find_element("css selector", f"input[name={name}][value='{value}']").send_keys(" ")
    shown = "[...document.querySelectorAll('#sentences > li')].filter(item => item.checkVisibility())"
    kinds = browser.ask(f"return {shown}.map(item => item.dataset.kinds)")
    return [[side.split() for side in of.split("|")] for of in kinds]


def test_mistakes_are_filtered_by_tagger(opened):
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


def test_taggers_of_another_text_are_not_set_side_by_side(answer):
    frozen, tuned = answer.finished
    other = replace(tuned.run, dev=[TaggedSentence(["a"], ["O"], ["O"])])
    changed = replace(answer, finished=[frozen, replace(tuned, run=other)])
    assert [trial.setting for trial in side_by_side(answer)] == [FROZEN, TUNED]
    assert [trial.setting for trial in side_by_side(changed)] == [FROZEN]


def test_representatives_have_the_smallest_seed_on_the_most_data():
    places = ((TUNED, 1.0, 1), (FROZEN, 1.0, 2), (FROZEN, 1.0, 0), (FROZEN, 0.1, 0))
    chosen = representatives(answer_of([trial(*place, 0.5) for place in places]))
    assert {number: (found.trial.fraction, found.trial.seed) for number, found in chosen.items()} == {
        0: (1.0, 0),
        1: (1.0, 1),
    }


def test_types_on_the_most_data_and_all_together_last():
    """A type that a setting does not know has 0 there."""
    trials = [
        trial(FROZEN, 1.0, 0, 0.6),
        trial(FROZEN, 0.1, 0, 0.3, {"ORG": 0.3}),
        trial(TUNED, 1.0, 0, 0.7, {"LOC": 0.9, "PER": 0.2}),
    ]
    rows = {row.type: [rates["f1"] for _, rates in row.rows] for row in type_table(answer_of(trials))}
    assert rows == {"LOC": [0.6, 0.9], "PER": [0.0, 0.2], "all": [0.6, 0.7]}
    assert list(rows) == ["LOC", "PER", "all"]


def test_a_page_has_the_parts_that_there_are_numbers_for(answer, tmp_path):
    """There are no contrasts, no failures and no fine-tuned trial."""
    bare = answer_of(answer.finished[:1], folder=tmp_path)
    text = report_experiment(bare).read_text(encoding="utf-8")
    assert 'id="mistakes"' in text
    assert 'id="vectors"' not in text
    assert "Trials that failed" not in text
