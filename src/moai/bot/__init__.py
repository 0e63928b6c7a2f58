"""The Telegram side of MoAI; python-telegram-bot lives here and nowhere else."""

import os

# python-telegram-bot warns at every flood limit until it is told that we want durations as timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "1")
