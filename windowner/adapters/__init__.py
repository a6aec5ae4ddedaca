"""The tagger inside of other libraries and programs."""
