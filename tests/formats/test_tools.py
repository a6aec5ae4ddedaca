"""Shapes of files that annotation tools and data hubs write, after their documentation and their real exports."""

import io
import json
from itertools import chain

import pytest

from windowner.errors import DataError
from windowner.formats.brackets import bracket_text
from windowner.formats.conllu import conllu_text, read_conllu
from windowner.formats.reading import read_corpus
from windowner.formats.separated import separated_text
from windowner.text.sentence import Sentence

ANA = "Ana 😀 lives in Rome."
ANA_TOKENS, ANA_TAGS = ["Ana", "😀", "lives", "in", "Rome", "."], ["B-PER", "O", "O", "O", "B-LOC", "O"]
PLACES = [[0, 3, "PER"], [15, 19, "LOC"]]
UTF_16 = [[0, 3, "PER"], [16, 20, "LOC"]]  # as a tool in JavaScript counts


def marks(places):
    return [
        {
            "value": {"start": start, "end": end, "labels": [label], "text": ["Ana", "Rome"][place]},
            "type": "labels",
            "to_name": "text",
        }
        for place, (start, end, label) in enumerate(places)
    ]


def task(places, **more):
    return {"id": 7, "data": {"text": ANA}, "annotations": [{"result": marks(places)}], **more}


def objects(start="start", end="end", label="label"):
    return [{start: first, end: last, label: kind} for first, last, kind in PLACES]


TEXTS = {
    "doccano old": {"id": 1, "text": ANA, "labels": PLACES},
    "doccano new": {"id": 1, "text": ANA, "label": PLACES, "Comments": []},
    "doccano relations": {"text": ANA, "entities": objects("start_offset", "end_offset"), "relations": []},
    "prodigy": {"text": ANA, "spans": objects(), "answer": "accept", "_input_hash": 5},
    "spaCy tuple": [ANA, {"entities": PLACES}],
    "spaCy doc.to_json": {"text": ANA, "ents": objects(), "sents": []},
    "entities": {"text": ANA, "entities": PLACES},
    "Hugging Face": {"text": ANA, "entities": objects(label="entity_group")},
    "CLUENER": {"text": ANA, "label": {"PER": {"Ana": [[0, 2]]}, "LOC": {"Rome": [[15, 18]]}}},
    "Label Studio": task(PLACES),
    "Label Studio, UTF-16": task(UTF_16),
    "Label Studio, old": {"data": {"text": ANA}, "completions": [{"result": marks(PLACES)}]},
    "Label Studio, another key": {"data": {"review": ANA, "n": 3}, "annotations": [{"result": marks(PLACES)}]},
    "Label Studio, JSON-MIN": {"text": ANA, "label": [mark["value"] for mark in marks(PLACES)], "annotator": 1},
}
"""One record of each tool."""


@pytest.mark.parametrize("tool", TEXTS)
@pytest.mark.parametrize("shape", ["lines", "array", "indented", "held", "held, indented"])
def test_texts_with_spans(tmp_path, tool, shape):
    record = TEXTS[tool]
    held = {"version": 1, "examples": [record] * 2}
    text = {
        "lines": f"{json.dumps(record)}\n" * 2,
        "array": json.dumps([record] * 2),
        "indented": json.dumps([record] * 2, indent=2),
        "held": json.dumps(held),
        "held, indented": json.dumps(held, indent=2),
    }[shape]
    path = tmp_path / "f.json"
    path.write_text(text, encoding="utf-8")
    corpus = read_corpus(path)
    assert (corpus.tokens, corpus.tags) == ([ANA_TOKENS] * 2, [ANA_TAGS] * 2)
    assert (corpus.tokenizer, corpus.document_starts) == ("european", [])
    if shape == "indented":
        assert corpus.sentences[0].line == 2
        assert corpus.sentences[1].line == 2 + json.dumps(record, indent=2).count("\n") + 1
    if shape == "held, indented":
        assert corpus.sentences[0].line == 4


HOLDERS = {
    "an empty list under an earlier key": lambda records: {"data": [], "examples": records},
    "an object under an earlier key": lambda records: {"annotations": {"by": "Eva"}, "documents": records},
    "Rasa": lambda records: {"rasa_nlu_data": {"regex_features": [], "common_examples": records}},
}


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("indent", [None, 2])
def test_an_object_that_holds_the_records(tmp_path, holder, indent):
    """The list is the same one on one line, and over several lines."""
    held = HOLDERS[holder]([{"text": ANA, "entities": PLACES}] * 2)
    path = tmp_path / "f.json"
    path.write_text(json.dumps(held, indent=indent), encoding="utf-8")
    corpus = read_corpus(path)
    assert (corpus.tokens, corpus.tags) == ([ANA_TOKENS] * 2, [ANA_TAGS] * 2)
    lines = path.read_text(encoding="utf-8").split("\n")
    first = 1 + next(place for place, line in enumerate(lines) if '"text"' in line) - bool(indent)
    assert corpus.sentences[0].line == first


def test_one_record_over_several_lines(tmp_path):
    path = tmp_path / "f.json"
    path.write_text("\n\n" + json.dumps({"text": ANA, "entities": PLACES}, indent=2), encoding="utf-8")
    corpus = read_corpus(path)
    assert (corpus.tags, corpus.sentences[0].line) == ([ANA_TAGS], 3)


def test_a_record_that_is_longer_than_what_is_looked_at(tmp_path):
    """Its keys say what it is."""
    path = tmp_path / "f.json"
    text = "Ana lives in Rome. " * 10_000
    path.write_text(json.dumps({"text": text, "entities": [[0, 3, "PER"]]}), encoding="utf-8")
    assert read_corpus(path).entity_types == ["PER"]


@pytest.mark.parametrize("keys", [("tokens", "tags"), ("words", "ner_tags"), ("tokens", "labels"), ("words", "ner")])
@pytest.mark.parametrize("indent", [None, 1])
def test_tokens_with_tags(tmp_path, keys, indent):
    records = [
        dict(zip(keys, [["Ana", "is"], ["B-PER", "O"]], strict=True)),
        dict(zip(keys, [["x"], ["O"]], strict=True)),
    ]
    path = tmp_path / "f.json"
    path.write_text(json.dumps(records, indent=indent), encoding="utf-8")
    corpus = read_corpus(path)
    assert (corpus.tokens, corpus.tags) == ([["Ana", "is"], ["x"]], [["B-PER", "O"], ["O"]])


def lines(*records):
    return "\n".join(json.dumps(record) for record in records)


def test_what_is_left_out_is_counted(tmp_path):
    path = tmp_path / "f.jsonl"
    path.write_text(
        lines(
            {"text": "Bob", "spans": [[0, 3, "PER"]], "answer": "reject"},
            {"text": "University of Rome", "spans": [[0, 18, "ORG"], [14, 18, "LOC"]]},
            {"text": "a Rome-born", "spans": [[2, 6, "LOC"], [1, 2, "X"]]},
        )
    )
    corpus = read_corpus(path)
    assert corpus.tags == [["B-ORG", "I-ORG", "I-ORG"], ["O", "B-LOC", "O"]]
    assert corpus.notes == (
        "records that an annotator refused are left out: 1",
        "tokens are split where a span begins or ends: 1",
        "spans of white space are left out: 1",
        "spans that overlap a longer one are left out: 1",
        f"  {path}:2: LOC 'Rome' (14 to 18) overlaps a longer one",
    )


def test_documents_of_several_sentences_are_marked(tmp_path):
    path = tmp_path / "f.jsonl"
    records = [{"text": text, "spans": []} for text in ("One one.", "Two two.\n\nThree three.", "Four four.")]
    path.write_text(lines(*records))
    corpus = read_corpus(path)
    assert [tokens[0] for tokens in corpus.tokens] == ["One", "Two", "Three", "Four"]
    assert corpus.document_starts == [0, 1, 3]


def test_records_that_name_their_document(tmp_path):
    path = tmp_path / "f.jsonl"
    named = [("a", 1), ("b", 1), ("c", 2)]
    path.write_text(lines(*({"tokens": [token], "tags": ["B-X"], "document": number} for token, number in named)))
    assert read_corpus(path).document_starts == [0, 2]
    path.write_text(lines(*({"text": token, "spans": [[0, 1, "X"]], "doc_id": number} for token, number in named)))
    assert read_corpus(path).document_starts == [0, 2]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (
            {"text": "Ana", "spans": [{"start": 1, "end": 3, "label": "PER", "text": "Ana"}]},
            "span 1 to 3 is 'na', but its",
        ),
        ({"text": "Ana", "spans": [[0, 9, "PER"]]}, "span 0 to 9 PER, expected 0 <= start < end <= 3"),
        ({"text": "Ana", "spans": [[0, 3]]}, "span [0,3], expected start, end and label"),
        (
            {"text": "Ana", "annotations": [{"label": 4, "start_offset": 0, "end_offset": 3, "user": 1}]},
            'span {"label":4,"start_offset":0,"end_offset":3,"user":1}, whose label is a number; expected its name',
        ),
        (
            {"data": {"text": "Ana"}, "annotations": [], "predictions": [{"result": marks(PLACES[:1])}]},
            "no tokens, expected labelled sentences; tasks without an annotation are left out; their predictions are",
        ),
        ({"text": "Ana", "label": {"PER": {"An": [[0, 2]]}}}, "span 0 to 3 is 'Ana', but its record says 'An'"),
        ({"text": "Ana", "label": "good"}, "no spans, expected an object with text and spans"),
        (
            {"text": "Ana b", "tokens": [{"start": 4, "end": 5}, {"start": 0, "end": 3}], "spans": []},
            "tokens overlap or",
        ),
        (
            {"data": {"a": "x", "b": "y"}, "annotations": [{"result": []}]},
            "2 strings in data (a, b), expected one string, or the key text",
        ),
    ],
)
def test_records_that_do_not_fit_are_refused(tmp_path, record, message):
    path = tmp_path / "f.jsonl"
    path.write_text(f"{json.dumps(record)}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_corpus(path)
    assert str(caught.value).startswith(f"{path}:1: {message}")


@pytest.mark.parametrize(
    ("format", "record", "message"),
    [
        ("spans", {"spans": []}, "no text, expected an object with text and spans"),
        ("spans", 7, "int, expected an object with text and spans"),
        ("spans", [1, 2], "list, expected an object with text and spans"),
        ("label-studio", {"text": "Ana"}, "Object missing required field `data`; expected a task"),
        ("label-studio", {"data": "Ana"}, "Expected `object`, got `str` - at `$.data`; expected a task"),
        ("label-studio", [], "Expected `object`, got `array`; expected a task"),
    ],
)
def test_records_that_are_none_of_the_named_format_are_refused(tmp_path, format, record, message):
    path = tmp_path / "f.jsonl"
    path.write_text(f"\n{json.dumps(record)}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_corpus(path, format=format)
    assert str(caught.value).startswith(f"{path}:2: {message}")


FIELDS = [  # a record, the path to one of its values, and values of a wrong type
    (TEXTS["prodigy"], ["text"], [None, 3, [], {}]),
    (TEXTS["prodigy"], ["spans"], [True, 3, "x", {}, ["x"], [3]]),
    (TEXTS["prodigy"], ["answer"], [3, True, ["reject"], {}]),
    (TEXTS["prodigy"], ["spans", 0, "start"], [None, "0", 0.0, False, []]),
    (TEXTS["prodigy"], ["spans", 0, "end"], [None, "3", 3.0, True, []]),
    (TEXTS["prodigy"], ["spans", 0, "label"], [None, 3, [], {}, [None]]),
    (TEXTS["Label Studio, JSON-MIN"], ["label", 0, "text"], [3, True, [], {}]),
    (TEXTS["doccano new"], ["label", 0, 0], [None, "0", 0.0, False, []]),
    (TEXTS["doccano new"], ["label", 0, 2], [None, 3, [], {}]),
    (TEXTS["entities"], ["entities"], [True, 3, "x", {}]),
    ({"text": "Ana", "spans": [], "tokens": [{"start": 0, "end": 3, "text": "Ana"}]}, ["tokens"], [3, "Ana", {}]),
    ({"text": "Ana", "spans": [], "tokens": [{"start": 0, "end": 3}]}, ["tokens", 0, "start"], [None, "0", 0.0]),
    ({"text": "Ana", "spans": [], "tokens": [{"start": 0, "end": 3}]}, ["tokens", 0, "text"], ["An", 3, []]),
    ({"text": "Ana", "spans": [], "tokens": [{"start": 0, "end": 3}]}, ["sentences"], [1, "1", ["1"], [True], {}]),
    (TEXTS["Label Studio"], ["data"], [None, 3, [], "x"]),
    (TEXTS["Label Studio"], ["data", "text"], [3, [], {}]),
    (TEXTS["Label Studio"], ["annotations"], [3, "x", {}, [3], ["x"], [[]]]),
    (TEXTS["Label Studio"], ["annotations", 0, "was_cancelled"], [1, "false", []]),
    (TEXTS["Label Studio"], ["annotations", 0, "result"], [3, "x", {}, [3], ["x"], [[]]]),
    (TEXTS["Label Studio"], ["annotations", 0, "result", 0, "type"], [3, True, [], {}]),
    (TEXTS["Label Studio"], ["annotations", 0, "result", 0, "value"], [None, 3, "x", []]),
    (TEXTS["Label Studio"], ["annotations", 0, "result", 0, "value", "labels"], [None, 3, {}, [], [3]]),
    (TEXTS["Label Studio"], ["annotations", 0, "result", 0, "value", "start"], [None, "0", 0.0]),
    (TEXTS["Label Studio, old"], ["completions", 0, "skipped"], [1, "x"]),
    ({"tokens": ["Ana"], "tags": ["O"]}, ["tokens"], [None, 3, "Ana", {}, [3], [None]]),
    ({"tokens": ["Ana"], "tags": ["O"]}, ["tags"], [None, 3, "O", {}, [True], [[]], [0.5]]),
]


@pytest.mark.parametrize(
    ("record", "path", "value"), [(record, path, value) for record, path, values in FIELDS for value in values]
)
def test_a_field_of_another_type_is_refused_and_never_skipped(tmp_path, record, path, value):
    """The first record of the file is right, so that its format is known."""
    damaged = holder = json.loads(json.dumps(record))
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    file = tmp_path / "f.jsonl"
    file.write_text(lines(record, damaged), encoding="utf-8")
    with pytest.raises(DataError, match=r"f\.jsonl:2: .*expected|f\.jsonl:2: span .* says"):
        read_corpus(file)


@pytest.mark.parametrize(
    ("record", "notes"),
    [
        (
            {"text": "Ana", "spans": [], "entities": [[0, 3, "PER"]]},
            ["spans are read from the key spans, not from entities"],
        ),
        ({"text": "Ana", "label": "news", "annotations": [], "entities": []}, []),
        (
            {"tokens": ["Ana"], "tags": ["O"], "ner_tags": ["B-PER"], "words": ["ana"], "label": "news"},
            [
                "tokens are read from the key tokens, not from words",
                "tags are read from the key tags, not from ner_tags",
            ],
        ),
        (
            {"text": "Ana", "tokens": ["An", "a"], "entities": []},
            ["tokens without start and end are not read; a tokenizer finds others in the text"],
        ),
        (
            {"text": "Ana is it", "tokens": [{"start": 4, "end": 6}], "spans": []},
            ["stretches of text without a token are left out: 2"],
        ),
    ],
)
def test_what_is_not_read_of_a_record_is_noted(tmp_path, record, notes):
    path = tmp_path / "f.jsonl"
    path.write_text(lines(record))
    assert list(read_corpus(path).notes) == notes


def test_marks_of_label_studio_that_are_no_labels_of_text_are_counted(tmp_path):
    """`result` stands in the task itself where one annotation was exported."""
    path = tmp_path / "f.json"
    choice = {"value": {"choices": ["good"]}, "type": "choices"}
    path.write_text(json.dumps([{"data": {"text": ANA}, "result": [*marks(PLACES), choice, {}]}]), encoding="utf-8")
    corpus = read_corpus(path)
    assert corpus.tags == [ANA_TAGS]
    assert corpus.notes == ("marks that are no labels of text are left out: 2",)


def test_a_record_with_tags_and_spans_is_doubtful(tmp_path):
    path = tmp_path / "f.jsonl"
    path.write_text(lines({"text": "Ana is", "tokens": ["Ana", "is"], "tags": ["B-A", "O"], "spans": [[0, 3, "B"]]}))
    with pytest.raises(DataError, match="may be read as jsonl or as spans; name one as data"):
        read_corpus(path)
    assert read_corpus(path, format="jsonl").entity_types == ["A"]
    assert read_corpus(path, format="spans").entity_types == ["B"]


TABLES = {
    "kaggle": "Sentence #,Word,POS,Tag\nSentence: 1,Ana,N,B-PER\n,is,V,O\nSentence: 2,Rome,N,B-LOC\n",
    "numbered": "sentence_id;token;tag\n0;Ana;B-PER\n0;is;O\n1;Rome;B-LOC\n",
    "bar": "token|label\nAna|B-PER\nis|O\n\nRome|B-LOC\n",
    "tab": "Sentence #\tWord\tTag\nS1\tAna\tB-PER\n\tis\tO\nS2\tRome\tB-LOC\n",
    "no header": 'Ana,B-PER\n"is",O\n\nRome,B-LOC\n',
    "tags in another order": "tag,word\nB-PER,Ana\nO,is\n,\nB-LOC,Rome\n",
    "whole": 'sentence,labels\nAna is,"B-PER O"\nRome,B-LOC\n',
    "whole, lists": "Sentence #,Sentence,POS,Tag\n1,Ana is,\"['N', 'V']\",\"['B-PER', 'O']\"\n2,Rome,['N'],['B-LOC']\n",
    "whole, commas": 'sentence,word_labels\nAna is,"B-PER,O"\nRome,B-LOC\n',
    "whole, marked": 'sentence,#labels\nAna is,"B-PER O"\nRome,B-LOC\n',
    "marked header": "#word,#tag\nAna,B-PER\nis,O\n,\nRome,B-LOC\n",
    "the first column of that name holds no tags": "word,tag,tag\nAna,N,B-PER\nis,V,O\n,,\nRome,N,B-LOC\n",
    "columns with header": "Word\tPOS\tNER\nAna\tN\tB-PER\nis\tV\tO\n\nRome\tN\tB-LOC\n",
    "numbered rows": "id\tform\tupos\tner\n1\tAna\tN\tB-PER\n2\tis\tV\tO\n\n1\tRome\tN\tB-LOC\n",
}


@pytest.mark.parametrize("table", TABLES)
def test_tables(tmp_path, table):
    path = tmp_path / "f.txt"
    path.write_text(TABLES[table], encoding="utf-8")
    corpus = read_corpus(path)
    assert (corpus.tokens, corpus.tags) == ([["Ana", "is"], ["Rome"]], [["B-PER", "O"], ["B-LOC"]])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("sentence,token,tag\n1,Ana,B-PER\n1,is\n", ":3: 2 columns, expected at least 3"),
        (
            'sentence,labels\nAna is,"B-PER O"\nRome is,B-LOC\n',
            ":3: 1 tag, expected 2, one for each word of the sentence",
        ),
        ("no table\n", ": no table with tokens and tags, expected a header such as sentence,token,tag"),
    ],
)
def test_tables_that_do_not_fit_are_refused(tmp_path, content, message):
    path = tmp_path / "f.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_corpus(path, format="csv")
    assert str(caught.value).startswith(f"{path}{message}")


TWO = "word,tag,tag\nAna,B-PER,B-LOC\nis,O,O\n"


@pytest.mark.parametrize(
    ("content", "columns", "tags", "notes"),
    [
        (TWO, {}, ["B-PER", "O"], ["columns 1, 2 hold tags; column 1 is read, data.tag_column names another"]),
        (TWO, {"tag_column": 2}, ["B-LOC", "O"], []),
        ("word,chunk,tag\nAna,I-NP,B-PER\nis,I-VP,O\n", {}, ["B-PER", "O"], []),
        (
            'sentence,tags,labels\nAna is,"B-PER O","B-LOC O"\n',
            {},
            ["B-PER", "O"],
            ["columns 1, 2 hold tags; column 1 is read, data.tag_column names another"],
        ),
        (
            "word,text,tag\nAna,ana,B-PER\nis,is,O\n",
            {},
            ["B-PER", "O"],
            ["columns 0, 1 have names of tokens; column 0 is read, data.token_column names another"],
        ),
        ("text,word,tag\nAna is,Ana,B-PER\nAna is,is,O\n", {"token_column": 1}, ["B-PER", "O"], []),
    ],
)
def test_a_choice_among_columns_of_a_table_is_noted(tmp_path, content, columns, tags, notes):
    path = tmp_path / "f.csv"
    path.write_text(content)
    corpus = read_corpus(path, **columns)
    assert (corpus.tokens, corpus.tags, list(corpus.notes)) == ([["Ana", "is"]], [tags], notes)


@pytest.mark.parametrize("header", ["word,tag\n", ""])
@pytest.mark.parametrize(("column", "number"), [("token_column", -3), ("token_column", 2), ("tag_column", 9)])
def test_a_column_that_a_table_does_not_have(tmp_path, header, column, number):
    path = tmp_path / "f.csv"
    path.write_text(f"{header}Ana,B-PER\nis,O\n")
    with pytest.raises(
        DataError, match=rf"f\.csv: column {number}, expected a number from -2 to 1, because rows have 2 columns$"
    ):
        read_corpus(path, **{column: number})


def test_a_table_whose_only_column_of_tags_is_named_as_tokens(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("word,tag\nAna,B-PER\n")
    with pytest.raises(DataError, match="no column of tags beside column 1, which holds the tokens"):
        read_corpus(path, token_column=1)


def test_a_blank_row_between_whole_sentences(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text('sentence,labels\nAna is,"B-PER O"\n,\nRome,B-LOC\n', encoding="utf-8")
    corpus = read_corpus(path)
    assert (corpus.tokens, [sentence.line for sentence in corpus.sentences]) == ([["Ana", "is"], ["Rome"]], [2, 4])


def test_a_cell_may_hold_the_delimiter(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text('sentence_id,word,tag\n1,"Rome, Italy",B-LOC\n1,"""",O\n2,x,O\n')
    corpus = read_corpus(path)
    assert corpus.tokens == [["Rome, Italy", '"'], ["x"]]
    assert [corpus.sentences[0].line_of(1), corpus.sentences[1].line] == [3, 4]


CONLLU = "# newdoc id = a\n# sent_id = 1\n"
CONLLU += "1-2\tdel\t{e}\t_\n1\tde\t{e}\t{o}\n2\tel\t{e}\t{o}\n3\tSena\t{e}\t{b}\n3.1\tx\t{e}\t_\n\n"


@pytest.mark.parametrize(
    ("b", "o"),
    [("name=B-LOC", "name=O"), ("NER=B-LOC|SpaceAfter=No", "_"), ("B-LOC", "O"), ("SpaceAfter=No|B-LOC", "_")],
)
def test_conllu_with_tags_in_misc(tmp_path, b, o):
    path = tmp_path / "f.conllu"
    path.write_text(CONLLU.format(e="\t".join("_" * 7), b=b, o=o) * 2)
    corpus = read_corpus(path)
    assert (corpus.tokens, corpus.tags) == ([["de", "el", "Sena"]] * 2, [["O", "O", "B-LOC"]] * 2)
    assert corpus.document_starts == [0, 1]
    assert corpus.sentences[0].line_of(2) == 6


def test_conllu_whose_first_words_are_missing(tmp_path):
    rows = [
        "\t".join([number, token, *"_" * 7, misc])
        for number, token, misc in (("2", "is", "_"), ("3", "Ana", "name=B-PER"))
    ]
    for name, is_conllu in (("f.conllu", True), ("f.conllu.gz", True), ("f.txt", False)):
        path = tmp_path / name
        path.write_text("\n".join(rows) + "\n")
        if is_conllu:
            assert (read_corpus(path).tokens, read_corpus(path).tags) == ([["is", "Ana"]], [["O", "B-PER"]])
        else:
            with pytest.raises(DataError, match=r"unknown tag .name=B-PER."):
                read_corpus(path)


def test_conllu_is_written_in_its_own_rows():
    """A tag stands in MISC in place of an old one. Rows that are no words, and other columns, stay."""
    rows = CONLLU.format(e="\t".join("_" * 7), b="NER=B-LOC|SpaceAfter=No", o="_").encode()
    mark, sentence = read_conllu(io.BytesIO(rows), "f")
    assert conllu_text(mark, []) == "# newdoc id = a\n# sent_id = 1\n"
    written = conllu_text(sentence, ["O", "B-PER", "I-PER"], [0.5, 1.0, 0.25]).split("\n")
    e = "\t".join("_" * 7)
    assert written == [
        f"1-2\tdel\t{e}\t_",
        f"1\tde\t{e}\tname=O|score=0.5000",
        f"2\tel\t{e}\tname=B-PER|score=1.0000",
        f"3\tSena\t{e}\tSpaceAfter=No|name=I-PER|score=0.2500",
        f"3.1\tx\t{e}\t_",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("content", "column", "message"),
    [
        ("1\tAna\tO\nb\tis\tO\n", -1, ":2: 3 columns starting with 'b', expected CoNLL-U: a number such as 1"),
        ("1\tAna\tO\n2\n", -1, ":2: 1 column starting with '2', expected CoNLL-U: a number such as 1"),
        ("1\tAna\tO\n2x\tis\tO\n", -1, ":2: 3 columns starting with '2x', expected CoNLL-U: a number such as 1"),
        ("1\tAna\tO\n²\tis\tO\n", -1, ":2: 3 columns starting with '²', expected CoNLL-U: a number such as 1"),
        ("1\tAna\tO\n2\tis\n", 2, ":2: 2 columns, expected the tag in column 2"),
    ],
)
def test_conllu_that_does_not_fit_is_refused(tmp_path, content, column, message):
    path = tmp_path / "f.conllu"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_corpus(path, format="conllu", tag_column=column)
    assert str(caught.value).startswith(f"{path}{message}")


def test_conllu_of_a_sentence_without_words(tmp_path):
    """Its rows are comments, and words that stand for several, or for none."""
    path = tmp_path / "f.conllu"
    path.write_text("# only a comment\n\n1-2\tdel\t_\n\n1\tAna\tB-PER\n", encoding="utf-8")
    corpus = read_corpus(path, format="conllu")
    assert (corpus.tokens, corpus.sentences[0].line) == ([["Ana"]], 5)


ONTONOTES = """#begin document (bc/cctv/00/cctv_0001); part 000
bc 0 0 Ana NNP (TOP* - - - Spk (PERSON* * -
bc 0 1 Li NNP * - - - Spk *) * (3)
bc 0 2 spoke VBD *) - - - Spk * (V*) -

bc 0 0 Rome NNP (TOP*) - - - Spk (GPE) * -

#end document
"""


def test_brackets(tmp_path):
    path = tmp_path / "f.v4_gold_conll"
    path.write_text(ONTONOTES * 2)
    corpus = read_corpus(path)
    assert corpus.tokens == [["Ana", "Li", "spoke"], ["Rome"]] * 2
    assert corpus.tags == [["B-PERSON", "I-PERSON", "O"], ["B-GPE"]] * 2
    assert corpus.document_starts == [0, 2]
    path.write_text("Ana (PER*\nLi *)\n* *\n\nRome (LOC)\nis *\n")
    assert read_corpus(path).tags == [["B-PER", "I-PER", "O"], ["B-LOC", "O"]]
    path.write_text("Ana (PER*\nLi *\n\nRome (LOC)\nis *\n")
    with pytest.raises(DataError, match=r"\(PER is not closed at the end of its sentence"):
        read_corpus(path)


def test_a_row_without_its_column_of_brackets(tmp_path):
    path = tmp_path / "f.conll"
    path.write_text("Ana\tx\t(PER)\nis\tx\n")
    with pytest.raises(DataError, match=r"f\.conll:2: 2 columns, expected brackets in column 2"):
        read_corpus(path, format="brackets", tag_column=2)


def test_comments_among_brackets_are_written_as_they_are():
    assert bracket_text(Sentence([], [], 1, ["# by Eva"]), []) == "# by Eva\n"


def test_a_folder_of_standoff(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.txt").write_bytes(b"Ana\r\nlives in Rome.")
    (tmp_path / "b.ann").write_text(
        "T1\tPER 0 3\tAna\nT2\tLOC 14 18\tRome\nR1\tin Arg1:T1 Arg2:T2\nT3\tX 0 1;2 3\tA a\n"
    )
    (tmp_path / "sub" / "a.txt").write_text("Oslo.")
    (tmp_path / "sub" / "a.ann").write_text("T1\tLOC 0 4\tOslo\n")
    (tmp_path / "c.txt").write_text("nobody has read this")
    corpus = read_corpus(tmp_path)
    assert list(chain.from_iterable(corpus.tokens)) == ["Ana", "lives", "in", "Rome", ".", "Oslo", "."]
    assert list(chain.from_iterable(corpus.tags)) == ["B-PER", "O", "O", "B-LOC", "O", "B-LOC", "O"]
    assert corpus.document_starts == [0, len(corpus.sentences) - 1]
    assert corpus.notes == (
        "relations, events, attributes and notes are left out: 1",
        "entities of several pieces are left out: 1",
        "texts without .ann are left out: 1",
    )


def test_columns_beside_a_file_of_entities_stay_columns(tmp_path):
    (tmp_path / "a.txt").write_text("Ana B-PER\nis O\n")
    (tmp_path / "a.ann").write_text("")
    assert read_corpus(tmp_path / "a.txt").tags == [["B-PER", "O"]]


def test_marks_of_documents_are_no_rows_of_a_table():
    assert separated_text(Sentence([], [], 1, ["-DOCSTART- O"]), []) == ""
