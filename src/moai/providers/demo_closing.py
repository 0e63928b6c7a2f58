"""What the demo's voices write at the end of a discussion: a ranking, and a consensus in JSON; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from moai.providers.demo_scenes import Scene

_PRAISE = (
    "**{label}** says what to do on Monday.",
    "**{label}** is right, and could be so with fewer words.",
    "**{label}** has a point, and is still looking for the question.",
)


def ranking(scene: Scene, *, likes_short: bool) -> str:
    """Return a sentence about each of the others' answers, and the line that ranks them."""
    said = scene.last_words
    ranked = sorted(scene.labels, key=lambda label: (len(said[label]), label), reverse=not likes_short)
    lines = [_PRAISE[min(place, len(_PRAISE) - 1)].format(label=label) for place, label in enumerate(ranked)]
    return "\n".join([*lines, "", f"RANKING: {' > '.join(ranked)}"]) if ranked else "There is nothing to rank."


def consensus(scene: Scene, alias: str) -> str:
    """Return where the discussion stands, in the form that MoAI asks a moderator for."""
    minority = ((alias,) if scene.has_disagreed else ()) + scene.dissenters or scene.heard[-1:] or (alias,)
    majority = tuple(name for name in dict.fromkeys((*scene.heard, alias)) if name not in minority)
    found = {
        "agreements": [
            f"“{scene.question}” is worth a small trial, not a large plan.",
            "The trial gets one number, one owner and a last day, all written down before it begins.",
        ],
        "disagreements": [
            {
                "point": "How long the trial may last",
                "positions": [
                    *_position(minority, "Two days: what needs longer to show a result has none."),
                    *_position(majority, "Two weeks: habits show only when the novelty is gone."),
                ],
                "minority_argument": "Whatever runs for two weeks is in use by then, and is never switched off.",
            }
        ],
        "recommendation": "Write the number and the last day on a page, start this week, and read it on that day.",
        "open_questions": ["Who is it that pulls the plug?"],
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def _position(who: Sequence[str], position: str) -> list[dict[str, object]]:
    return [{"who": list(who), "position": position}] if who else []
