"""The config that commands use where none is given: 40 sentences that come with windowner, with their word vectors."""

from pathlib import Path

from windowner.config.config import Config

SAMPLE_CONFIG = Path(__file__).with_name("sample") / "sample.toml"


def is_sample(config: Config) -> bool:
    """Return whether a config is the sample's."""
    return config.directory == SAMPLE_CONFIG.parent
