"""The arrows and the sizes of the house: import-linter's contracts, and what it cannot express."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from importlinter.api import read_configuration

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "moai"
CONTRACTS = ROOT / ".importlinter"
MODULES = sorted(PACKAGE.rglob("*.py"))
TASK_MAKERS = {"create_task", "ensure_future", "run_coroutine_threadsafe"}


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


# --- import-linter ---


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this environment's own linter
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache", "--config", CONTRACTS],
        env={**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=source,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_arrows_hold() -> None:
    linted = lint_imports(ROOT / "src")

    assert linted.returncode == 0, linted.stdout + linted.stderr


WRONG_IMPORTS = {
    "layers": ("core/model.py", "moai.storage"),
    "export": ("storage/archive.py", "moai.export"),
    "settings": ("simulator/__init__.py", "moai.settings"),
    "telegram": ("providers/demo.py", "telegram"),
    "httpx": ("bot/__init__.py", "httpx"),
    "vendors": ("bot/__init__.py", "stamina"),
    "database": ("providers/demo.py", "sqlalchemy.orm"),
    "aiohttp": ("bot/__init__.py", "aiohttp.web"),
    "metrics": ("bot/__init__.py", "prometheus_client"),
    "pydantic": ("core/model.py", "pydantic"),
    "pdf": ("bot/__init__.py", "pypdf"),
    "markdown": ("bot/__init__.py", "markdown_it"),
    "terminal": ("bot/__init__.py", "prompt_toolkit"),
    "modes": ("core/modes/open.py", "moai.core.modes.zzz"),
    "handlers": ("bot/handlers/zzz.py", "moai.bot.handlers.zzy"),
    "wire-formats": ("providers/demo.py", "moai.providers.openai"),
    "exporters": ("export/json.py", "moai.export.html"),
}


def test_each_arrow_can_be_broken(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "moai", ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("core/modes/zzz.py", "bot/handlers/zzy.py", "bot/handlers/zzz.py"):
        (tmp_path / "moai" / file).write_text("")
    for file, imported in WRONG_IMPORTS.values():
        with (tmp_path / "moai" / file).open("a") as module:
            module.write(f"\nimport {imported}\n")

    told = lint_imports(tmp_path).stdout

    contracts = read_configuration(str(CONTRACTS))["contracts_options"]
    assert {contract["id"] for contract in contracts} == set(WRONG_IMPORTS)
    assert [each["name"] for each in contracts if f"{each['name']} BROKEN" not in told] == []


# --- tasks ---


def wild_tasks(tree: ast.AST) -> list[int]:
    """Return the lines that make a task outside a TaskGroup that is opened by name in the same file."""
    groups = {
        item.optional_vars.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncWith)
        for item in node.items
        if isinstance(item.optional_vars, ast.Name) and "TaskGroup" in ast.unparse(item.context_expr)
    }
    return sorted(line for owner, line in _task_makers(tree) if owner not in groups)


def _task_makers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in TASK_MAKERS:
            yield ast.unparse(node.value), node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield from (("", node.lineno) for name in node.names if name.name in TASK_MAKERS)


def test_only_runs_creates_tasks() -> None:
    found = {named(path): wild_tasks(parsed(path)) for path in MODULES}

    assert found.pop("core/runs.py"), "core/runs.py creates no task: is this test looking at the right thing?"
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("asyncio.create_task(f())", [1]),
        ("from asyncio import ensure_future", [1]),
        ("make = loop.create_task", [1]),
        ("async def f():\n async with asyncio.TaskGroup() as group:\n  group.create_task(g())", []),
        ("async def f():\n async with other() as group:\n  group.create_task(g())", [3]),
    ],
)
def test_the_search_for_tasks(source: str, lines: list[int]) -> None:
    assert wild_tasks(ast.parse(source)) == lines


# --- foreign libraries, where import-linter sees the whole package only ---


def serves(tree: ast.AST) -> bool:
    """Tell a module that uses aiohttp's server."""
    return any(f"{name}.".startswith("aiohttp.web.") for name in names_imported_by(tree))


def names_imported_by(tree: ast.AST) -> Iterator[str]:
    """Yield what is imported, down to the names that are taken out of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_the_simulator_and_the_operations_serve() -> None:
    servers = {named(path).split("/")[0] for path in MODULES if serves(parsed(path))}

    assert servers == {"simulator", "ops"}


@pytest.mark.parametrize(
    ("source", "served"),
    [
        ("import aiohttp.web", True),
        ("from aiohttp import ClientError, web", True),
        ("from aiohttp.web import Application", True),
        ("from aiohttp import ClientError", False),
    ],
)
def test_the_search_for_servers(source: str, served: bool) -> None:
    assert serves(ast.parse(source)) is served


# --- the core ---


def imported_by(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def foreign_to_the_core(modules: Iterable[str]) -> list[str]:
    """Return those that are neither of the standard library nor moai.errors nor the core itself."""
    return sorted(
        module
        for module in modules
        if module.split(".")[0] not in sys.stdlib_module_names
        and module != "moai.errors"
        and not f"{module}.".startswith("moai.core.")
    )


def test_the_core_is_plain_python() -> None:
    core = [path for path in MODULES if named(path).startswith("core/")]

    assert core
    assert {named(path): foreign_to_the_core(imported_by(parsed(path))) for path in core} == {
        named(path): [] for path in core
    }


def test_the_search_for_foreign_imports() -> None:
    known = "import os.path\nfrom moai.errors import X\nfrom moai.core.model import Y\n"
    source = known + "import moai.log, yaml\nfrom . import z"

    assert foreign_to_the_core(imported_by(ast.parse(source))) == [".", "moai.log", "yaml"]


# --- sizes and habits ---


def blind_handlers(tree: ast.AST) -> list[int]:
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return [
        node.lineno
        for node in handlers
        if node.type is None or {"Exception", "BaseException"} & {*ast.unparse(node.type).strip("()").split(", ")}
    ]


def test_at_most_three_blind_excepts() -> None:
    found = [f"{named(path)}:{line}" for path in MODULES for line in blind_handlers(parsed(path))]

    assert len(found) <= 3, found


def test_the_search_for_blind_excepts() -> None:
    source = "\n".join(
        f"try:\n f()\nexcept{caught}:\n g()" for caught in ("", " Exception", " (OSError, Exception) as e", " OSError")
    )

    assert blind_handlers(ast.parse(source)) == [3, 7, 11]


def lines_of_code(node: ast.FunctionDef | ast.AsyncFunctionDef, source: list[str]) -> int:
    """Count what is neither empty, comment nor docstring."""
    doc = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    skipped = range(doc.lineno, (doc.end_lineno or doc.lineno) + 1) if doc else range(0)
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    texts = [source[line - 1].strip() for line in lines if line not in skipped]
    return len([text for text in texts if text and not text.startswith("#")])


def test_no_room_is_too_large() -> None:
    too_large = []
    for path in MODULES:
        source = path.read_text(encoding="utf-8").splitlines()
        if len(source) > 300:
            too_large.append(f"{named(path)}: {len(source)} lines")
        too_large.extend(
            f"{named(path)}:{node.lineno} {node.name}"
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of_code(node, source) > 50
        )

    assert too_large == []


def test_the_counting_of_lines() -> None:
    source = 'def f():\n    """Doc\n\n    more."""\n\n    # why\n    return 1\n'
    (function,) = ast.parse(source).body

    assert isinstance(function, ast.FunctionDef)
    assert lines_of_code(function, source.splitlines()) == 2


def test_each_module_opens_with_its_sentence() -> None:
    assert [named(path) for path in MODULES if not ast.get_docstring(parsed(path))] == []
