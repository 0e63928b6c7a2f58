"""Who is asked and on which terms: a project's team, the models that a command names, the moderator; stores nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from moai.core.commands import AskModels, Command, StartDiscussion
from moai.core.model import Participant, Project, Terms
from moai.core.modes import CONSENSUS, DISCUSSIONS
from moai.core.ports import AIClient
from moai.core.stores import ProjectStore
from moai.errors import InvalidInput

FEWEST_AT_A_TABLE = 2
"""Models that make a discussion."""


class Seating:
    """Seats the configured models; `moderator` is the alias of whoever writes a consensus, else the team's first."""

    def __init__(self, clients: Mapping[str, AIClient], projects: ProjectStore, moderator: str = "") -> None:
        self._clients = clients
        self._projects = projects
        self._moderator = moderator

    def team_of(self, project: Project) -> tuple[Participant, ...]:
        """Return the project's team, in the order of the configuration, without models no longer configured."""
        everyone = (client.participant for client in self._clients.values())
        return tuple(each for each in everyone if project.aliases is None or each.alias in project.aliases)

    def absent_of(self, project: Project) -> tuple[str, ...]:
        """Return the aliases on the project's team that are not configured any more."""
        return tuple(alias for alias in project.aliases or () if alias not in self._clients)

    async def project_of(self, command: Command) -> Project:
        """Return the project that a command is about; raise StorageError."""
        if command.project_id is None:
            return await self._projects.current(command.place)
        return (await self._projects.find(command.place.chat_id, command.project_id)).project

    def asked(self, command: Command, project: Project) -> tuple[Participant, ...]:
        """Return whom a command asks, in their order; raise InvalidInput where there is nobody, or not enough."""
        if isinstance(command, AskModels) and command.aliases is not None:
            if not command.aliases:
                raise InvalidInput(f"Whom shall I ask? There are: {', '.join(self._clients)}.")
            return tuple(self._participant(alias) for alias in dict.fromkeys(command.aliases))
        team = self.team_of(project)
        if command.mode == CONSENSUS and self._moderator:
            first = self._participant(self._moderator)
            return (first, *(each for each in team if each != first))
        if not team:
            raise InvalidInput(
                f"The project “{project.name}” has no model on its team: choose some with /project models."
            )
        if command.mode in DISCUSSIONS and len(team) < FEWEST_AT_A_TABLE:
            raise InvalidInput(
                f"A discussion needs two models at least, and {team[0].alias} is alone on the team of "
                f"“{project.name}”: choose more with /project models."
            )
        return team

    def terms_of(self, command: Command) -> Terms:
        """Return how far the run of a command goes."""
        if isinstance(command, AskModels):
            return Terms()
        drafts = isinstance(command, StartDiscussion) and command.drafts
        return Terms(rounds=command.rounds, drafts=drafts, moderator=self._moderator)

    def seated(self, speakers: Iterable[Participant]) -> tuple[Participant, ...]:
        """Return the speakers, with what stands behind an alias where only that is known: a moderator's."""
        return tuple(
            self._clients[each.alias].participant if not each.provider and each.alias in self._clients else each
            for each in speakers
        )

    def _participant(self, alias: str) -> Participant:
        if client := self._clients.get(alias):
            return client.participant
        raise InvalidInput(unknown_alias(alias, self._clients))


def unknown_alias(alias: str, known: Iterable[str]) -> str:
    """Return the sentence for an alias that nobody has, with the nearest one and with all there are."""
    names = list(known)
    nearest = get_close_matches(alias.lower(), names, n=1)
    hint = f" Did you mean {nearest[0]}?" if nearest else ""
    return f"There is no model called {alias[:40]}.{hint} There are: {', '.join(names)}."
