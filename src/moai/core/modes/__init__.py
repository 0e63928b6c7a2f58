"""The ways to hold a discussion, by name; a new one is a file here and a line in MODES."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from moai.core.modes import open as open_mode
from moai.core.modes.plan import Mode

MODES: Mapping[str, Mode] = MappingProxyType({"open": open_mode.next_round})
