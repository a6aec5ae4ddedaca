"""What is measured: each module asks workers, and turns what they answer into tables."""
