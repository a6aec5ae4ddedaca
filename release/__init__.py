"""What is checked of a release: the files of its archives, and that they work without this repository."""
