"""Damage: strategies that change a valid sample, byte by byte or value by value."""

import json
import tomllib
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import tomli_w
from hypothesis import strategies as st
from safetensors.numpy import save

from windowner.experiments.held_out import DESCRIPTION
from windowner.tagger.model_file import FORMAT, _canonical, digest_of

PIECES = [
    *(
        b"\0",
        b"\xff",
        b"\n",
        b"\r",
        b"\t",
        b" ",
        b'"',
        b"{",
        b"[",
        b"}",
        b"]",
        b",",
        b"-",
        b"0",
        b"\xef\xbb\xbf",
        b"\x85",
    ),
    *(b"nan", b"inf", b"1e999", b"-1", b"18446744073709551616", b"null", b"\\ud800", b"\xed\xa0\x80", b"\xe2\x80\xa8"),
    *(b"[" * 3000, b'{"a":' * 3000, b"9" * 5000, b"B-", b"O", b"-DOCSTART-"),
]
VALUES = [
    *(None, True, 0, -1, 1, 3, 0.5, -0.5, 1e308, 1e-308, 2**31, 2**32, 2**63, 2**64 - 1, -(2**63)),
    *(
        "",
        "x",
        "\0",
        "\n",
        "O",
        "B-LOC",
        "\ud800",
        "a" * 3000,
        "auto",
        [],
        {},
        [[]],
        [None],
        {"": ""},
        {"a": [1]},
        [1, 2],
        ["O"],
    ),
]


def deep(kind: str, depth: int = 3000) -> str:
    """JSON that is nested deeply."""
    return "[" * depth + "]" * depth if kind == "list" else '{"a":' * depth + "1" + "}" * depth


@st.composite
def edited_bytes(draw, samples):
    """A sample with some bytes flipped, replaced, inserted, removed, repeated, or taken from another sample."""
    content = bytearray(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from([1, 1, 1, 2, 4, 8, 64, len(content)]))
        match draw(st.integers(0, 6)):
            case 0 if place < len(content):
                content[place] ^= 1 << draw(st.integers(0, 7))
            case 1:
                content[place : place + length] = draw(st.binary(max_size=8))
            case 2:
                content[place:place] = draw(st.sampled_from(PIECES))
            case 3:
                del content[place : place + length]
            case 4:
                del content[place:]
            case 5:
                content[place:place] = content[place : place + length]
            case _:
                other = draw(st.sampled_from(samples))
                start = draw(st.integers(0, len(other)))
                content[place : place + length] = other[start : start + length]
    return bytes(content)


def places(value, path=()):
    """The path of each value in nested lists and dictionaries."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


@st.composite
def edited_value(draw, value, values=VALUES):
    """A nested value with some parts replaced, removed, renamed or doubled."""
    value = deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from([path for path in places(value) if path] or [("",)]))
        holder = value
        for key in path:
            holder = holder[key]
        if not isinstance(holder, dict | list) or last == "":
            continue
        match draw(st.integers(0, 5)):
            case 0:
                del holder[last]
            case 1 if isinstance(holder, dict):
                holder[draw(st.sampled_from(["", "x", "\0", *map(str, holder)]))] = holder.pop(last)
            case 1:
                holder.insert(last, deepcopy(holder[last]))
            case _:
                holder[last] = deepcopy(draw(st.sampled_from(values)))
    return value


@st.composite
def edited_json(draw, samples):
    """JSON, or JSON Lines, with some values of one record edited."""
    lines = draw(st.sampled_from(samples)).decode().splitlines()
    try:
        records = [json.loads(line) for line in lines if line]
    except ValueError:
        records = [json.loads("\n".join(lines))]
    number = draw(st.integers(0, len(records) - 1))
    texts = [json.dumps(record) for record in records]
    texts[number] = json.dumps(draw(edited_value(records[number])))
    text = "\n".join(texts)
    if draw(st.integers(0, 9)) == 0:
        text = text.replace(
            draw(st.sampled_from(["null", "0", '""', "[]", "1"])), deep(draw(st.sampled_from(["list", "dict"]))), 1
        )
    return text.encode("utf-8", "surrogatepass")


@st.composite
def edited_toml(draw, samples):
    """TOML with some values edited, as far as TOML has them."""
    values = [value for value in VALUES if value is not None and value not in ("\ud800", [None])]
    sections = draw(edited_value(tomllib.loads(draw(st.sampled_from(samples)).decode()), values))
    return tomli_w.dumps(sections).encode("utf-8", "surrogatepass") if isinstance(sections, dict) else b""


@dataclass(frozen=True, repr=False)
class Parts:
    """The description and the arrays of a file. They are too long to be printed with a case that fails."""

    description: dict
    arrays: dict


def packed(description, arrays) -> bytes:
    """A file of arrays whose digest is right."""
    described = {**description, "format": FORMAT}
    return save(arrays, {"windowner": _canonical({**described, "digest": digest_of(described, arrays)})})


def edited_rules(samples):
    """`edited_json` of the samples that are not compressed."""
    return edited_json([sample for sample in samples if sample.startswith(b"{")])


@st.composite
def edited_held_out(draw, samples):
    """What is said of a fold with some numbers edited, and with the right digest."""
    parts = draw(st.sampled_from(samples))
    arrays = {name: np.array(array) for name, array in parts.arrays.items()}
    tags = draw(
        st.one_of(st.just(parts.description["tags"]), edited_value(parts.description["tags"], ["O", "B-X", ""]))
    )
    array = arrays[name := draw(st.sampled_from(sorted(arrays)))]
    match draw(st.integers(0, 3)):
        case 0:
            arrays[name] = array[: draw(st.integers(0, len(array)))]
        case 1:
            arrays[name] = array[None]
        case 2:
            arrays[name] = array.astype(draw(st.sampled_from([np.float32, np.float64, np.int64, np.int32])))
        case _:
            values = [np.nan, np.inf, 3e38, 1] if array.dtype == np.float32 else [-1, 2**62, -(2**62), 3]
            array.reshape(-1)[draw(st.integers(0, array.size - 1))] = draw(st.sampled_from(values))
    arrays = {key: np.ascontiguousarray(value) for key, value in arrays.items()}
    digest, run = digest_of({"tags": tags}, arrays), parts.description["run"]
    described = {"tags": tags, "digest": digest, "lines": "", "run": run}
    return save(arrays, {DESCRIPTION: json.dumps(described)})


@st.composite
def edited_model(draw, samples):
    """A file of arrays with some values of its description or its arrays edited, and with the right digest."""
    parts = draw(st.sampled_from(samples))
    description, arrays = parts.description, parts.arrays
    if draw(st.booleans()):
        described = {key: value for key, value in description.items() if key != "digest"}
        description = draw(edited_value(described, [value for value in VALUES if value != "\ud800"]))
    else:
        name = draw(st.sampled_from(sorted(arrays)))
        array = np.array(arrays[name])
        match draw(st.integers(0, 4)):
            case 0:
                arrays = {key: value for key, value in arrays.items() if key != name}
            case 1 if array.size:
                arrays = {**arrays, name: array[: draw(st.integers(0, len(array)))]}
            case 2:
                arrays = {**arrays, name: array[None]}
            case 3 if array.dtype == np.uint8:
                strings = draw(edited_value(json.loads(array.tobytes())))
                packed_strings = json.dumps(strings).encode()
                arrays = {**arrays, name: np.frombuffer(packed_strings, np.uint8)}
            case _ if array.size and array.dtype == np.float32:
                place = draw(st.integers(0, array.size - 1))
                array.reshape(-1)[place] = draw(st.sampled_from([np.nan, np.inf, 3e38, -1e30, 1e9, 1e-40, 0]))
                arrays = {**arrays, name: array}
            case _:
                arrays = {**arrays, "more": np.zeros(3, np.float32)}
    return packed(description, arrays)
