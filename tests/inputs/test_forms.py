import numpy as np
import pytest

from windowner.inputs.features import Feature
from windowner.inputs.forms import FormEncoder, Forms
from windowner.inputs.tables import PAD, UNK, Table

ROWS = np.zeros((4, 2))


@pytest.fixture
def encoder():
    return FormEncoder(
        [
            Table("words", ROWS, 4, ["paris", "Rome"]),
            Table("capitals", ROWS, 4, ["lower", "title"], Feature("capitals")),
            Table("suffix1", ROWS, 4, ["s", "e"], Feature("suffix", "1")),
        ]
    )


@pytest.mark.parametrize(
    ("form", "rows"),
    [
        ("Rome", [3, 3, 3]),
        ("Paris", [2, 3, 2]),  # the word by the look-up ladder, its capitals by its own form
        ("paris", [2, 2, 2]),
        ("Oslo", [UNK, 3, UNK]),
        ("PARIS", [2, UNK, UNK]),  # a known word whose features are not
    ],
)
def test_a_form_has_a_row_in_each_table(encoder, form, rows):
    np.testing.assert_array_equal(encoder([form]), [rows])


def test_forms_are_numbered_as_they_come_and_form_0_is_the_padding(encoder):
    forms = Forms(encoder)
    np.testing.assert_array_equal(forms.F, [[PAD, PAD, PAD]])
    numbers = forms.numbers(["Paris", "Rome", "Paris", "Oslo"], 4)
    np.testing.assert_array_equal(numbers, [1, 2, 1, 3])
    assert numbers.dtype == forms.F.dtype == np.int32
    np.testing.assert_array_equal(forms.F, [[0, 0, 0], [2, 3, 2], [3, 3, 3], [1, 3, 1]])


def test_a_form_is_encoded_once(encoder):
    seen = []

    class Recording(FormEncoder):
        def __call__(self, forms):
            seen.extend(forms)
            return super().__call__(forms)

    forms = Forms(Recording(encoder.tables))
    forms.numbers(["is", "it", "is"], 3)
    assert forms.F.shape == (3, 3)
    forms.numbers(["it", "is"], 2)
    assert forms.F.shape == (3, 3)
    assert seen == ["is", "it"]


def test_the_table_grows_and_keeps_what_it_holds(encoder):
    """3,000 forms outgrow the first 1,024 rows twice; every row is still what the encoder says."""
    forms = Forms(encoder)
    words = [f"w{i}{end}" for i in range(1500) for end in "sX"]
    numbers = forms.numbers(words, len(words))
    np.testing.assert_array_equal(numbers, np.arange(1, 3001))
    np.testing.assert_array_equal(forms.F[1:], encoder(words))
    np.testing.assert_array_equal(forms.F[0], PAD)


def test_asking_whether_a_form_is_known_does_not_number_it(encoder):
    forms = Forms(encoder)
    assert "Paris" not in forms
    assert forms.get("Paris") is None
    assert len(forms.F) == 1


@pytest.mark.parametrize("token", [None, 3, b"Paris", ("Paris",), ["Paris"]])
def test_a_token_that_is_not_a_string_is_refused_and_leaves_no_trace(encoder, token):
    forms = Forms(encoder)
    with pytest.raises(ValueError, match="a token is "):
        forms.numbers(["Oslo", token], 2)
    numbers = forms.numbers(["Rome", "Oslo"], 2)
    np.testing.assert_array_equal(forms.F[numbers], [[3, 3, 3], [UNK, 3, UNK]])
