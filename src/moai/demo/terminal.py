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
from moai.demo.messages import WIDTH, Teller
from moai.log import configure_logging
from moai.simulator.changes import Change, DraftChanged, MessageEdited, MessageSent
from moai.simulator.chats import PrivateChat
from moai.simulator.model import Message
from moai.simulator.telegram import Simulator

WELCOME = """\
MoAI's demo. This is a chat with the real bot, in a Telegram that is simulated on this machine.
At the table are three demo voices, {team}: prepared words, no real model. Nothing leaves this machine.

Three things to try:
  Should we rewrite it?     any question: all three answer it at once
  /discuss                  lets them argue about it, and you may join in
  /help                     everything that the bot understands

Buttons stand in brackets: type [Stop] to press one. Tab completes buttons and commands.
Ctrl-D or /quit ends the demo.
"""
GONE = "There is no such button now."
GOODBYE = "Goodbye. Nothing of this was kept."

QUIT = "/quit"
BELOW = 6
"""Rows that the draft leaves to the line of input, and to the completions below it."""

STYLE = Style.from_dict({"quote": "fg:ansigray"})
INPUT_SIGN = ("bold fg:ansigreen", "> ")
DRAFT_STOP = "Stop"
"""What Telegram's own button with a live draft is called here."""

_REACH = 30
"""Messages of the bot's whose buttons Tab completes; a board stands above all that is said after it."""
_BRACKETED = re.compile(r"\s*\[\s*(.+?)\s*\]\s*")
_SIGNS = re.compile(r"^\W+(?=\w)")


async def talk(sim: Simulator, chat: PrivateChat) -> int:
    """Let the person at the terminal talk to the bot until they leave; return the exit code."""
    await Terminal(sim, chat).run()
    return 0


class Terminal:
    """What is on the screen; the input and output are those of prompt-toolkit's current session."""

    def __init__(self, sim: Simulator, chat: PrivateChat) -> None:
        self._sim = sim
        self._chat = chat
        self._teller = Teller()
        # Of all buttons that there were: whoever types a name too late means the button, not a question to the team.
        self._names = {DRAFT_STOP.casefold()}
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
        """Write a message, or press the button of that name; say so where that button is gone."""
        named = _BRACKETED.fullmatch(text)
        name = named[1].casefold() if named else ""
        if found := self._newest(name):
            self._chat.press(*found)
        elif name == DRAFT_STOP.casefold() and self._chat.draft_has_stop:
            self._chat.presses_stop()
        elif name in self._names:
            self._print([(("", GONE),), ()])
        else:
            self._chat.says(text)

    def _newest(self, name: str) -> tuple[Message, str] | None:
        """Return the newest button of that name, and its message."""
        buttons = ((message, button) for message in reversed(self._chat.bot_messages) for button in message.buttons)
        return next(((message, button) for message, button in buttons if name in _names(button)), None)

    async def _show(self, change: Change) -> None:
        if isinstance(change, MessageSent | MessageEdited):
            self._names.update(name for button in change.message.buttons for name in _names(button))
        if isinstance(change, DraftChanged):
            self._session.app.invalidate()
        elif lines := self._teller.tell(change, self._width - GUTTER):
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
        stop: list[Line] = [(("reverse", f"[{DRAFT_STOP}]"),)] if self._chat.draft_has_stop else []
        return fit([*lines_of(text or "Thinking…", self._chat.draft_entities, self._width), *stop, ()], height)

    def _words(self) -> list[str]:
        recent = reversed(self._chat.bot_messages[-_REACH:])
        names = [_name(button) for message in recent for button in message.buttons]
        if self._chat.draft_has_stop:
            names.append(DRAFT_STOP)
        commands = [f"/{name}" for name in self._sim.commands]
        return [*(f"[{name}]" for name in dict.fromkeys(names)), *commands, QUIT, *(f"@{alias}" for alias in TEAM)]

    def _print(self, lines: Sequence[Line]) -> None:
        output = self._session.app.output
        print_formatted_text(output, FormattedText(_ended(lines)), STYLE)
        output.flush()

    @property
    def _width(self) -> int:
        return min(self._session.app.output.get_size().columns, WIDTH)


def _name(button: str) -> str:
    """Return what a button is called by whoever cannot type the sign in front of it."""
    return _SIGNS.sub("", button)


def _names(button: str) -> tuple[str, str]:
    """Return what a button may be called, with and without its sign; small and capital letters are the same."""
    return button.casefold(), _name(button).casefold()


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
