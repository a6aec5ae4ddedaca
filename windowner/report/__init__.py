"""Pages that open from disk: what a run learnt, and the answer of an experiment."""
