"""The methods of the simulated Bot API: METHODS is the one list of them."""

from __future__ import annotations

from moai.simulator.methods.bot import BOT_METHODS
from moai.simulator.methods.chats import CHAT_METHODS
from moai.simulator.methods.common import Method
from moai.simulator.methods.files import FILE_METHODS
from moai.simulator.methods.messages import MESSAGE_METHODS
from moai.simulator.methods.presence import PRESENCE_METHODS

METHODS: dict[str, Method] = {
    **BOT_METHODS,
    **CHAT_METHODS,
    **FILE_METHODS,
    **MESSAGE_METHODS,
    **PRESENCE_METHODS,
}
