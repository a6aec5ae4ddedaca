"""Training: optimizers, schedules, dropout, diagnostics and the epoch loop."""
