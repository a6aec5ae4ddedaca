"""One window of a run, stepped through on its page: which one it is, and when keys step."""

from dataclasses import replace

import numpy as np
import pytest
from synthetic import succeed

from windowner.gradients.graph import differentiate_window
from windowner.graph.show.view import number_text, view_graph
from windowner.report.mistakes import dev_entities
from windowner.report.window_steps import window_steps

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")

STEP = "return document.querySelector('.graph .count').innerText"
PRESS = """
document.querySelector(arguments[0]).dispatchEvent(
  new KeyboardEvent('keydown', {key: arguments[1], bubbles: true, cancelable: true}))
"""


def test_it_is_the_first_entity_that_is_missed(fine_tuned_run):
    """The numbers are those of the graph of that window, with the tag of the entity's first word."""
    window = window_steps(fine_tuned_run)
    model = fine_tuned_run.tagger.model
    missed = [
        (sentence.tokens, span)
        for sentence, gold, predicted in zip(fine_tuned_run.dev, *dev_entities(fine_tuned_run), strict=True)
        for span in gold
        if span not in predicted
    ]
    tokens, span = missed[0]
    assert [*window.before, window.center] == tokens[max(0, span.start - model.network.radius) : span.start + 1]
    assert list(window.after) == tokens[span.start + 1 : span.start + 1 + model.network.radius]
    expected = f"{'S' if span.end - span.start == 1 else 'B'}-{span.type}"
    assert window.tag == expected
    tag = model.tags.names.index(expected)
    values, _ = graph = differentiate_window(model.network, model.encoder, tokens, span.start, tag)
    loss = view_graph(*graph).nodes[-1]
    assert loss.value == pytest.approx(float(np.asarray(list(values.values())[-1])))
    assert f"mean |value| is {number_text(loss.value)}" in " ".join(window.graph["captions"])


def test_a_dev_without_a_known_entity_has_none(fine_tuned_run):
    nothing = [replace_tags(sentence, "O") for sentence in fine_tuned_run.dev]
    unknown = [replace_tags(sentence, "B-OTHER") for sentence in fine_tuned_run.dev]
    for dev in (nothing, unknown):
        assert window_steps(replace(fine_tuned_run, dev=dev)) is None


def replace_tags(sentence, tag):
    return type(sentence)(sentence.tokens, [tag] * len(sentence.tokens), sentence.predicted)


def test_an_entity_that_is_found_is_shown_only_if_none_is_missed(fine_tuned_run):
    perfect = [type(each)(each.tokens, each.gold, each.gold) for each in fine_tuned_run.dev]
    with_entity = [each for each in perfect if any(tag != "O" for tag in each.gold)]
    assert window_steps(replace(fine_tuned_run, dev=perfect)).center == first_word(with_entity[0])
    last = with_entity[-1]
    assert first_word(last) != first_word(with_entity[0])
    missed = type(last)(last.tokens, last.gold, ["O"] * len(last.tokens))
    assert window_steps(replace(fine_tuned_run, dev=[*perfect, missed])).center == first_word(last)


def first_word(sentence):
    return next(token for token, tag in zip(sentence.tokens, sentence.gold, strict=True) if tag != "O")


def test_keys_step_only_while_the_figure_has_the_focus(tiny, tmp_path, browser):
    page = tmp_path / "page.html"
    succeed("report", tiny.run.folder, "--out", page)
    browser.open(page)
    first = browser.ask(STEP)
    browser.ask(PRESS, "body", "End")
    assert browser.ask(STEP) == first == f"step 0 of {first.split()[-1]}"
    browser.ask(PRESS, ".graph .scroll", "ArrowRight")
    assert browser.ask(STEP).startswith("step 1 of")
    browser.ask(PRESS, ".graph", "End")
    assert browser.ask(STEP) == f"step {first.split()[-1]} of {first.split()[-1]}"
    assert browser.console() == []
