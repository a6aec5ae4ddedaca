"""Files of sentences, as users have them: one module per format."""
