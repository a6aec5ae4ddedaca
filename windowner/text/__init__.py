"""Sentences and their tags: schemes as data, tags to spans and back."""
