"""The chat to type in: one private chat on a terminal, its draft growing above the line of input."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from prompt_toolkit import PromptSession
from prompt_toolkit.application import in_terminal
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import Style

from moai.demo.house import TEAM, changes_in, pass_on
from moai.demo.layout import GUTTER, Fragment, Line, fit, lines_of
from moai.demo.messages import WIDTH, told
from moai.log import configure_logging
from moai.simulator.changes import Change, DraftChanged
from moai.simulator.chats import PrivateChat
from moai.simulator.model import Message
from moai.simulator.telegram import Simulator

WELCOME = """\
MoAI's demo. This is a chat with the real bot, in a Telegram that is simulated on this machine.
At the table are three demo voices, {team}: prepared words, no real model. Nothing leaves this machine.

Three things to try:
  Should we rewrite it?     any question: all three answer it at once
  /status                   who is at the table, and what is under way
  /help                     everything that the bot understands

Tab completes commands, Ctrl-D or /quit ends the demo.
"""
GOODBYE = "Goodbye. Nothing of this was kept."

QUIT = "/quit"
BELOW = 6
"""Rows that the draft leaves to the line of input, and to the completions below it."""

STYLE = Style.from_dict({"quote": "fg:ansigray"})
INPUT_SIGN = ("bold fg:ansigreen", "> ")


async def talk(sim: Simulator, chat: PrivateChat) -> int:
    """Let the person at the terminal talk to the bot until they leave; return the exit code."""
    await Terminal(sim, chat).run()
    return 0


class Terminal:
    """What is on the screen; the input and output are those of prompt-toolkit's current session."""

    def __init__(self, sim: Simulator, chat: PrivateChat) -> None:
        self._sim = sim
        self._chat = chat
        self._session: PromptSession[str] = PromptSession(
            self._prompt,
            completer=WordCompleter(self._words, WORD=True),
            complete_while_typing=False,
            reserve_space_for_menu=BELOW - 1,
            style=STYLE,
            erase_when_done=True,
            interrupt_exception=EOFError,
        )

    async def run(self) -> None:
        """Show the chat until the person leaves."""
        with _undisturbed(), changes_in(self._sim) as changes:
            self._print(lines_of(WELCOME.format(team=", ".join(TEAM)), (), self._width))
            try:
                async with asyncio.TaskGroup() as tasks:
                    showing = tasks.create_task(pass_on(changes, self._show))
                    await self._read()
                    showing.cancel()
            finally:
                self._print([(("", GOODBYE),)])

    async def _read(self) -> None:
        while True:
            try:
                text = await self._session.prompt_async(set_exception_handler=False, handle_sigint=False)
            except EOFError:
                return
            if text.strip() == QUIT:
                return
            if text.strip():
                self._say(text)

    def _say(self, text: str) -> None:
        """Write a message, or press the button of that name."""
        button = re.fullmatch(r"\s*\[(.+)\]\s*", text)
        message = self._newest_with(button[1]) if button else None
        if button and message:
            self._chat.press(message, button[1])
        else:
            self._chat.says(text)

    def _newest_with(self, button: str) -> Message | None:
        messages = reversed(self._chat.bot_messages)
        return next((message for message in messages if button in message.buttons), None)

    async def _show(self, change: Change) -> None:
        if isinstance(change, DraftChanged):
            self._session.app.invalidate()
        elif lines := told(change, self._width - GUTTER):
            async with in_terminal():
                self._print([*lines, ()])

    def _prompt(self) -> FormattedText:
        """Return the draft, as much of it as there is room for, and the sign in front of what is typed."""
        rows = self._session.app.output.get_size().rows
        return FormattedText([*_ended(self._draft(max(1, rows - BELOW))), INPUT_SIGN])

    def _draft(self, height: int) -> list[Line]:
        text = self._chat.draft
        if text is None:
            return []
        return fit([*lines_of(text or "Thinking…", self._chat.draft_entities, self._width), ()], height)

    def _words(self) -> list[str]:
        buttons = [f"[{button}]" for message in self._chat.bot_messages[-1:] for button in message.buttons]
        commands = [f"/{name}" for name in self._sim.commands]
        return [*buttons, *commands, QUIT, *(f"@{alias}" for alias in TEAM)]

    def _print(self, lines: Sequence[Line]) -> None:
        output = self._session.app.output
        print_formatted_text(output, FormattedText(_ended(lines)), STYLE)
        output.flush()

    @property
    def _width(self) -> int:
        return min(self._session.app.output.get_size().columns, WIDTH)


def _ended(lines: Sequence[Line]) -> Iterator[Fragment]:
    for line in lines:
        yield from line
        yield "", "\n"


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Have the log written above the line of input, and none when the demo is over and all is thrown away."""
    try:
        with patch_stdout():
            configure_logging("WARNING", ())
            yield
    finally:
        configure_logging("ERROR", ())
