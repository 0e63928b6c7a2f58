"""The bot's commands beside the settings, which must let no alias take one of them."""

from __future__ import annotations

import pytest

from moai.bot.handlers import COMMANDS
from moai.settings.team import COMMANDS as RESERVED


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_no_alias_can_take_the_name_of_a_command(name: str) -> None:
    assert name in RESERVED, "add it to COMMANDS in src/moai/settings/team.py"
