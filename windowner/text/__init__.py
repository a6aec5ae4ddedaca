"""Sentences and their tags: the schemes as data, and the way from tags to spans and back."""
