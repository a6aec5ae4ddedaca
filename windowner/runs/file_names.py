"""The names of the files in a run's folder.

    runs/wikigold/
      config.toml               the config, every key spelled out
      history.jsonl             one line per epoch
      metrics.json              scores on dev and test, coverage, sizes, times
      dev.jsonl                 dev as the tagger tags it, one sentence per line (`runs/predictions.py`)
      model.safetensors         the model

A training works in a folder beside it, such as `runs/.wikigold.work` (`files.py`), which takes its place when the
training is done. While it trains, and after an interruption, `checkpoint.safetensors` is there (`runs/checkpoint.py`).

`config/` and `tagger/` stand above this room and need one name each. Both names are defined there and repeated here.
"""

from windowner.config.loading import RUN_CONFIG
from windowner.tagger import parts

CONFIG_NAME = RUN_CONFIG
MODEL_NAME = parts.MODEL_NAME
HISTORY_NAME = "history.jsonl"
METRICS_NAME = "metrics.json"
DEV_NAME = "dev.jsonl"
CHECKPOINT_NAME = "checkpoint.safetensors"
FINISHED_NAMES = (CONFIG_NAME, HISTORY_NAME, METRICS_NAME, DEV_NAME, MODEL_NAME)
"""What a finished run holds."""

TEXT_NAMES = {"train": "train-text.jsonl", "dev": "dev-text.jsonl"}
"""Labelled text from memory (`runs/memory.py`)."""

HELD_OUT_LINES, HELD_OUT_ARRAYS = "held-out.jsonl", "held-out.safetensors"
"""What is said of a fold that is held out (`experiments/held_out.py`)."""

REPORT_NAME, PICTURES_NAME = "report.html", "pictures"
"""The page about a run, and the folder of its pictures (`report/page.py`)."""

PICTURE_SUFFIXES = (".svg", ".png")
OWN_NAMES = {*FINISHED_NAMES, CHECKPOINT_NAME, *TEXT_NAMES.values(), HELD_OUT_LINES, HELD_OUT_ARRAYS, REPORT_NAME}
"""All files that a run's folder may hold, beside its pictures. A training replaces a folder that holds no other."""
