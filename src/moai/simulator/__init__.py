"""A Telegram Bot API and AI vendors on loopback, for the demo and the tests; the bot does not know it."""
