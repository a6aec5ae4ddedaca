"""Accuracy: ablation, presets, errors, and the lecture's demonstrations; each a make target."""
