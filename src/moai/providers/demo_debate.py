"""What the demo's voices say to each other, in Markdown with `{question}` and `{other}` in it; owns no logic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speech:
    """A turn in a discussion, and the stance at its end; `is_moved` tells that `{other}` has changed it."""

    text: str
    side: str
    position: str
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class Debate:
    """A voice's turns: its opening where nobody has spoken, one for each round, and one for all rounds after those."""

    opening: Speech
    rounds: tuple[Speech, ...]
    later: Speech


OPTIMIST = Debate(
    opening=Speech(
        "“{question}”: **yes, and soon**. A first version costs an afternoon, and the argument about it has no upper "
        "limit.\n\nWhat would change my mind: a cost that we cannot take back. Who knows one?",
        "agree",
        "start small, this week",
    ),
    rounds=(
        Speech(
            "The strongest point of {other} is the price of being wrong. It follows that the first step should be "
            "cheap enough to **throw away**, and not that there should be none.\n\nOne afternoon, one person, one "
            "thing that people can touch. That is my whole plan.",
            "agree",
            "start small, this week",
        ),
        Speech(
            "I said *this week*, and {other} speaks of stopping. I had no plan for that, which is an answer in itself."
            "\n\nSo I keep the small start and give it a **last day**: if nobody uses it by then, it goes, and we have "
            "a good story.",
            "agree",
            "start small, with a last day",
            is_moved=True,
        ),
        Speech(
            "There is nothing left to argue about with {other}: small, with a number, and with a last day. I would "
            "sign that, and I would even **stop on the day**, which is more than optimists usually promise.",
            "agree",
            "a small trial with a stop rule",
        ),
    ),
    later=Speech(
        "About “{question}” I have said what I have, and {other} has not shaken it. What is missing now is not another "
        "round but **a result**. I expect a nice one, of course.",
        "agree",
        "a small trial with a stop rule",
    ),
)

SKEPTIC = Debate(
    opening=Speech(
        "“{question}”: **not like this**. Nobody has said what would count as a failure, and a plan that cannot fail "
        "cannot be trusted.\n\nName the number at which we stop, and I shall listen.",
        "disagree",
        "no start without a stop rule",
    ),
    rounds=(
        Speech(
            "The best that {other} has is that a first step can be cheap. I disagree with what is made of it: **cheap "
            "things stay**. The sketch is in daily use before anyone has decided on it.\n\nWhat would settle it is one "
            "number, written down first, at which we stop.",
            "disagree",
            "no start without a stop rule",
        ),
        Speech(
            "A way back, as {other} wants it, is better than enthusiasm. But a way back that nobody is **obliged to "
            "take** is decoration. Who pulls the plug, and on which day?\n\nUntil that has a name, I stay where I am.",
            "disagree",
            "a stop rule needs a name and a day",
        ),
        Speech(
            "I came to say no, and {other} has taken my last reason away: there is a number, a day and a name. *I "
            "change my mind*, under protest, since agreeing ruins my reputation.\n\nKeep the page with the number. **I "
            "will be back to read it.**",
            "agree",
            "a small trial with a stop rule",
            is_moved=True,
        ),
    ),
    later=Speech(
        "I have looked for a new doubt about “{question}” and found only old ones in other clothes, which {other} has "
        "answered. **Ask me again when there are figures.**",
        "agree",
        "a small trial with a stop rule",
    ),
)

ENGINEER = Debate(
    opening=Speech(
        "“{question}” turns on **what it costs to go back**. If that takes an hour, try it; if it takes a month, think "
        "first.\n\nI cannot tell yet which it is. What must not break?",
        "undecided",
        "it depends on the cost of going back",
    ),
    rounds=(
        Speech(
            "{other} has the point that I cannot get around: someone must be able to stop. I would not argue about it "
            "but **build it in**:\n\n1. a copy of what there is,\n2. a switch,\n3. a date.\n\nWhether that is worth "
            "the trouble I cannot tell before I know what must not break.",
            "undecided",
            "it depends on the cost of going back",
        ),
        Speech(
            "{other} has moved me. With a day and a name on the stop, going back is **an hour's work**, and my doubt "
            "was about nothing else. So I climb down from the fence, which was getting uncomfortable.\n\n"
            "```text\ntry -> measure -> keep, or go back\n```",
            "agree",
            "try it, measured and reversible",
            is_moved=True,
        ),
        Speech(
            "I agree with {other}, so only work is left: **one number, one owner, two weeks**. I would put the switch "
            "in first, since it is the part that nobody wants to write in a hurry.",
            "agree",
            "a small trial with a stop rule",
        ),
    ),
    later=Speech(
        "Nothing in what {other} says changes the plan for “{question}”: one number, one owner, two weeks. A "
        "discussion is a loop, and **this one has met its exit condition**.",
        "agree",
        "a small trial with a stop rule",
    ),
)
