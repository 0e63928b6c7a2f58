from __future__ import annotations

from tests.acceptance.conftest import folder, house

__all__ = ["folder", "house"]
