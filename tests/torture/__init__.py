"""MoAI killed again and again while people ask and everything around it fails; then counted what came of it."""
