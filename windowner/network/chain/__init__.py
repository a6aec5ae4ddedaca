"""Whole tag sequences: the scores of neighbouring tags, the sentence-level loss, probabilities and decoding."""
