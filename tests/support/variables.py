"""An environment in which nothing is set, so that what a test finds is what it has set."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from moai.settings.environment import VARIABLES


def forget_settings(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Take every setting out of the environment, and go to a folder, which has no `.env`."""
    for name in os.environ:
        if name in VARIABLES or name.startswith("MOAI_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(folder)
