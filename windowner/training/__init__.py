"""Optimizers, schedules, dropout and the epoch loop."""
