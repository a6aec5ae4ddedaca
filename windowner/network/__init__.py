"""The mathematics by hand: the window network, its losses, its gradients and its decoding."""
