"""Why a tagger made the mistakes that its page lists: the words of `windowner explain`."""

import re
import shutil
from dataclasses import replace

import pytest
from synthetic import succeed, train_documents

from windowner.report import reasons
from windowner.report.mistakes import dev_entities
from windowner.report.reasons import MistakenSentence, with_reasons
from windowner.report.sentences import mistakes_on_dev
from windowner.runs.folder import read_run
from windowner.runs.predictions import TaggedSentence
from windowner.text.tag_writing import convert

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def run(tiny):
    return read_run(tiny.run.folder)


@pytest.fixture(scope="module")
def explained(run):
    return with_reasons(mistakes_on_dev({"run": run}), run)


def all_reasons(mistakes):
    return [(sentence, found) for sentence in mistakes.shown for found in sentence.reasons]


def of_the_command(run, found):
    """What `windowner explain` prints for the same word, without the features that it leaves out."""
    sentence = ("--sentence", " ".join(found.sentence), "--word", str(found.word + 1))
    tags = ("--tag", found.tag, "--against", found.against, "--top", "5")
    return succeed("explain", run.path, *sentence, *tags).stdout.splitlines()


def test_every_listed_mistake_is_explained_by_its_own_two_tags(run, explained):
    gold, predicted = dev_entities(run)
    scheme = run.tagger.model.config.data.scheme
    assert len(all_reasons(explained)) > 3
    for sentence in explained.shown:
        assert len(sentence.reasons) == sum(
            mark.kind != "correct" for piece in sentence.views[1] for mark in piece.ending
        )
        of_dev = run.dev[sentence.number - 1]
        tags = [convert([each], scheme)[0] for each in (of_dev.gold, of_dev.predicted)]
        for found in sentence.reasons:
            assert list(found.sentence) == of_dev.tokens
            assert (found.against, found.tag) == (tags[0][found.word], tags[1][found.word])
            assert found.chosen == found.tag
            assert abs(found.remainder) < 1e-9
            entities = [*gold[sentence.number - 1], *predicted[sentence.number - 1]]
            assert any(span.start <= found.word < span.end for span in entities)


def cells(html):
    """The cells of each row of the tables, without markup."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html)
    found = [[re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)] for row in rows]
    return [sorted(cell.replace("−", "-") for cell in row if cell) for row in found]


def test_the_page_has_the_words_of_the_command(run, explained, tmp_path):
    page = tmp_path / "report.html"
    succeed("report", run.path, "--out", page)
    parts = re.findall(r'<details class="why">.*?<div id="(.*?)">(.*?)</details>', page.read_text("utf-8"), re.DOTALL)
    assert [target for target, _ in parts] == [target for each in explained.shown for target in each.targets]
    for (_, html), (_, found) in list(zip(parts, all_reasons(explained), strict=True))[:4]:
        words, features = html.split("Largest shares")[0], html.split("Largest shares")[-1]
        lines = of_the_command(run, found)
        heads = [number for number, line in enumerate(lines) if line.split()[:1] == ["nats"]]
        printed = [
            [sorted(re.split(r"\s{2,}", line.strip())) for line in lines[heads[0] + 1 : heads[1] - 1]],
            [sorted(re.split(r"\s{2,}", line.strip())) for line in lines[heads[1] + 1 : -1]],
        ]
        for part, rows in zip((words, features), printed, strict=True):
            assert cells(part)[1:] == [sorted(row) for row in rows]


def test_a_click_on_a_mistake_opens_its_reason(run, browser, tmp_path):
    page = tmp_path / "report.html"
    succeed("report", run.path, "--out", page)
    browser.open(page)
    assert browser.ask("return document.querySelectorAll('details[open]').length") == 0
    link = browser.driver.find_element("css selector", "#sentences mark a")
    target = link.get_attribute("href").split("#")[1]
    browser.ask("arguments[0].click()", link)
    assert browser.ask("return document.getElementById(arguments[0]).checkVisibility()", target)
    assert browser.ask("return document.querySelectorAll('details[open]').length") == 1
    for width, scheme in ((400, "dark"), (1280, "light")):
        browser.see(width, scheme)
        browser.ask("for (const each of document.querySelectorAll('details')) each.open = true")
        assert browser.sticks_out() == 0
        assert browser.faint() == []


def test_documents_are_the_context(tmp_path_factory):
    """The tag that the tagger gives with this context is the one that it gave when dev was tagged."""
    run = read_run(train_documents(tmp_path_factory.getbasetemp()).run.folder)
    found = with_reasons(mistakes_on_dev({"run": run}), run)
    every = [each for _, each in all_reasons(found)]
    assert found.note == ""
    assert any(share.kind == "mention" for each in every for share in each.shares)
    assert all(each.chosen == each.tag for each in every)


def test_dev_that_cannot_be_read_is_said(tmp_path_factory, tmp_path):
    trained = train_documents(tmp_path_factory.getbasetemp())
    folder = shutil.copytree(trained.run.folder, tmp_path / "run")
    config = (folder / "config.toml").read_text(encoding="utf-8")
    (folder / "config.toml").write_text(config.replace("dev.conll", "gone.conll"), encoding="utf-8")
    run = read_run(folder)
    found = with_reasons(mistakes_on_dev({"run": run}), run)
    assert "do not see the rest of the document, because dev cannot be read: " in found.note
    assert not any(share.kind == "mention" for _, each in all_reasons(found) for share in each.shares)


def test_mistakes_of_a_model_that_is_not_kept_are_not_explained(run):
    found = with_reasons(mistakes_on_dev({"run": run}), replace(run, metrics={**run.metrics, "refit": {}}))
    assert all_reasons(found) == []
    assert "train.refit" in found.note
    assert not found.has_reasons


@pytest.mark.parametrize(("name", "limit", "few"), [("MOST", 3, 3), ("TOKENS", 20, 3)])
def test_there_is_a_bound(run, explained, monkeypatch, name, limit, few):
    monkeypatch.setattr(reasons, name, limit)
    found = with_reasons(mistakes_on_dev({"run": run}), run)
    kept = [each for _, each in all_reasons(found) if each]
    assert 0 < len(kept) <= few < len(all_reasons(explained))
    assert found.note == f"The first {len(kept)} mistakes are explained."
    assert [each.sentence for each in kept] == [each.sentence for _, each in all_reasons(explained)][: len(kept)]


@pytest.mark.parametrize("scheme", ["BIOES", "IOB2"])
def test_the_word_of_a_boundary_is_the_first_one_whose_tags_differ(run, scheme):
    """In IOB2 the tags of New York and New first differ at York, which the predicted entity does not hold."""
    sentence = TaggedSentence(["in", "New", "York"], ["O", "B-LOC", "I-LOC"], ["O", "B-LOC", "O"])
    longer = TaggedSentence(["in", "New", "York"], ["O", "B-LOC", "O"], ["O", "B-LOC", "I-LOC"])
    for wrong in (sentence, longer):
        changed = replace(run, dev=[wrong])
        (gold,), (predicted,) = dev_entities(changed)
        mistaken = MistakenSentence(changed, 0, range(1))
        mistaken.__dict__["tags"] = tags = [convert([each], scheme)[0] for each in (wrong.gold, wrong.predicted)]
        differ = [place for place, (a, b) in enumerate(zip(*tags, strict=True)) if a != b]
        assert mistaken.word(predicted[0], [*gold, *predicted]) == differ[0] == (1 if scheme == "BIOES" else 2)


def test_a_gold_tag_that_the_model_does_not_know(run):
    changed = replace(run, dev=[TaggedSentence(["in", "Rome"], ["O", "B-NEW"], ["O", "B-LOC"])])
    gold, predicted = dev_entities(changed)
    mistaken = MistakenSentence(changed, 0, range(1))
    found = mistaken.reason(predicted[0][0], [*gold[0], *predicted[0]])
    assert found.tag == mistaken.tags[1][1]
    assert found.against in run.tagger.model.tags.names
    unknown = replace(run, dev=[TaggedSentence(["in", "Rome"], ["O", "O"], ["O", "B-NEW"])])
    by_a_rule = MistakenSentence(unknown, 0, range(1)).reason(dev_entities(unknown)[1][0][0], [])
    assert {by_a_rule.tag, by_a_rule.against} <= set(run.tagger.model.tags.names)
