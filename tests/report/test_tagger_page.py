"""The tagger of a page, in a real browser: what Python finds, it finds."""

import json
from dataclasses import replace
from itertools import chain, pairwise

import numpy as np
import pytest
from synthetic import draw_sentence, train_tiny, write_tiny

from windowner.config.loading import load_config
from windowner.errors import ModelError
from windowner.inputs.features import Feature, capitals, shape
from windowner.inputs.gazetteer import Gazetteer
from windowner.network.nonlinearities import NONLINEARITIES
from windowner.report.tagger_page import page_model, write_tagger_page
from windowner.runs.training import train
from windowner.tagger.model import Model
from windowner.tagger.prediction import decide
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger
from windowner.text.spans import TagTable
from windowner.text.tokenizers import TOKENIZERS
from windowner.vectors.lookup import look_up

pytest.importorskip("jinja2")

HOSTILE = "</script><script>document.title=1</script>"
EVERYTHING = [
    *("preset=best", "features.characters=8", "model.document=on", "train.ensemble=2", "model.hidden=12"),
    *("model.loss=sentence", "train.epochs=3", "train.batch=32", "features.min_count=1"),
]
FORMS = [
    *("Paris", "paris", "PARIS", "A", "a", "McDonald", "iPhone", "1984", "³", "①", ",", "x²", "GloVe-6B", "ǅ", "ǅabc"),
    *(
        "ᾳ",
        "Ⓐ",
        "ª",
        "Straße",
        "ΟΔΟΣ",
        "İstanbul",
        "東京",
        "नमस्ते",
        "👨‍👩‍👧",
        "e\u0301tat",
        "ﬁne",
        "Ａ１",
        "so\u00adft",
        "a" * 60,
    ),
    *("\ufeff", "constructor", "__proto__", HOSTILE),
]
TEXTS = [
    'Dr. Who left Paris. He didn\'t go to the U.S. Then (!) "We won." It cost $3.50, i.e. 20-30% more... No. 5 won?',
    "He saw Mr. Smith Jr. The firm Foo Inc. This is it. A. Merkel et al. In 1984. It ended",
    "One line\nstays one.\r\nTwo lines .\nThe end .\n\nA paragraph\u2029another\r\rthird 😀 . \n (so it is",
    "@user #topic http://a.b/c?d=1). me@example.org l'eau AT&T well-known and/or",
    "&amp; :-) <3 --- O'Neil's 10:30 v1.2.3",
    "東京は大きい。彼は来た！ สวัสดีครับ 한국어 문장. नमस्ते दुनिया। مرحبا؟",
    "👨‍👩‍👧🇩🇪🇫🇷👍🏽 a\u200bb \ufeff x\u00a0y\x1cz\x85w",
    "",
    " \n ",
]


def in_half_precision(model: Model) -> Model:
    """The model with the numbers that the page holds: those of tables are rounded."""
    network, rounded = model.network, model.network.astype(np.float16).astype(np.float32)
    characters = replace(network.characters, E=rounded.characters.E)
    return replace(model, network=replace(network, tables=rounded.tables, characters=characters))


def with_decoding(model: Model, decoding: str) -> Model:
    config = replace(model.config, model=replace(model.config.model, decoding=decoding))
    return replace(model, config=config)


def with_tags(model: Model, scheme: str, tags: str) -> Model:
    """The model with other names of its nine tags."""
    config = replace(model.config, data=replace(model.config.data, scheme=scheme))
    return replace(model, config=config, tags=TagTable.of(tags.split()))


SCHEMES = {
    "IOB2": lambda model: with_tags(model, "IOB2", "O B-A I-A B-B I-B B-C I-C B-D I-D"),
    "IOB1": lambda model: with_tags(model, "IOB1", "O B-A I-A B-B I-B B-C I-C B-D I-D"),
    "BILOU, a type without a name": lambda model: with_tags(model, "BILOU", "O B I L U B-X I-X L-X U-X"),
    "IO": lambda model: with_tags(model, "IO", "O I-A I-B I-C I-D I-E I-F I-G I-H"),
}
VARIANTS = {
    "as trained": lambda model: model,
    "Viterbi": lambda model: with_decoding(replace(model, threshold=0.5), "viterbi"),
    "threshold": lambda model: replace(model, threshold=2.0, temperature=1.7),
    "cutoffs": lambda model: replace(model, cutoffs={"PER": 0.9, "LOC": 0.6}),
    "without a chain": lambda model: replace(model, network=replace(model.network, chain=None), threshold=-1.0),
    **SCHEMES,
    "without documents": lambda model: replace(model, network=replace(model.network, document=None)),
    "strong votes": lambda model: replace(
        model,
        network=replace(
            model.network, document=replace(model.network.document, others=8 * model.network.document.others)
        ),
    ),
    **{
        name: lambda model, name=name: replace(model, network=replace(model.network, nonlinearity=name))
        for name in NONLINEARITIES
    },
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Model:
    """A model of two networks that reads words, features, characters, documents and neighbouring tags."""
    folder = tmp_path_factory.mktemp("page")
    config = write_tiny(folder)
    source = f'vectors.source="{folder / "vectors.txt"}"'
    return in_half_precision(train(load_config(config, [*EVERYTHING, source]), folder / "run").tagger.model)


@pytest.fixture(scope="module")
def opened(trained, tmp_path_factory, browser):
    """Return a function that opens the page of a variant of the model, and returns the variant."""

    def open_page(change=lambda model: model):
        model = change(trained)
        page = write_tagger_page(model, f"made up {HOSTILE}", tmp_path_factory.mktemp("tagger") / "tagger.html", 99)
        browser.open(page)
        return model

    return open_page


@pytest.fixture(scope="module")
def documents() -> list[list[list[str]]]:
    """Documents of one, of several and of more than 1,000 tokens; with unseen words, and strange ones."""
    rng = np.random.default_rng(5)
    drawn = [[token for token, _ in draw_sentence(rng)] for _ in range(240)]
    return [*([sentence] for sentence in drawn[:8]), drawn[8:16], [*drawn[16:22], FORMS], drawn[22:]]


def found_by_page(browser, documents):
    script = """
    return arguments[0].map((sentences) => tagger.entities(sentences).map((found) => found
      .filter((entity) => tagger.isProbable(entity, null))
      .map(({start, end, type, probability}) => [start, end, type, probability])));
    """
    return browser.ask(script, documents)


@pytest.mark.parametrize("name", VARIANTS)
def test_entities_and_their_probabilities_are_those_of_python(opened, browser, documents, name):
    model = opened(VARIANTS[name])
    tagger = Tagger(model)
    expected = [tagger.entities(sentences, document_starts=[0]) for sentences in documents]
    found = found_by_page(browser, documents)
    flat = [
        [
            (i, j, *entity)
            for i, document in enumerate(each)
            for j, entities in enumerate(document)
            for entity in entities
        ]
        for each in (found, [[[(*e[:3], e.probability) for e in entities] for entities in d] for d in expected])
    ]
    assert [entity[:5] for entity in flat[0]] == [entity[:5] for entity in flat[1]]
    # float32 sums in another order; 1e-5 is a hundred times their rounding
    np.testing.assert_allclose([e[5] for e in flat[0]], [e[5] for e in flat[1]], rtol=0, atol=1e-5)
    assert len(flat[0]) > 20


DECODINGS = ("as trained", "Viterbi", "threshold", "without a chain", *SCHEMES)


@pytest.mark.parametrize("name", DECODINGS)
def test_any_logits_are_decoded_as_in_python(opened, browser, name):
    """Drawn logits, so that entities of the same type stand side by side, which trained ones seldom let happen."""
    model = VARIANTS[name](opened())
    z = (2 * np.random.default_rng(6).normal(size=(300, len(model.tags.names)))).astype(np.float32)
    offsets = np.array([0, 1, 3, 50, 300])
    sentences = [z[first:last].tolist() for first, last in pairwise(offsets)]
    expected = decide(model, z, offsets).entities([["x"] * len(sentence) for sentence in sentences])
    learned = model.network.chain
    scores = learned and {name: array.tolist() for name, array in learned.parameters.items()}
    script = "const [described, chain, sentences] = arguments; return sentences.map(makeDecoder(described, chain));"
    found = browser.ask(script, page_model(model), scores, sentences)
    assert [[(e["start"], e["end"], e["type"]) for e in each] for each in found] == [
        [entity[:3] for entity in each] for each in expected
    ]
    probabilities = [[entity["probability"] for entity in each] for each in found]
    np.testing.assert_allclose(
        list(chain.from_iterable(probabilities)), [entity[4] for each in expected for entity in each], atol=1e-5
    )
    touching = [a for each in expected for a, b in pairwise(each) if (a.end, a.type) == (b.start, b.type)]
    assert touching or name == "IO"  # whose adjacent entities are one


def test_a_variant_changes_what_is_found(opened, browser, documents):
    found = []
    for name in ("as trained", "threshold", "cutoffs", "strong votes", "tanh"):
        opened(VARIANTS[name])
        found.append(json.dumps(found_by_page(browser, documents)))
    assert len(set(found)) == len(found)


def test_features_are_those_of_python(opened, browser):
    opened()
    of_form = "[capitals(form), shape(form), FEATURES.prefix(3)(form), FEATURES.suffix(3)(form)]"
    values = browser.ask(f"return arguments[0].map((form) => {of_form})", FORMS)
    affixes = [Feature(kind, "3").value for kind in ("prefix", "suffix")]
    assert values == [[capitals(form), shape(form), *(value(form) for value in affixes)] for form in FORMS]


def test_words_are_looked_up_as_in_python(opened, browser):
    opened()
    for form, spellings in zip(FORMS, browser.ask("return arguments[0].map(spellings)", FORMS), strict=True):
        left = list(dict.fromkeys(spellings))
        while left:  # what Python finds first stands first
            assert look_up(form, {spelling: row for row, spelling in enumerate(left)})[0] == 0, (form, left)
            left.pop(0)
    usual = dict(zip(("ﬁne", "Ａ１", "so\u00adft", "e\u0301tat"), ("fine", "A1", "soft", "état"), strict=True))
    assert all(plain in browser.ask("return spellings(arguments[0])", form) for form, plain in usual.items())


@pytest.mark.parametrize("name", TOKENIZERS)
def test_tokens_and_sentences_are_those_of_python(opened, browser, name):
    opened()
    script = """
    const tokenize = makeTokenizer({...model, tokenizer: arguments[1]});
    return arguments[0].map((text) => tokenize(text).map((sentence) => sentence.map(({start, end}) => [start, end])));
    """
    found = browser.ask(script, TEXTS, name)
    assert found == [[[_units(text, place) for place in s] for s in TOKENIZERS[name].tokenize(text)] for text in TEXTS]


def _units(text, place):
    """A place in units of UTF-16, as the page counts."""
    return [len(text[:character].encode("utf-16-le")) // 2 for character in place]


def test_a_text_is_tagged_while_it_is_typed(opened, browser):
    model = opened()
    assert browser.console() == []
    text = "We saw Mary Smith on Monday , 3 hours late . Paris , London and Rome are cities ."
    box = type_text(browser, text)
    marks = wait_for_marks(browser)
    spans = Tagger(model).tag_text(text)
    assert marks == [f"{text[s.start : s.end]} {s.label} {s.probability:.2f}" for s in spans]
    assert browser.ask("return document.getElementById('status').textContent") == f"{len(spans)} entities"
    assert browser.ask("return document.getElementById('tagged').textContent").startswith("We saw ")
    box.send_keys("\ue004")  # tab
    least = browser.driver.switch_to.active_element
    assert least.get_attribute("id") == "least"
    least.send_keys("\ue010")  # end: a probability of 1
    assert browser.ask("return document.getElementById('status').textContent").startswith("0 entities")
    least.send_keys("\ue011")  # home
    assert len(wait_for_marks(browser)) == len(spans)


def type_text(browser, text):
    """Type a text into the box, and return the box."""
    box = browser.driver.find_element("id", "text")
    box.send_keys(text)
    return box


def wait_for_marks(browser):
    """Return what the marks of the text say, once there are some."""
    script = """
    const done = arguments[0];
    const look = () => {
      const marks = [...document.querySelectorAll('#tagged mark')];
      if (marks.length) done(marks.map((mark) => `${mark.firstChild.data} ${mark.lastChild.textContent}`));
      else setTimeout(look, 20);
    };
    look();
    """
    return [mark.replace("\u00a0", " ") for mark in browser.driver.execute_async_script(script)]


def test_markup_stays_text_and_nothing_is_asked_for(opened, browser, trained):
    tags = [tag.replace("PER", HOSTILE) for tag in trained.tags.names]
    opened(lambda model: replace(model, tags=TagTable.of(tags)))
    type_text(browser, f"Mary Smith lives in {HOSTILE} .")
    marks = wait_for_marks(browser)
    assert any(HOSTILE in mark for mark in marks)
    assert browser.ask("return document.title") == f"made up {HOSTILE} · windowner"
    assert HOSTILE in browser.ask("return document.querySelector('h1').innerText")
    assert browser.console() == []
    assert [url for url in browser.requests() if not url.startswith(("data:", "file:"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_can_be_read(opened, browser, width, scheme):
    opened()
    type_text(browser, f"Mary Smith lives in Paris . {'x' * 200}")
    wait_for_marks(browser)
    browser.see(width, scheme)
    assert browser.sticks_out() == 0
    assert browser.faint(least=20) == []


def test_a_page_says_what_it_holds(opened, browser, trained):
    opened()
    facts = browser.ask("return document.querySelector('.facts').innerText")
    assert f"{len(trained.words.values)} of 99" in facts
    assert "characters, other mentions in the document, neighbouring tags" in facts
    assert browser.ask("return document.querySelector('.legend').innerText").split() == trained.tags.types


def test_what_a_page_cannot_do_is_refused(tmp_path_factory):
    model = train_tiny(tmp_path_factory.getbasetemp()).run.tagger.model
    with pytest.raises(ModelError, match=r"matches 1 names, expected none: a page cannot match names"):
        page_model(replace(model, gazetteer=Gazetteer([(("New", "York"), "LOC")])))
    with pytest.raises(ModelError, match=r"holds 1 rules, expected none: a page cannot apply rules"):
        page_model(replace(model, rules=Rules.of([{"label": "LOC", "pattern": "Paris"}])))
    tables = [table.with_rows(1e5 * np.ones_like(table.E)) for table in model.network.tables]
    with pytest.raises(ModelError, match=r"E.words holds 1e\+05, expected 65,504 at most"):
        page_model(replace(model, network=replace(model.network, tables=tables)))
