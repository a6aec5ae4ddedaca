"""Experiments: a config, a grid of keys, seeds and amounts of data; trials; and the answer that they give."""
