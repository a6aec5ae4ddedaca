"""Speed: windowner against PyTorch, spaCy and CRFsuite, and what its own parts cost; each a make target."""
