"""The network as a graph of gates, the comparison of three gradients, and planted mistakes for tests and lessons."""
