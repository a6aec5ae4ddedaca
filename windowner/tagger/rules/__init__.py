"""Rules beside the model: what they say, where they match, and what they demand of the tags."""
