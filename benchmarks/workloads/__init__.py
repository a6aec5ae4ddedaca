"""What is measured: each module asks workers, and returns their answers."""
