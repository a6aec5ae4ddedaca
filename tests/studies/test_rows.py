"""Each row of ablation and languages is a config that can be read. tests/studies/test_scripts.py trains one alone."""

import pytest

from studies import ablation, languages
from windowner.config.loading import load_config

ROWS = [*ablation.ROWS.values(), *languages.ROWS.values()]


@pytest.mark.parametrize("keys", ROWS, ids=map(str, range(len(ROWS))))
def test_a_row_is_a_config(keys, tiny_config):
    assert load_config(tiny_config, list(keys))
