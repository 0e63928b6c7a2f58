"""What people want of a run at any of its points: it is heeded or refused, never taken and forgotten."""

from __future__ import annotations

from itertools import count

import pytest
from shaky import SlowStore, use_store
from steered import MOVED, Table

from moai.core.commands import StartDiscussion
from moai.core.events import RoundStarted, RunChanged
from moai.core.host import CONSENSUS_IS_NEXT, ENDING
from moai.core.model import RoundKind, Run, Status, Transcript
from moai.errors import InvalidInput
from moai.testing import Gate, ScriptedClient
from tests.support.clock import leaping, settle
from tests.support.core import Core
from tests.support.people import CLAUDE, GPT, PRIVATE, a_question

MODES = ["discuss", "panel"]
USUAL = {"discuss": [RoundKind.TURNS], "panel": [RoundKind.DRAFTS, RoundKind.PANEL]}


async def begun(mode: str, turns: int) -> tuple[Core, Run]:
    """Return a run of one round that was let go on for so many turns of the event loop."""
    core = Core(ScriptedClient(CLAUDE, MOVED), ScriptedClient(GPT, MOVED))
    use_store(core, SlowStore(core.stores.discussions))
    command = StartDiscussion(PRIVATE, a_question(message_id=None), mode, rounds=1)
    transcript = await core.orchestrator.begin(command)
    core.host.go_on(transcript)
    await settle(turns)
    return core, transcript.run


async def held(core: Core) -> list[RoundKind]:
    """Return the kinds of the rounds of a run that came to its end."""
    while len(core.runs):
        await settle()
    return [each.round.kind for each in core.published.events if isinstance(each, RoundStarted)]


async def sentence_of(core: Core, wish: str, run: Run) -> str:
    """Wish something of a run; return with which words that is refused, empty where it is taken."""
    try:
        await getattr(core.host, wish)(run)
    except InvalidInput as error:
        return error.sentence
    return ""


def changes(core: Core) -> int:
    return sum(isinstance(each, RunChanged) for each in core.published.events)


@pytest.mark.parametrize("wish", ["add_round", "wrap_up"])
@pytest.mark.parametrize("mode", MODES)
@leaping
async def test_wherever_a_wish_comes_it_is_heeded_or_refused(mode: str, wish: str) -> None:
    wished = {"add_round": USUAL[mode][-1], "wrap_up": RoundKind.CONSENSUS}[wish]
    heeded = refused = 0

    for turns in count():
        core, run = await begun(mode, turns)
        if run.id not in core.runs:
            break
        sentence = await sentence_of(core, wish, run)
        if sentence:
            refused += 1
            assert sentence == ENDING
            assert changes(core) == 0
            assert await held(core) == USUAL[mode]
        else:
            heeded += 1
            assert changes(core) == 1
            rounds = await held(core)
            # A consensus comes after the round under way, whatever would have come next.
            before = len(USUAL[mode]) if wish == "add_round" else len(rounds) - 1
            assert rounds == [*USUAL[mode][:before], wished]
        assert (await core.status_of(run), core.unstored) == (Status.DONE, [])
        assert not core.orchestrator._live

    assert heeded > refused > 0


@pytest.mark.parametrize(("wish", "wished"), [("add_round", RoundKind.TURNS), ("wrap_up", RoundKind.CONSENSUS)])
@leaping
async def test_a_wish_between_the_last_reading_and_the_end_is_heeded(wish: str, wished: RoundKind) -> None:
    core = Core(ScriptedClient(CLAUDE, MOVED), ScriptedClient(GPT, MOVED))
    read, gate = core.stores.discussions.news, Gate()

    async def reads_early(transcript: Transcript) -> Transcript:
        news = await read(transcript)
        if len(news.answers) == 2:
            await gate.wait()
        return news

    core.stores.discussions.news = reads_early  # type: ignore[method-assign]
    command = StartDiscussion(PRIVATE, a_question(message_id=None), "discuss", rounds=1)
    run = (await core.host.start(command)).run
    await settle()
    assert gate.reached.is_set(), "the round is over, and that was read"

    await getattr(core.host, wish)(run)
    gate.open()

    assert await held(core) == [RoundKind.TURNS, wished]


@leaping
async def test_a_run_is_not_made_longer_once_a_consensus_is_next() -> None:
    table = Table()
    run = await table.begin(rounds=3)
    await table.host.wrap_up(run)

    with pytest.raises(InvalidInput) as refused:
        await table.host.add_round(run)

    assert refused.value.sentence == CONSENSUS_IS_NEXT
    assert changes(table) == 1
    assert (await table.stores.discussions.run(run.id)).terms.rounds == 3
    await table.end()


@leaping
async def test_a_run_that_nobody_holds_is_not_made_longer() -> None:
    table = Table()
    run = await table.begin()
    await table.runs.stop(run.id)

    with pytest.raises(InvalidInput) as refused:
        await table.host.add_round(run)

    assert (refused.value.sentence, changes(table)) == (ENDING, 0)
