"""Markdown that nothing of the data breaks."""

import pytest

from windowner.markup.markdown import code, escape, read_tables, table


def test_markup_in_data_stays_text():
    assert escape("a|b *c* <i>_d_\n# e `f`") == r"a\|b \*c\* \<i\>\_d\_ \# e \`f\`"


@pytest.mark.parametrize("write", [escape, code])
def test_escape_sequences_in_data_do_not_reach_a_terminal(write):
    """`windowner card` writes to stdout."""
    assert set(write("a\x1b[31m\x07b\x9b31m\u202ec\0")).isdisjoint("\x1b\x07\x9b\u202e\0")


@pytest.mark.parametrize(("text", "expected"), [("a", "`a`"), ("a`b", "``a`b``"), ("`a`", "`` `a` ``"), ("", "`  `")])
def test_code_holds_backticks(text, expected):
    assert code(text) == expected


def test_a_table_is_read_back():
    written = table(["Folder", "licence", "n"], [["wikigold", escape("CC | BY"), "1"], ["btc", "MIT", "2"]], 2)
    assert written.splitlines()[1] == "| --- | --- | ---: |"
    assert read_tables(f"text\n\n{written}\n\nmore | text") == [
        [
            {"folder": "wikigold", "licence": r"CC \| BY", "n": "1"},
            {"folder": "btc", "licence": "MIT", "n": "2"},
        ]
    ]


def test_two_tables():
    text = "| a |\n| --- |\n| 1 |\n\n| b |\n| --- |\n| 2 |\n"
    assert read_tables(text) == [[{"a": "1"}], [{"b": "2"}]]
