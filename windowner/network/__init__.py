"""The mathematics by hand: the window network, its gradients, losses and decoding."""
