from __future__ import annotations

from tests.acceptance.conftest import database_url, folder, house

__all__ = ["database_url", "folder", "house"]
