"""The sentences that MoAI itself says in a chat; pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from moai.bot.page import Page
from moai.bot.render import Piece, clip_utf16
from moai.core.model import Discussion, Participant, Project, Status

GREETING = """\
Hello! I put a team of AI models at one table in this chat: {team}.

Ask all of them at once with /open and your question{here}. Each answers in a message of its own.
/help lists what I understand."""

BUG = "Something went wrong inside MoAI, and it was written to the log. Please try again."

PRIVACY_ON = (
    "Telegram's privacy mode is on: in groups I hear commands and replies to me, nothing else. To let me hear "
    "everything, switch it off with @BotFather (/setprivacy), then remove me from the group and add me again."
)
PRIVACY_OFF = "Telegram's privacy mode is off: in groups I hear every message."

TEXT_ONLY = "I read text only. Please write your question in words; a caption is not read yet."

_STATUS_WORDS = {
    Status.RUNNING: "under way",
    Status.DONE: "done",
    Status.STOPPED: "stopped early",
    Status.FAILED: "ended by an error",
}


def not_allowed(user_id: int) -> str:
    """Return what a stranger is told."""
    return (
        "This bot answers only the people whom its operator allows. To be let in, send the operator your "
        f"numeric id: {user_id}"
    )


def greeting(team: Sequence[Participant], *, is_private: bool) -> str:
    """Return the answer to /start."""
    names = ", ".join(each.alias for each in team) or "nobody yet"
    return GREETING.format(team=names, here=", or just write it here" if is_private else "")


def unknown_command(name: str, known: Iterable[str]) -> str:
    """Return the answer to a command that is not ours, naming its nearest neighbour."""
    nearest = difflib.get_close_matches(name, list(known), n=1)
    hint = f" Did you mean /{nearest[0]}?" if nearest else ""
    return f"I do not know /{clip_utf16(name, 40)}.{hint} /help lists what I understand."


def status_page(
    project: Project, team: Sequence[Participant], latest: Discussion | None, *, hears_everything: bool
) -> Piece:
    """Return the answer to /status."""
    page = Page()
    page.bold("Project")
    page.write(f" · {project.name}\n\n")
    page.bold("Team\n")
    for each in team:
        page.write(f"• {each.alias} · {each.model} ({each.provider})\n")
    page.write("\n" if team else "nobody\n\n")
    page.bold("Discussion")
    page.write(f" · {_discussion_line(latest)}\n\n")
    page.write(PRIVACY_OFF if hears_everything else PRIVACY_ON)
    return page.piece()


def _discussion_line(latest: Discussion | None) -> str:
    if latest is None:
        return "none yet; /open and a question begins one"
    question = clip_utf16(" ".join(latest.question.split()), 120)
    return f"“{question}” · {_STATUS_WORDS[latest.status]}"
