"""Runs notebooks: kernels forked or started, their limits, several at a time."""
