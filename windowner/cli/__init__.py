"""The command line: one module a command, each a thin wrapper around a function."""
