"""Lost, misread, escaped and invisible characters, by form."""

import pytest


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("M\ufffdnchen", '"M\ufffdnchen" holds U+FFFD, a character that was lost'),
        ("MÃ¼nchen", '"MÃ¼nchen" is UTF-8 that was read in another encoding; "München" was meant'),
        ("donâ€™t", '"donâ€™t" is UTF-8 that was read in another encoding; "don’t" was meant'),
        ("РїСЂРёРІРµС‚", ""),  # Cyrillic misread as Windows-1251 is not Windows-1252
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", '"Ð¿Ñ€Ð¸Ð²ÐµÑ‚" is UTF-8 that was read in another encoding; "привет" was meant'),
        ("ä¸\xadå›½", '"ä¸\xadå›½" is UTF-8 that was read in another encoding; "中国" was meant'),
        ("AT&amp;T", '"AT&amp;T" holds an HTML entity'),
        ("&#39;", '"&#39;" holds an HTML entity'),
    ],
)
def test_lost_characters(find, form, found):
    assert find("lost-characters", train=f"a\tO\n{form}\tO\n") == ([(found, ["train:2"])] if found else [])


@pytest.mark.parametrize(
    "form",
    ["München", "Fuß“", "CAFÉ–", "Ñandú", "Ãœ", "São", "À", "naïve”", "AT&T", "a&b;c", "привет", "中国", "¿Qué?"],
)
def test_text_that_only_looks_misread(find, form):
    expected = [] if form != "Ãœ" else ["Ü"]  # a whole misreading, of one letter
    assert [found.split('"')[3] for found, _ in find("lost-characters", train=f"{form}\tO\n")] == expected


def test_an_empty_token_is_a_lost_character(find):
    assert find("lost-characters", train="a\tO\n\tO\n") == [("an empty token", ["train:2"])]


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("Aus\u00adtralian", '"Aus\\xadtralian" holds U+00AD SOFT HYPHEN'),
        ("a\u200bb", '"a\\u200bb" holds U+200B ZERO WIDTH SPACE'),
        ("a\x07b", '"a\\x07b" holds U+0007'),
        ("\u202eabc", '"\\u202eabc" holds U+202E RIGHT-TO-LEFT OVERRIDE'),
        ("\u00a0", "a token of white space, '\\xa0'"),
        ("😳 ", '"😳 " holds U+0020 SPACE'),
        ("a\u2028b", '"a\\u2028b" holds U+2028 LINE SEPARATOR'),
    ],
)
def test_invisible_characters(find, form, found):
    assert find("invisible-characters", train=f"a\tO\n{form}\tO\n") == [(found, ["train:2"])]


@pytest.mark.parametrize(
    "form", ["New York", "10\u00a0000", "👩\u200d🚀", "می\u200cخواهم", "🏴\U000e0067\U000e0062\U000e007f", "e\u0301"]
)
def test_characters_that_belong_to_words(find, form):
    assert find("invisible-characters", train=f"{form}\tO\n") == []


def test_all_places_of_a_form_in_all_splits(find):
    assert find("lost-characters", train="&amp;\tO\nb\tO\n&amp;\tO\n", dev="b\tO\n&amp;\tO\n") == [
        ('"&amp;" holds an HTML entity', ["train:1", "train:3", "dev:2"])
    ]
