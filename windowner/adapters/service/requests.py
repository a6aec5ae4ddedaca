"""Requests: bodies of JSON, decoded and checked against the limits."""

from collections.abc import Sequence
from itertools import chain
from typing import Annotated, TypeVar

import msgspec

from windowner.adapters.service.limits import Limits
from windowner.adapters.service.problems import Problem

Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]
Number = Annotated[int, msgspec.Meta(ge=0)]


class TagRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Text to tag: exactly one of `text`, `texts` and `tokens`.

    Parameters
    ----------
    text, texts
        One text, or several. Each one is a document.
    tokens
        Sentences, each a list of tokens.
    document
        Whether the sentences of `tokens` are a document. Otherwise each sentence comes alone.
    min_probability
        Entities that are less probable are left out; by default, those below the model's cutoffs.
    """

    text: str | None = None
    texts: list[str] | None = None
    tokens: list[list[str]] | None = None
    document: bool = False
    min_probability: Probability | None = None

    @property
    def all_texts(self) -> list[str]:
        """The texts; [] if the request has tokens."""
        return self.texts or ([] if self.text is None else [self.text])

    @property
    def characters(self) -> int:
        """Number of characters."""
        return sum(map(len, self.all_texts)) + sum(map(len, chain.from_iterable(self.tokens or [])))

    def check(self, limits: Limits) -> None:
        """Refuse what is not exactly one of the three, and what exceeds a limit."""
        _check_one(("text", self.text), ("texts", self.texts), ("tokens", self.tokens))
        _check_texts("texts" if self.text is None else "text", self.all_texts, limits)
        _check_tokens(self.tokens or [], limits)


class ExplainRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A word to explain, in exactly one of `text` and `tokens`.

    Parameters
    ----------
    text, tokens, document
        As in `TagRequest`.
    word
        Number of the token, from 0. All sentences are counted end to end.
    character
        With `text`, in place of `word`: the place of one of the token's characters, from 0.
    tag, against
        The two tags; see `Tagger.explain`.
    """

    text: str | None = None
    tokens: list[list[str]] | None = None
    document: bool = False
    word: Number | None = None
    character: Number | None = None
    tag: str | None = None
    against: str | None = None

    @property
    def characters(self) -> int:
        """Number of characters."""
        return len(self.text or "") + sum(map(len, chain.from_iterable(self.tokens or [])))

    def check(self, limits: Limits) -> None:
        """Refuse what leaves open which word is meant, and what exceeds a limit."""
        _check_one(("text", self.text), ("tokens", self.tokens))
        _check_one(("word", self.word), ("character", self.character))
        if self.character is not None and self.text is None:
            raise Problem(422, "character", "tokens", "word, the number of a token")
        _check_texts("text", [] if self.text is None else [self.text], limits)
        _check_tokens(self.tokens or [], limits)


Request = TagRequest | ExplainRequest
Asked = TypeVar("Asked", TagRequest, ExplainRequest)


def decode(body: bytes, kind: type[Asked], limits: Limits) -> Asked:
    """Return the request that a body holds.

    Raises
    ------
    Problem
        The body is no JSON, is of another shape, or exceeds a limit.
    """
    try:
        request = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise _shape_problem(str(error), kind) from None
    except RecursionError:
        raise Problem(400, "body", "JSON of too many levels", "a JSON object") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        found = f"no JSON in UTF-8 ({error})"
        raise Problem(400, "body", found, "a JSON object; no half of a surrogate pair") from None
    request.check(limits)
    return request


def _shape_problem(message: str, kind: type[Asked]) -> Problem:
    """Return a message of msgspec as a problem.

    There are four forms of messages:

    Expected `str`, got `int` - at `$.texts[0]`
    Expected `float` <= 1 - at `$.min_probability`
    Object contains unknown field `txt`
    Number out of range - at `$.word`
    """
    sentence, _, path = message.replace("`", "").partition(" - at $")
    where = path.removeprefix(".") or "body"
    if not sentence.startswith("Expected "):
        is_key = "unknown field" in sentence
        expected = f"the keys {', '.join(kind.__struct_fields__)}" if is_key else "another value"
        return Problem(422, where, sentence[0].lower() + sentence[1:], expected)
    expected, _, found = sentence.removeprefix("Expected ").replace(" | null", "").partition(", got ")
    return Problem(422, where, found or "another value", expected)


def _check_one(*pairs: tuple[str, object]) -> None:
    """Refuse a request that has none of these keys, or several of them."""
    given = [name for name, value in pairs if value is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none of them"
        raise Problem(422, "body", found, f"exactly one of {', '.join(name for name, _ in pairs)}")


def _check_texts(where: str, texts: Sequence[str], limits: Limits) -> None:
    if len(texts) > limits.texts:
        raise Problem(422, where, f"{len(texts):,} texts", f"at most {limits.texts:,}")
    for number, text in enumerate(texts):
        if len(text) > limits.text:
            place = where if where == "text" else f"{where}[{number}]"
            raise Problem(422, place, f"{len(text):,} characters", f"at most {limits.text:,}")


def _check_tokens(sentences: Sequence[Sequence[str]], limits: Limits) -> None:
    if len(sentences) > limits.texts:
        raise Problem(422, "tokens", f"{len(sentences):,} sentences", f"at most {limits.texts:,}")
    count = sum(map(len, sentences))
    if count > limits.tokens:
        raise Problem(422, "tokens", f"{count:,} tokens", f"at most {limits.tokens:,}")
