"""How projects look in a chat: pages, questions and buttons; pure, and people's words stay what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from moai.bot.keyboards import Button, Keyboard, Menu, clipped, in_rows
from moai.bot.menu_data import Action, Delete, Keep, Select, SetModel, ShowPage, data_of
from moai.bot.page import Page
from moai.bot.render import Piece
from moai.core.model import Project
from moai.core.records import ProjectPage, ProjectSummary

PAGE_SIZE = 8
"""Projects on a page of the list."""
TEXT_NAME_UNITS = 128
"""UTF-16 units of a name in a text: 64 characters, each of them an emoji."""
BEGINNING_UNITS = 300
"""UTF-16 units of standing instructions that a page about a project repeats."""
NAMES_UNITS = 1_000
"""UTF-16 units of a list of aliases."""


def note(text: str) -> Menu:
    """Return a menu that is only words."""
    return Menu(Piece(text))


def quoted(project: Project) -> str:
    """Return a project's name as a sentence holds it."""
    return f"“{clipped(project.name, TEXT_NAME_UNITS)}”"


def discussions(count: int) -> str:
    """Return how many discussions a project has, in words."""
    return f"{count:,} discussion{'' if count == 1 else 's'}"


def with_discussions(summary: ProjectSummary, name: str) -> str:
    """Return a project's name together with what goes when it is deleted."""
    if not summary.discussions:
        return name
    return f"{name} and its {'discussion' if summary.discussions == 1 else discussions(summary.discussions)}"


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence lists them."""
    *others, last = [*names] or ["nobody"]
    return clipped(f"{', '.join(others)} and {last}" if others else last, NAMES_UNITS)


def last_page(total: int) -> int:
    """Return the number of the list's last page, from 0."""
    return max(0, (total - 1) // PAGE_SIZE)


def projects_menu(shown: ProjectPage, number: int, current: Project) -> Menu:
    """Return a page of the list, from 0, with a button for each project and for the pages beside it."""
    page, last = Page(), last_page(shown.total)
    page.bold("Projects of this chat")
    page.write(f" · page {number + 1} of {last + 1}\n\n" if last else "\n\n")
    for each in shown.summaries:
        _write_line(page, each, is_current=each.project.id == current.id)
    page.write("\nTouch a project to make it the current one here. /project lists what else can be done.")
    selecting = [
        Button(_mark(each, current) + f"{each.number} · {clipped(each.project.name)}", _select(each, number))
        for each in shown.summaries
    ]
    turns = [("‹", number - 1), ("›", number + 1)]
    turning = [Button(sign, data_of(ShowPage(to))) for sign, to in turns if 0 <= to <= last]
    return Menu(page.piece(), in_rows(selecting, 1) + in_rows(turning, 2))


def _write_line(page: Page, summary: ProjectSummary, *, is_current: bool) -> None:
    name = clipped(summary.project.name, TEXT_NAME_UNITS)
    page.write(f"{summary.number}. ")
    if is_current:
        page.bold(name)
    else:
        page.write(name)
    page.write(f" · {discussions(summary.discussions)}{' · current ✅' if is_current else ''}\n")


def _mark(summary: ProjectSummary, current: Project) -> str:
    return "✅ " if summary.project.id == current.id else ""


def _select(summary: ProjectSummary, page: int) -> str:
    return data_of(Select(summary.project.id, page))


def team_menu(project: Project, configured: Sequence[str]) -> Menu:
    """Return a project's team with a button for each model that is configured, or was."""
    absent = _absent(project, configured)
    page = Page()
    page.bold(f"Team of {quoted(project)}")
    page.write(f" · {listed(_present(project, configured))}\n")
    if absent:
        page.write(f"Not configured any more · {listed(absent)}\n")
    page.write("\nTouch a model to put it on the team (✅) or to take it off (▫️).")
    return Menu(page.piece(), in_rows([*_drops(project, absent), *_toggles(project, configured)], 2))


def _toggles(project: Project, configured: Sequence[str]) -> list[Button]:
    present = _present(project, configured)
    return [
        Button(f"{'✅' if each in present else '▫️'} {each}", _set_model(project, each, is_wanted=each not in present))
        for each in configured
    ]


def _drops(project: Project, absent: Sequence[str]) -> list[Button]:
    return [
        Button(f"Drop {each}, not configured any more", _set_model(project, each, is_wanted=False)) for each in absent
    ]


def _set_model(project: Project, alias: str, *, is_wanted: bool) -> str:
    return data_of(SetModel(project.id, alias, is_wanted))


def _present(project: Project, configured: Sequence[str]) -> list[str]:
    return [each for each in configured if project.aliases is None or each in project.aliases]


def _absent(project: Project, configured: Sequence[str]) -> list[str]:
    return [each for each in project.aliases or () if each not in configured]


def delete_menu(summary: ProjectSummary) -> Menu:
    """Return the question whether a project is to be deleted, with what goes with it."""
    project = summary.project
    page = Page()
    page.bold(f"Delete {with_discussions(summary, quoted(project))}?")
    page.write(f"\n{'They are' if summary.discussions else 'It is'} gone for good, for everybody in this chat.")
    deleting = Delete(project.id, summary.discussions)
    return Menu(
        page.piece(),
        _column(
            (f"Delete {with_discussions(summary, f'“{clipped(project.name)}”')}", deleting),
            ("Keep it", Keep(project.id)),
        ),
    )


def _column(*buttons: tuple[str, Action]) -> Keyboard:
    return in_rows([Button(label, data_of(action)) for label, action in buttons], 1)


def info_page(summary: ProjectSummary, total: int, configured: Sequence[str]) -> Page:
    """Return what there is to know of a project; `total` is how many the chat has."""
    project = summary.project
    page = Page()
    page.bold(clipped(project.name, TEXT_NAME_UNITS))
    page.write(f" · project {summary.number} of {total} in this chat\n\n")
    page.bold("Team")
    page.write(f" · {listed(_present(project, configured))}{' (every model)' if project.aliases is None else ''}\n")
    if absent := _absent(project, configured):
        page.write(f"Not configured any more · {listed(absent)}\n")
    page.bold("Instructions")
    page.write(f" · {_beginning(project.instructions)}\n")
    page.bold("Discussions")
    page.write(f" · {summary.discussions:,}\n")
    return page


def _beginning(instructions: str) -> str:
    if not instructions:
        return "none"
    return f"“{clipped(instructions, BEGINNING_UNITS)}” ({len(instructions):,} characters)"


def no_such_project(text: str, names: Sequence[str]) -> str:
    """Return the sentence for a name or a number that no project of the chat has."""
    if text.isdecimal():
        return f"There is no project {clipped(text)} here: this chat has {len(names):,}. /projects lists them."
    by_key = {name.casefold(): name for name in names}
    nearest = get_close_matches(text.casefold(), by_key, n=1)
    hint = f" Did you mean “{clipped(by_key[nearest[0]], TEXT_NAME_UNITS)}”?" if nearest else ""
    return f"This chat has no project “{clipped(text)}”.{hint} /projects lists them."
