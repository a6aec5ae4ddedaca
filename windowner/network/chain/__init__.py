"""Whole tag sequences: scores of neighbouring tags, their loss, marginals and decoding."""
