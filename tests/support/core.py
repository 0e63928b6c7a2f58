"""The core with fakes at all its ports; owns no test."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from moai.core.events import (
    AnswerArrived,
    AnswerGrew,
    Event,
    HistoryCut,
    ModelFailed,
    ModelsAsked,
    RoundClosed,
    RoundStarted,
    RunChanged,
    RunClosed,
    RunStarted,
)
from moai.core.host import Host
from moai.core.limits import PersonalLimits
from moai.core.model import Run, Status
from moai.core.orchestrator import Orchestrator
from moai.core.ports import AIClient
from moai.core.recovery import RunKeeper
from moai.core.runs import RunRegistry
from moai.core.seating import Seating
from moai.core.spending import DailyBudget, Price, Spending
from moai.testing import ManualClock, MemoryStores
from tests.support.clock import settle


class Published:
    """A Publish that keeps what it took."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


class Core:
    """The core with fakes at all its ports; `unstored` holds what was published before it was stored.

    Runs can be let go through `host`, or taken on with `run`, which waits for their end.
    """

    def __init__(
        self,
        *clients: AIClient,
        budget: Callable[[str], int] = lambda _: 100_000,
        moderator: str = "",
        prices: Mapping[str, Price] | None = None,
        daily_budget: DailyBudget | None = None,
        resume_within_s: float = 3600,
        limits: PersonalLimits | None = None,
    ) -> None:
        self.clock = ManualClock()
        self.stores = MemoryStores(self.clock)
        self.published = Published()
        self.unstored: list[Event] = []
        self.runs = RunRegistry()
        seats, discussions = {each.participant.alias: each for each in clients}, self.stores.discussions
        self.seating = Seating(seats, self.stores.projects, moderator)
        self.spending = Spending(prices or {}, daily_budget or DailyBudget(), self.stores.usage, self.clock)
        self.orchestrator = Orchestrator(
            seats, self.seating, discussions, self.spending, self._publish, self.clock, budget
        )
        self.limits = limits or PersonalLimits(self.clock, 1_000, 1_000)
        self.host = Host(self.orchestrator, self.runs, discussions, self._publish, self.limits)
        self.keeper = RunKeeper(
            self.host, self.runs, discussions, self.stores.chats, self._publish, self.clock, resume_within_s
        )

    async def run(self, run: Run, *, resumed: bool = False) -> None:
        """Take a run on from what is stored of it."""
        transcript = await self.stores.discussions.transcript(run.id)
        await self.orchestrator.run(transcript, resumed=resumed)

    async def start(self, *runs: Run) -> None:
        """Let runs go on until they wait for something."""
        for run in runs:
            self.host.go_on(await self.stores.discussions.transcript(run.id))
        await settle()

    async def status_of(self, run: Run) -> Status:
        return (await self.stores.discussions.transcript(run.id)).run.status

    def _publish(self, event: Event) -> None:
        if not _is_stored(self.stores, event):
            self.unstored.append(event)
        self.published(event)


def is_told(event: Event, words: str) -> bool:
    """Tell that a run's early end is told with those words, and stored as a notice of no round."""
    notice = event.notice if isinstance(event, RunClosed) else None
    return notice is not None and notice.round_number is None and notice.is_last and words in notice.text


def _is_stored(stores: MemoryStores, event: Event) -> bool:
    """Look into the memory at the very moment of publishing."""
    tables = stores.tables
    match event:
        case RunStarted(run) | RunChanged(run):
            is_stored = tables.runs.get(run.id) == run
        case RoundStarted(_, held):
            is_stored = tables.rounds.get(held.id) == held
        case RoundClosed(_, held, notice):
            is_told = notice is None or tables.entries.get(notice.id) == notice
            is_stored = tables.rounds.get(held.id) == held and is_told
        case AnswerArrived(_, message) | ModelFailed(_, message):
            is_stored = tables.entries.get(message.id) == message
        case HistoryCut(run_id):
            is_stored = tables.runs[run_id].discussion_id in tables.cut_told
        case RunClosed(run_id, status, notice):
            is_told = notice is None or tables.entries.get(notice.id) == notice
            is_stored = run_id in tables.runs and tables.runs[run_id].status is status and is_told
        case AnswerGrew() | ModelsAsked():
            is_stored = True
    return is_stored
