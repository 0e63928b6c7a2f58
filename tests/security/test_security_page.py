"""docs/SECURITY.md: every test that it names exists, and every test of this folder is named there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "SECURITY.md"
_TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
_FILE = re.compile(r"`([\w/]+\.py)`: ((?:`test_\w+`(?:, )?)+)")


def defined_in(*files: Path) -> set[str]:
    """Return the names of the tests in some files."""
    return {name for file in files for name in _TEST.findall(file.read_text())}


def test_every_claim_is_shown_by_a_test_and_every_test_is_a_claim() -> None:
    page, elsewhere = PAGE.read_text(), 0
    for name, tests in _FILE.findall(page):
        wanted = set(re.findall(r"test_\w+", tests))
        assert wanted <= defined_in(TESTS / name)
        elsewhere += len(wanted)
    own = defined_in(*(each for each in Path(__file__).parent.glob("test_*.py") if each != Path(__file__)))
    named = set(re.findall(r"`(test_\w+)`", _FILE.sub("", page)))
    assert elsewhere > 5
    assert named == own
