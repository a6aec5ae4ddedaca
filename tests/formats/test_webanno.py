"""WebAnno TSV 3, as INCEpTION exports it."""

import pytest

from windowner.errors import DataError
from windowner.formats.items import read_items
from windowner.formats.options import ReadOptions
from windowner.formats.reading import read_corpus

START = "#FORMAT=WebAnno TSV 3.3\n"
POS = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue\n"
ENTITIES = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n"
CUSTOM = "#T_SP=webanno.custom.Span|value\n"
OTHER = "#T_SP=webanno.custom.Quote|kind\n"
LINKS = "#T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:links_webanno.custom.Link|webanno.custom.Span\n"
EMOJI = """

#Text=Ana 😀 Li lives
1-1\t0-3\tAna\tN\tN\thttp://x.org/Q1[1]\tPER[1]\t
1-2\t4-6\t😀\t*\t*\thttp://x.org/Q1[1]\tPER[1]\t
1-3\t7-9\tLi\tN\tN\thttp://x.org/Q1[1]\tPER[1]\t
1-4\t10-15\tlives\tV\tV\t_\t_\t

#Text=Rome-born .
2-1\t17-26\tRome-born\tA\tA\t_\t_\t
2-1.1\t17-21\tRome\t_\t_\t_\tLOC\t
2-2\t27-28\t.\t_\t_\t_\t_\t
"""


def write(folder, text):
    path = folder / "f.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def document_of(path, tag_column=-1):
    (document,) = read_items(path, "auto", "", ReadOptions(tag_column=tag_column))
    return document


def quotes(document):
    return [(document.text[start:end], label) for start, end, label, *_ in document.spans]


def test_entities_are_read_beside_other_layers(tmp_path):
    path = write(tmp_path, START + POS + ENTITIES + EMOJI)
    document = document_of(path)
    assert document.text == "Ana 😀 Li lives \nRome-born ."
    assert quotes(document) == [("Ana 😀 Li", "PER"), ("Rome", "LOC")]
    corpus = read_corpus(path)
    assert corpus.tokens == [["Ana", "😀", "Li", "lives"], ["Rome", "-born", "."]]
    assert corpus.tags == [["B-PER", "I-PER", "I-PER", "O"], ["B-LOC", "O", "O"]]
    assert corpus.notes == ("tokens are split where a span begins or ends: 1",)


def test_stacked_and_escaped_labels_each_give_a_span(tmp_path):
    rows = "1-1\t0-1\ta\tX[1]|Y\t\n1-2\t2-3\tb\tX[1]|P\\|Q\\[R\\]\t\n"
    assert quotes(document_of(write(tmp_path, START + CUSTOM + "\n\n#Text=a b\n" + rows))) == [
        ("a b", "X"),
        ("a", "Y"),
        ("b", "P|Q[R]"),
    ]


def test_a_span_goes_on_in_the_next_sentence(tmp_path):
    rows = "#Text=a b\n1-1\t0-1\ta\t_\t\n1-2\t2-3\tb\tX[1]\t\n\n#Text=c\n2-1\t4-5\tc\tX[1]\t\n"
    document = document_of(write(tmp_path, f"{START}{CUSTOM}\n\n{rows}"))
    assert quotes(document) == [("b\nc", "X")]
    assert len(document.sentences) == 2


def test_spans_without_a_label_have_the_name_of_their_layer(tmp_path):
    rows = "1-1\t0-1\ta\t*[2]\t\n1-2\t2-3\tb\t*[2]\t\n1-2.1\t3-3\t\t*\t\n1-3\t4-5\tc\t*\t\n"
    path = write(tmp_path, f"{START}#T_SP=webanno.custom.Drug|\n\n\n#Text=a b c\n{rows}")
    corpus = read_corpus(path)
    assert corpus.tags == [["B-Drug", "I-Drug", "B-Drug"]]
    assert corpus.notes == (
        "labels are read from column 3, webanno.custom.Drug|",
        "spans without a label are read as Drug: 2",
        "spans of no character are left out: 1",
    )


def test_of_several_layers_a_column_is_named(tmp_path):
    rows = "1-1\t0-1\ta\tX\tY\tr\t1-1\t\n"
    path = write(tmp_path, f"{START}{CUSTOM}{OTHER}{LINKS}\n\n#Text=a\n{rows}")
    with pytest.raises(DataError) as caught:
        read_corpus(path)
    assert str(caught.value) == (
        f"{path}: layers of spans in columns 3 (webanno.custom.Span|value), 4 (webanno.custom.Quote|kind), expected "
        "one of entities; name its column as data.tag_column"
    )
    assert read_corpus(path, tag_column=4).tags == [["B-Y"]]
    with pytest.raises(DataError, match=r"tag_column 5 holds no labels, expected 3 \(webanno"):
        read_corpus(path, tag_column=5)


@pytest.mark.parametrize("row", ["1-1\t0-1\ta", "1\t0-1\ta\tX\t", "1-1 0-1 a X"])
def test_rows_of_another_shape_are_refused(tmp_path, row):
    path = write(tmp_path, f"{START}{CUSTOM}\n\n#Text=a\n{row}\n")
    with pytest.raises(DataError, match=r"f\.tsv:6: .*, expected 1-1, a tab, 0-6, a tab, the token, and labels in col"):
        read_corpus(path)


def test_a_file_without_layers_of_spans_is_refused(tmp_path):
    path = write(tmp_path, f"{START}{POS}\n\n#Text=a\n1-1\t0-1\ta\tN\tN\t\n")
    with pytest.raises(DataError, match="no layer of spans, expected one of entities"):
        read_corpus(path)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("1-1\t0-3\tAna\tX\t\n1-2\t9999999999-9999999999\t\t_\t\n", ":5: a token at 9999999999, expected one behind"),
        ("1-1\t0-3\tAna\tX\t\n1-2\t2-4\tis\t_\t\n", ":5: a token at 2, expected one behind the last token, which"),
        (f"1-1\t{'9' * 5000}-3\tAna\tX\t\n", ":4: '1-1"),
        ("1-1\t0-9\tAna\tX\t\n", ":4: token 'Ana' with 9 characters between its offsets, expected as many as it has"),
        ("1-1\t5-8\tAna\t_\t\n1-1.1\t3-6\tA\tX\t\n", ":5: 3-6, expected a part of the token at 5-8"),
        ("1-1\t0-4\t😀😀\t_\t\n1-1.1\t1-4\t😀\tX\t\n", ":5: offset 1 in the middle of a character of '😀😀'"),
    ],
)
def test_offsets_that_do_not_fit_are_refused(tmp_path, rows, message):
    path = write(tmp_path, f"{START}{CUSTOM}#Text=Ana\n{rows}")
    with pytest.raises(DataError) as caught:
        read_corpus(path)
    assert str(caught.value).startswith(f"{path}{message}")


def test_escaped_tokens_are_as_long_as_their_offsets_say(tmp_path):
    rows = "1-1\t0-1\t\\\\\tX\t\n1-2\t1-3\t\\_a\t_\t\n1-3\t4-6\t\\\\\t_\t\n"
    document = document_of(write(tmp_path, f"{START}{CUSTOM}#Text=a\n{rows}"))
    assert document.text == "\\_a \\\\"
    assert document.sentences == [[(0, 1), (1, 3), (4, 6)]]
