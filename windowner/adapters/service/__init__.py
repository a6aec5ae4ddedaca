"""The HTTP service: a tagger that answers requests, and a page to try it on."""
