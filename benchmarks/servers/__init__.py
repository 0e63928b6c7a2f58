"""The servers around MoAI, lean and in processes of their own: they stamp and count, and are strict about nothing."""
