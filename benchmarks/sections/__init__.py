"""The sections of docs/benchmarks.md: each module makes the text of one from the results of all workloads."""
