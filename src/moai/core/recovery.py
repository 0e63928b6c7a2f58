"""What happens at a start to the runs that the last stop, or crash, left under way."""

from __future__ import annotations

import logging

from moai.core.events import DiscussionClosed, DiscussionStarted
from moai.core.model import Discussion, Status
from moai.core.orchestrator import Orchestrator
from moai.core.ports import Clock, DiscussionStore, Publish
from moai.core.runs import RunRegistry

logger = logging.getLogger(__name__)

TOO_OLD_SENTENCE = (
    "A restart interrupted this too long ago to go on by itself. What was said is kept; please ask again."
)


async def take_up_runs(
    orchestrator: Orchestrator,
    runs: RunRegistry,
    discussions: DiscussionStore,
    publish: Publish,
    clock: Clock,
    within_s: float,
) -> None:
    """Go on with every running discussion at the seat where it stopped; close those begun over `within_s` ago."""
    for discussion_id in await discussions.running():
        transcript = await discussions.transcript(discussion_id)
        if (clock.now() - transcript.discussion.created_at).total_seconds() <= within_s:
            logger.info("going on with discussion %s", discussion_id)
            runs.start(discussion_id, orchestrator.run(transcript, resumed=True))
        else:
            await _close(transcript.discussion, discussions, publish)


async def _close(discussion: Discussion, discussions: DiscussionStore, publish: Publish) -> None:
    await discussions.close_discussion(discussion.id, Status.STOPPED)
    publish(DiscussionStarted(discussion))
    publish(DiscussionClosed(discussion.id, Status.STOPPED, TOO_OLD_SENTENCE))
