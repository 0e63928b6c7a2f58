"""Markdown to Telegram's text and entities, step by step; pure, and knows neither bots nor models."""
