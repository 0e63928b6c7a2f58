"""`moai demo`: the whole bot tried here; owns the choice between a chat to type in and a tour to read."""

from __future__ import annotations

import asyncio
import io
import os
import sys

from moai.demo.house import Show, open_house
from moai.demo.terminal import talk
from moai.demo.tour import STEPS, TEMPO, tour
from moai.errors import MoaiError
from moai.log import configure_logging

FAILED = 1


async def demo(stop: asyncio.Event) -> int:
    """Show MoAI on this terminal, or as a transcript where there is none; return the exit code.

    Raises what ended the bot, where that is a bug.
    """
    configure_logging("WARNING", ())
    # Everything here is on loopback, which a proxy of the environment's would not reach.
    os.environ["no_proxy"] = "*"
    is_terminal = all(each is not None and each.isatty() for each in (sys.stdin, sys.stdout))
    try:
        return await open_house(talk if is_terminal else _tour_for(stop), stop, 1.0 if is_terminal else TEMPO)
    except MoaiError as error:
        sys.stderr.write(f"moai demo: {error.sentence}\n")
        return FAILED


def _tour_for(stop: asyncio.Event) -> Show:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without emoji gets the words all the same

    def write(text: str) -> None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError:  # whoever reads, such as head, has seen enough, or there is no room
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            stop.set()

    return lambda sim, chat: tour(sim, chat, STEPS, write, sys.stderr.write)
