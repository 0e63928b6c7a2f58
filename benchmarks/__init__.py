"""What MoAI costs in time, measured with `moai run` as a process of its own; run by `make bench`."""
