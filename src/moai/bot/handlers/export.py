"""/export: the current discussion, or the whole project, as a document."""

from __future__ import annotations

from telegram import Update

from moai.bot.desk import Context, desk_of
from moai.bot.exports import DEFAULT, NOTHING, send_export, send_project
from moai.bot.keyboards import clipped
from moai.bot.words import argument_of, place_of
from moai.errors import InvalidInput
from moai.export import FORMATS

WHOLE = "all"


async def export(update: Update, context: Context) -> None:
    """Send the discussion in the format that is named, or all of the project's; raise InvalidInput.

    What is exported is decided now; writing and sending it take their time, and the chat's next updates do not wait.
    """
    if (message := update.message) is None:
        return
    ending, is_whole = _wishes(argument_of(message))
    desk, place = desk_of(context), place_of(message)
    project = await desk.projects.current(place)
    if is_whole:
        desk.inbox.later(update.update_id, send_project(desk, message, project, ending))
    elif (run := await desk.discussions.latest(place, project.id)) is not None:
        desk.inbox.later(update.update_id, send_export(desk, message, run.discussion_id, ending))
    else:
        raise InvalidInput(NOTHING)


def _wishes(argument: str) -> tuple[str, bool]:
    """Return the format, and whether all discussions are wanted, from words in any order."""
    words = [word.lower().lstrip(".") for word in argument.replace(",", " ").split()]
    for word in words:
        if word != WHOLE and word not in FORMATS:
            raise InvalidInput(
                f"I do not know the format {clipped(word)}. Write /export md, /export html or /export json, "
                "with all after it for every discussion of the project."
            )
    chosen = [word for word in words if word in FORMATS]
    return (chosen[-1] if chosen else DEFAULT), WHOLE in words
