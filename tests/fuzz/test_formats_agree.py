"""The same annotated text in two formats: what one file says, the other one says, or it is refused.

A text is drawn, written in each format that is written, and read as a user reads it: its content says the format. Then
each file is converted to another format. Nothing may be read as something else. As many texts are tried as damaged
files of a kind (`make fuzz`).
"""

import json
import shutil

import pytest
from fuzz.test_fuzz import DRAWN
from hypothesis import given
from hypothesis import strategies as st

from windowner.errors import DataError
from windowner.formats.converting import convert_file
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus
from windowner.formats.span_records import UNTYPED
from windowner.formats.table import FORMATS
from windowner.text.conversion import document_of

PLAIN = ["Ana", "saw", "Rome", "."]
ODD = [
    *("#", "# x", "-DOCSTART-", "#begin document", "", " a", "a b", "a\tb", "a\nb", "a\rb", "\r", "\n", "\f", "\v"),
    *(
        "\ufeff",
        "\u2028",
        "a\x85b",
        "\x1c",
        "\0",
        "\x1b",
        "\xa0",
        "\u200b",
        "\u202e",
        "\u2066x",
        "😀",
        "e\u0301",
        "日本",
    ),
    *('"', "a,b", ";", "|", "*)", "(PER*", "*", "1", "1-2", "1.1", "O", "_", "-", "?", "B-PER", "token", "tag", "PER"),
    *("{", "[[", '{"tokens":', "%PDF-", "<html", "#FORMAT=WebAnno", "name=B-X", "SpaceAfter=No", "=1", "\\", "\\n"),
]
TYPES = [
    *("PER", "PER", "LOC", "O", "B", "_", "-", "a b", "x|y", "A)", "*", "é", "\u2028", "\x85", "\0", "😀", "B-PER", ""),
    *("a:b", "a;b", '"', "[1]", "x=y", "#", "1", "\u202e", "\ufeff", "None"),
]
WRITTEN = [format for format in FORMATS.values() if format.can_write]
INVISIBLE = "\u200b\ufeff"
"""Characters beside white space that separate, so that a span does not begin or end with them."""


@st.composite
def sentences(draw):
    """Sentences of tokens and their tags, IOB2."""
    tokens = st.sampled_from(draw(st.sampled_from([PLAIN, PLAIN * 4 + ODD, ODD])))
    types = st.sampled_from(draw(st.sampled_from([["PER", "LOC"], TYPES])))
    drawn = []
    for _ in range(draw(st.integers(1, 3))):
        words, tags = [], []
        for _ in range(draw(st.integers(1, 3))):
            length, label = draw(st.integers(1, 2)), draw(types)
            words += [draw(tokens) for _ in range(length)]
            suffix = f"-{label}" if label else ""
            tags += [f"B{suffix}", *[f"I{suffix}"] * (length - 1)] if draw(st.booleans()) else ["O"] * length
        drawn.append({"tokens": words, "tags": tags})
    return drawn


def squeezed(text):
    return "".join(char for char in text if not char.isspace() and char not in INVISIBLE)


def entities(path):
    """The entities that a file is read as: their labels, and their texts without white space."""
    corpus = read_corpus(path)
    documents = [document_of([sentence]) for sentence in corpus.sentences]
    found = [(span.label, squeezed(each.text[span.start : span.end])) for each in documents for span in each.spans]
    return [(label, text) for label, text in found if text]


def target_of(folder, format, number):
    return folder / f"{number}-{format.name}{format.suffixes[0] if format.suffixes else ''}"


def converted(source, target, format):
    """The entities of a file that was converted and read again; None if it is refused."""
    try:
        convert_file(source, target, ReadOptions(), target_format=format.name)
        return entities(target)
    except DataError:
        return None


def named(found, format):
    """Entities as a format has them. Some formats need a name for those without a type."""
    is_named = format.holds_documents or format.name == "brackets"
    return [(label or UNTYPED, text) for label, text in found] if is_named else found


@pytest.mark.filterwarnings("error")
def test_two_formats_say_the_same(tmp_path):
    pytest.importorskip("pyarrow")
    pytest.importorskip("spacy")
    folder = tmp_path / "files"

    @DRAWN
    @given(sentences(), st.permutations(WRITTEN))
    def run(drawn, others):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        source = folder / "source.jsonl"
        source.write_text("".join(json.dumps(each) + "\n" for each in drawn), encoding="utf-8")
        try:
            expected = entities(source)
        except DataError:  # two labels in one tag, such as B-x|y
            return
        read = {}
        for format in WRITTEN:
            found = converted(source, target_of(folder, format, 1), format)
            if found is not None:
                assert found == named(expected, format), format.name
                read[format.name] = found
        for first, second in zip(WRITTEN, others, strict=True):
            if first.name in read:
                found = converted(target_of(folder, first, 1), target_of(folder, second, 2), second)
                assert found in (None, named(read[first.name], second)), (first.name, second.name)

    run()
