"""`make soak`: prints the figures; MINUTES, PER_MINUTE and SEED can be set."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.soak.soak import soak


def main() -> int:
    minutes, per_minute = float(os.environ.get("MINUTES") or 20), float(os.environ.get("PER_MINUTE") or 20)
    folder = Path(tempfile.mkdtemp(prefix="moai-soak-"))
    is_clean, lines = asyncio.run(soak(folder, minutes, per_minute, int(os.environ.get("SEED") or 1)))
    sys.stdout.write("\n".join([*lines, f"{minutes:g} minutes; the log is in {folder}.", ""]))
    return 0 if is_clean else 1


sys.exit(main())
