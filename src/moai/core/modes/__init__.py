"""The ways to hold a run, by name; a new one is a file here and a line in MODES."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from moai.core.modes import ask, open  # noqa: A004 - the mode's name is the command's
from moai.core.modes.plan import Mode

ASK = "ask"
OPEN = "open"

MODES: Mapping[str, Mode] = MappingProxyType({ASK: ask.next_round, OPEN: open.next_round})
