"""Streams and folders of files through a tagger."""
