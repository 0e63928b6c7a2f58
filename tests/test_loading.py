"""What a start leaves alone: whatever only some commands, settings or wishes need is loaded by those."""

import subprocess
import sys

LOADED_WHERE_IT_IS_NEEDED = (
    "alembic",
    "asyncpg",
    "markdown_it",
    "moai.demo",
    "moai.export.html",
    "moai.ops.backup",
    "moai.ops.server",
    "moai.providers.demo",
    "moai.simulator",
    "moai.storage.indexes",
    "prometheus_client",
    "prompt_toolkit",
    "pypdf",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.orm",
)


def test_a_start_loads_only_what_it_needs() -> None:
    code = f"import sys, moai.__main__, moai.app; print([m for m in {LOADED_WHERE_IT_IS_NEEDED} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert told.stdout.strip() == "[]"
