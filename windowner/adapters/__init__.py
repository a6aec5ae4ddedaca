"""Adapters: the tagger in scikit-learn, in spaCy, and behind HTTP."""
