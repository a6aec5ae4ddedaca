"""Benchmarks, run from the project's folder: `make bench`."""
