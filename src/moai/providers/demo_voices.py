"""The demo's voices and their words to a question, in Markdown with `{question}` in them; owns no logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moai.providers.demo_debate import ENGINEER, OPTIMIST, SKEPTIC, Debate


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice: its answers to a question put to it, what it says to others, and which of their answers it likes.

    It takes `thinks_s` seconds until its first word, and `speaks_s` seconds for an answer; less for a short one.
    """

    thinks_s: float
    speaks_s: float
    debate: Debate
    opinions: tuple[str, ...]
    likes_short: bool = False


_OPTIMIST = Voice(
    thinks_s=0.5,
    speaks_s=3.2,
    debate=OPTIMIST,
    opinions=(
        """\
“{question}”: I like where this is going.

What speaks for it:

- **It can start small.** One afternoon and one person are enough for a first version.
- **You learn either way.** Even a result you did not hope for saves you a month of guessing.
- **Others will join in.** People help with things that they can see and touch.

So my answer is *yes, and this week*. Begin with the part that makes you smile.

I am the demo's optimist: prepared words, no real model. With a key in `.env`, a real one sits here.""",
        """\
You ask: “{question}”. Let me take the bright side.

1. The question is **the right one to ask now**, while changing course is still cheap.
2. The tools for it have become good. What took a team five years ago takes a weekend today.
3. The worst case is a good story.

I would go ahead, and tell someone about it today, because a promise made aloud tends to be kept.

A word of honesty: this is a demo voice, the optimist, and no real model has thought about it.""",
    ),
)

_SKEPTIC = Voice(
    thinks_s=1.1,
    speaks_s=3.6,
    likes_short=True,
    debate=SKEPTIC,
    opinions=(
        """\
Before anyone answers “{question}”, three doubts:

- **What would change your mind?** If nothing would, it is not a question but a wish.
- **Who pays when it goes wrong?** It is seldom the person who decides.
- **Compared with what?** Doing nothing is an option too, and often a good one.

I say *not yet*. Write down what you expect, wait a week, and look at the page again.

And doubt me as well: I am the demo's skeptic, prepared words without a real model behind them.""",
        """\
“{question}”: everybody nods, so let me not.

1. We know **less than it seems**. Most of what is said about this comes from people who gain by it.
2. The first idea is popular because it came first, not because it is good.
3. What cannot be undone deserves **twice the thought** of what can.

My advice: name the one fact that would settle it, and go and find out.

This was the skeptic of the demo. There is no real model here, which you were right to suspect.""",
    ),
)

_ENGINEER = Voice(
    thinks_s=0.8,
    speaks_s=4.4,
    debate=ENGINEER,
    opinions=(
        """\
Taking “{question}” apart, I get three pieces:

1. **What is fixed:** time, money, and whatever must not break.
2. **What is open:** everything else. Make that list as long as you can.
3. **What can be measured:** pick one number, and write it down before you begin.

```python
def decide(options, budget):
    cheap = [option for option in options if option.cost <= budget]
    return min(cheap, key=lambda option: option.regret)
```

Then try the cheapest option for two weeks and compare the number.

I am the demo's engineer. The code is real, the model is not: these are prepared words.""",
        """\
Regarding “{question}”, I would run it as an experiment:

- **Hypothesis:** one sentence that could turn out to be false.
- **Smallest test:** the least work that would show it. Not a platform, a sketch.
- **Stop rule:** decided now, kept later.

```text
build -> measure -> decide
  ^                   |
  +---- not yet ------+
```

Keep the change small enough that `git revert` is a real way out, and the rest is craft.

You are reading the demo's engineer: a prepared text, with no real model at work.""",
    ),
)

VOICES: Mapping[str, Voice] = {
    "optimist": _OPTIMIST,
    "skeptic": _SKEPTIC,
    "engineer": _ENGINEER,
}
