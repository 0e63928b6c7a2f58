"""MoAI puts a team of AI models into a Telegram chat."""

__version__ = "0.1.0"
