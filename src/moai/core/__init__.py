"""The team and its discussions in plain Python: the standard library and moai.errors, nothing else."""
