"""Texts with marked entities, scores and shares as HTML, which escapes whatever comes from data."""
