"""Model, the frozen thing that a file holds, and Tagger, a model that tags."""
