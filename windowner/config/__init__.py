"""A config: TOML to frozen dataclasses, with presets."""
