"""What patterns such as `gpt-*` stand for: remembered, read again from the vendors' lists, seated; owns no list."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from moai.core.model import Participant
from moai.core.patterns import nearest, newest
from moai.core.ports import AIClient, Clock, ModelList
from moai.core.records import ListedModel, ModelInForce
from moai.core.stores import CatalogStore
from moai.core.team import Team, Unresolved
from moai.errors import ProviderError, StorageError

logger = logging.getLogger(__name__)

Make = Callable[[Participant], AIClient]
"""Returns the client of a model whose whole id is known."""

FRESH_FOR_S = 24 * 3600.0
"""Seconds between two looks at the vendors' lists."""

FIRST_PAUSE_S = 60.0
LONGEST_PAUSE_S = 3600.0
"""Seconds until the next look while something is not known: the first pause, which doubles, and the longest."""


class Catalog:
    """Knows which model each pattern of the team stands for, and gives its seat to the newest one."""

    def __init__(
        self,
        patterns: Sequence[Participant],
        lists: Mapping[str, ModelList],
        store: CatalogStore,
        team: Team,
        make: Make,
        clock: Clock,
    ) -> None:
        self._patterns = tuple(patterns)
        self._lists = lists
        self._store = store
        self._team = team
        self._make = make
        self._clock = clock
        self._in_force: dict[str, ModelInForce] = {}
        self._looked = asyncio.Event()

    @property
    def participants(self) -> tuple[Participant, ...]:
        """Every configured model as it is now; where nobody knows what a pattern stands for, its id is the pattern."""
        return tuple(client.participant for client in self._team.values())

    def in_force(self, alias: str) -> ModelInForce | None:
        """Return what the alias stands for, where it is a pattern's and known."""
        return self._in_force.get(alias)

    async def recall(self) -> None:
        """Seat what the lists said when they were last read, so that a start needs no network; raise StorageError."""
        for who in self._patterns:
            self._team.seat(Unresolved(who))
        if not self._patterns:
            return
        known = {(each.provider, each.pattern): each for each in await self._store.in_force()}
        for who in self._patterns:
            if found := known.get((who.provider, who.model)):
                self._seat(who, found)

    async def refresh(self) -> bool:
        """Read every list once and seat what is new; return whether all lists were read and everything is known.

        What a list does not tell stays as it was. Nothing is raised: what went wrong is in the log.
        """
        providers = dict.fromkeys(who.provider for who in self._patterns)
        return all(await asyncio.gather(*(self._refresh_provider(each) for each in providers)))

    async def keep_fresh(self) -> None:
        """Refresh now and every day, for ever; sooner while a list cannot be read or something is not known."""
        failures = 0
        while True:
            failures = 0 if await self.refresh() else failures + 1
            self._looked.set()
            await asyncio.sleep(_pause_s(failures))

    async def wait_until_known(self, patience_s: float) -> None:
        """Wait until every pattern is known or `keep_fresh` has looked once, `patience_s` seconds at the most."""
        if len(self._in_force) == len(self._patterns):
            return
        try:
            async with asyncio.timeout(patience_s):
                await self._looked.wait()
        except TimeoutError:
            logger.warning("the vendors' lists of models are slow; some models are not known yet")

    async def _refresh_provider(self, provider: str) -> bool:
        try:
            listed = await self._lists[provider].models()
        except ProviderError as error:
            logger.warning("the list of models at %s could not be read: %s", provider, error.sentence)
            return False
        known = [await self._resolve(who, listed) for who in self._patterns if who.provider == provider]
        return all(known)

    async def _resolve(self, who: Participant, listed: Sequence[ListedModel]) -> bool:
        """Seat the newest model of a pattern; return whether it is known now what the pattern stands for."""
        before = self._in_force.get(who.alias)
        model = newest(who.model, listed)
        if model is None:
            self._tell_of_no_match(who, listed)
        elif before is None or before.model != model:
            return await self._put(who, ModelInForce(who.provider, who.model, model, self._clock.now()))
        return before is not None

    async def _put(self, who: Participant, found: ModelInForce) -> bool:
        try:
            await self._store.put_in_force(found)
        except StorageError as error:
            logger.warning("%s could not become %s: %s", who.alias, found.model, error.sentence)
            return False
        before = self._in_force.get(who.alias)
        logger.info("%s is now %s (was %s)", who.alias, found.model, before.model if before else "not known")
        self._seat(who, found)
        return True

    def _seat(self, who: Participant, found: ModelInForce) -> None:
        self._in_force[who.alias] = found
        self._team.seat(self._make(replace(who, model=found.model)))

    def _tell_of_no_match(self, who: Participant, listed: Sequence[ListedModel]) -> None:
        like = ", ".join(nearest(who.model, listed))
        hint = f" The nearest are {like}." if like else " Its list is empty."
        told = f"No model at {who.provider} has an id that begins like {who.model}.{hint}"
        logger.warning("%s: %s", who.alias, told)
        if who.alias not in self._in_force:
            self._team.seat(Unresolved(who, f"{told} Whoever runs the bot has to check MOAI_MODELS."))


def _pause_s(failures: int) -> float:
    if not failures:
        return FRESH_FOR_S
    return min(FIRST_PAUSE_S * (1 << min(failures - 1, 10)), LONGEST_PAUSE_S)
