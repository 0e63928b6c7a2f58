"""Which reactions a bot may leave (https://core.telegram.org/bots/api#reactiontypeemoji); leaves none."""

from __future__ import annotations

from typing import Any

from moai.simulator.refusal import bad_request

_LISTED = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 "
    "😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 "
    "👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 "
    "🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡 "
)
EMOJI = frozenset(_LISTED.split())

VARIATION = "\ufe0f"
"""What apps add to an emoji for its coloured form; Telegram's list of reactions is without."""


def read_reactions(value: Any, available: frozenset[str] | None) -> tuple[str, ...]:
    """Return the emoji of a `reaction`, none to take them away; raise ApiError. A bot may leave one.

    `available` are those that the chat allows, None for all that there are.
    """
    if value is None or value == []:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise bad_request("can't parse reaction types JSON object")
    if len(value) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = str(value[0].get("emoji", "")).replace(VARIATION, "")
    if value[0].get("type") != "emoji" or emoji not in EMOJI & (EMOJI if available is None else available):
        raise bad_request("REACTION_INVALID")
    return (emoji,)
