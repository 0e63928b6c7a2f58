"""The sentences that MoAI itself says in a chat; pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from moai.bot.page import Page
from moai.bot.render import Piece, clip_utf16
from moai.core.model import Participant, Project, Status

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

NOT_READ = "I read text, pictures, documents (text, Markdown, code, PDF) and voice messages."
NO_TRANSCRIPTION = (
    "I cannot listen to voice messages yet: whoever runs the bot has to name an endpoint that turns speech into "
    "text, such as MOAI_TRANSCRIPTION=openai:whisper-1. Please write it instead."
)
WHAT_ABOUT_IT = (
    "What would you like to know about it? Send it again with your question as its caption, or reply to it with "
    "your question."
)
STOP_IT = "⏹ Stop it"
NOTHING_RUNS = "Nothing is under way here."
STOPPED = "Stopped. What was said is kept."
STOPPED_BY_BUTTON = "Stopped."
OVER_ALREADY = "That is over already."
DRAFTS_NEED_A_QUESTION = (
    "Independent drafts begin a discussion, so they need a question: /discuss 3 drafts Should we rent or buy?"
)
CONSENSUS_COMES = "🤝 A consensus is written as soon as this round is over. /stop ends the discussion at once."
NOTED = "Noted: whoever speaks next will see it."
NOT_ALLOWED_TO_PRESS = "You are not allowed to use this bot here."

INTRODUCTION = """\
Hello! I put a team of AI models at one table in this group: {team}.

• /open and a question asks all of them at once.
• {commands} and a question asks one.
• Reply to an answer to go on with its model.

/help lists what else I understand. {hearing}"""
HEARS_MENTIONS = "@{alias} anywhere in a message works too."

NO_DISCUSSION = "none yet; /open and a question begins one"
_STATUS_WORDS = {
    Status.RUNNING: "under way",
    Status.DONE: "done",
    Status.STOPPED: "stopped early",
    Status.FAILED: "ended by an error",
}


def introduction(team: Sequence[Participant], *, hears_everything: bool) -> str:
    """Return what a group is told when the bot joins it."""
    names = [each.alias for each in team] or ["nobody yet"]
    hearing = HEARS_MENTIONS.format(alias=names[0]) if hears_everything else PRIVACY_ON
    commands = ", ".join(f"/{each.alias}" for each in team)
    return INTRODUCTION.format(team=", ".join(names), commands=commands or "/ask", hearing=hearing)


def history_cut(aliases: Sequence[str]) -> str:
    """Return what a chat is told once, when a discussion has outgrown what models are shown."""
    see = "no longer sees" if len(aliases) == 1 else "no longer see"
    return (
        f"✂️ {', '.join(aliases)} {see} the beginning of this discussion, which has become too long. The newest turns "
        "are in view; /open begins a new discussion."
    )


def one_more_round(rounds: int) -> str:
    """Return what is told to who asked for another round of a discussion that is under way."""
    return f"One more round: {rounds} in all."


def absent(aliases: Sequence[str]) -> str:
    """Return what a chat is told where models of the project's team are not configured any more."""
    are = "is" if len(aliases) == 1 else "are"
    return f"{', '.join(aliases)} {are} on this project's team but not configured any more, and left out."


def other_project(name: str) -> str:
    """Return what is told to who replies to an answer that belongs to another project than the current one."""
    return f"That belongs to the project “{name}”: choose it with /projects first, then reply again."


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
    project: Project, team: Sequence[Participant], discussion: tuple[str, Status] | None, *, hears_everything: bool
) -> Piece:
    """Return the answer to /status; `discussion` is what the latest run is about, and how it stands."""
    page = Page()
    page.bold("Project")
    page.write(f" · {project.name}\n\n")
    page.bold("Team\n")
    for each in team:
        page.write(f"• {each.alias} · {each.model} ({each.provider})\n")
    page.write("\n" if team else "nobody\n\n")
    page.bold("Discussion")
    page.write(f" · {_discussion_line(*discussion) if discussion else NO_DISCUSSION}\n\n")
    page.write(PRIVACY_OFF if hears_everything else PRIVACY_ON)
    return page.piece()


def _discussion_line(topic: str, status: Status) -> str:
    return f"“{clip_utf16(' '.join(topic.split()), 120)}” · {_STATUS_WORDS[status]}"
