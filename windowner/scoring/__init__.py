"""Entity precision, recall and F1 as conlleval counts them; how sure they are, and how honest probabilities."""
