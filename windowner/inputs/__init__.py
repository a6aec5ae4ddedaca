"""What the network reads: forms, their features, lookup tables, encoded text, batches."""
