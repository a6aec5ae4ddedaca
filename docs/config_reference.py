"""Prints docs/config.md, which is made from the settings classes: `make docs`. A test compares page and classes."""

import json
from typing import Any

import msgspec

from windowner.config.config import SECTIONS
from windowner.config.presets import PRESETS, read_going_on

HEAD = """# Config reference

A config is a TOML file. Only `data.train` is required; every other key has the default below. Paths in a config are
relative to the config file. `--set section.key=value` overrides any key from the command line, where paths are
relative to the working directory. An unknown key or a bad value is an error that names file, key, value and what was
expected. The run's folder keeps the config with every key spelled out.

```toml
[data]
train = "../data/wikigold/train.conll"
dev = "../data/wikigold/dev.conll"

[vectors]
source = "glove-6b-50d"
```

This page is made from the code by `make docs`.
"""

PRESETS_HEAD = """## Presets

`preset = "best"` in the first line of a config, or `--set preset=best`, starts from other values than the defaults.
A key that the config sets keeps its value. The values of each preset are in `windowner/config/preset_files/`.
"""

GOING_ON_HEAD = """A training that starts from a trained model (`windowner train --init`) starts from these values. A
key that the config sets keeps its value:
"""


def main() -> None:
    """Print the page."""
    print(page(), end="")


def page() -> str:
    """Return the page."""
    presets = [f"- `{name}`: {what}." for name, what in PRESETS.items()]
    going_on = [
        f"    {section}.{key} = {json.dumps(value)}"
        for section, keys in read_going_on().items()
        for key, value in keys.items()
    ]
    sections = [_section(name, settings) for name, settings in SECTIONS.items()]
    return "\n".join([HEAD, PRESETS_HEAD, *presets, "", GOING_ON_HEAD, *going_on, "", *sections])


def _section(name: str, settings: type[Any]) -> str:
    schema = msgspec.json.schema(settings)
    definition = schema["$defs"][settings.__name__]
    required = definition.get("required", [])
    rows = [_row(key, entry, key in required) for key, entry in definition["properties"].items()]
    head = ["| key | expected | default | meaning |", "| --- | --- | --- | --- |"]
    return "\n".join([f"## [{name}]", "", definition["description"], "", *head, *rows, ""])


def _row(key: str, entry: dict[str, Any], required: bool) -> str:
    default = "required" if required else f"`{json.dumps(entry['default'])}`"
    return f"| `{key}` | {_expected(entry)} | {default} | {entry['description'].replace('|', '&#124;')} |"


def _expected(entry: dict[str, Any]) -> str:
    if "anyOf" in entry:
        return " or ".join(map(_expected, entry["anyOf"]))
    if "enum" in entry:
        return ", ".join(f"`{json.dumps(value)}`" for value in entry["enum"])
    if "$ref" in entry:
        return "table"
    if entry["type"] == "array":
        return f"list of {_expected(entry['items'])}"
    bounds = [f"{sign} {entry[word]}" for word, sign in _BOUNDS.items() if word in entry]
    return " ".join([entry["type"].replace("number", "float"), ", ".join(bounds)]).strip()


_BOUNDS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}

if __name__ == "__main__":
    main()
