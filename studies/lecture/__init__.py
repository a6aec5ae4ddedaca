"""What docs/lecture.md and docs/choices.md show, measured."""
