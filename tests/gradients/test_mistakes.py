"""Planted mistakes last as long as the `with` statement. Which gradients they spoil is tested in `test_check.py`."""

import pytest

from windowner.gradients.mistakes import MISTAKES, planted


def part(mistake):
    owner, name, *_ = MISTAKES[mistake]
    return owner[name] if isinstance(owner, dict) else getattr(owner, name)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_right_part_comes_back_also_after_an_error(mistake):
    right = part(mistake)
    with planted(mistake):
        assert part(mistake) is not right
    assert part(mistake) is right
    with pytest.raises(ZeroDivisionError), planted(mistake):
        raise ZeroDivisionError
    assert part(mistake) is right


def test_an_unknown_mistake_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"no mistake 'typo'; the mistakes are a repeated row counted once, "):
        with planted("typo"):
            pass
