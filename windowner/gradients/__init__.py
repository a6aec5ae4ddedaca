"""The same network from gates, three gradients compared, and planted mistakes, for tests and lessons."""
