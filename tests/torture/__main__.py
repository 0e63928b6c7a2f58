"""`make torture`: carries out one plan and prints what came of it; SEED, KILLS and DATABASE_URL can be set."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.torture.torture import Plan, torture


def main() -> int:
    plan = Plan(
        seed=int(os.environ.get("SEED") or time.time()),
        kills=int(os.environ.get("KILLS") or 200),
        people=int(os.environ.get("CHATS") or 50),
        database_url=os.environ.get("DATABASE_URL", ""),
    )
    folder = Path(tempfile.mkdtemp(prefix="moai-torture-"))
    began = time.monotonic()
    report = asyncio.run(torture(folder, plan))
    sys.stdout.write(f"{report}\n{time.monotonic() - began:.0f} s\n")
    if not report.problems:
        shutil.rmtree(folder)
        return 0
    sys.stdout.write(f"Again: SEED={plan.seed} KILLS={plan.kills} make torture. The database is kept in {folder}.\n")
    return 1


sys.exit(main())
