"""The figures, a module each: every one a ratio or a difference that is taken within one run."""
