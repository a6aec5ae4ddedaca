"""Object stores: addresses that behave as paths, and errors of stores in one line."""
