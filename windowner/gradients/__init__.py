"""The same network from gates, and three gradients compared."""
