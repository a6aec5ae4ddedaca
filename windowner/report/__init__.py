"""What a run and an experiment learnt, as pages that open from disk: computed, drawn, then written."""
