"""`moai check`: what is configured, and whether Telegram and every model answer; changes nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten

from moai.app import open_minds, open_telegram
from moai.bot.application import who_am_i
from moai.core.clock import SystemClock
from moai.core.ports import AIClient
from moai.core.prompts import Prompt, Role, Turn
from moai.core.spending import dollars
from moai.errors import MoaiError
from moai.log import scrub
from moai.providers.http import open_http_client
from moai.settings import Settings
from moai.testing import MemoryStores

ALL_WORK = 0
SOME_DO_NOT = 1

PROMPT = Prompt(
    system="This is a test of the connection. Answer with one word.",
    turns=(Turn(Role.USER, "Say hello."),),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table; `seconds` is how long the answer took."""

    name: str
    what: str
    works: bool
    seconds: float
    says: str


async def check(settings: Settings, write: Callable[[str], object]) -> int:
    """Ask everybody at once, write a table, and return the exit code; raise ConfigurationError."""
    application = open_telegram(settings)
    async with open_http_client(settings.limits) as http:
        minds = await open_minds(settings, http, MemoryStores(SystemClock()).catalog)
        await minds.catalog.refresh()
        findings = await asyncio.gather(
            _find("Telegram", settings.telegram_api_base_url, who_am_i(application)),
            *(_find_model(client) for client in minds.team.values()),
        )
    write("\n".join([_allowed(settings), *_money(settings), "", table(findings)]))
    return ALL_WORK if all(finding.works for finding in findings) else SOME_DO_NOT


def table(findings: Sequence[Finding]) -> str:
    """Return the findings in columns, each as wide as its longest entry."""
    rows = [("", "", "", "seconds", "says")]
    rows += [
        (each.name, each.what, "works" if each.works else "FAILS", f"{each.seconds:.2f}", each.says)
        for each in findings
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ("  ".join([*map(str.ljust, row[:4], widths), row[4]]).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def _find_model(client: AIClient) -> Awaitable[Finding]:
    who = client.participant
    return _find(who.alias, f"{who.provider}:{who.model}", _ask_model(client))


async def _find(name: str, what: str, asking: Awaitable[str]) -> Finding:
    started = time.monotonic()
    try:
        says, works = await asking, True
    except MoaiError as error:
        says, works = scrub(error.sentence), False
    return Finding(name, what, works, time.monotonic() - started, " ".join(says.split()))


async def _ask_model(client: AIClient) -> str:
    return shorten((await client.complete(PROMPT)).text, 60, placeholder=" …")


def _allowed(settings: Settings) -> str:
    if settings.allowed_users == "*":
        return "Everybody may use the bot."
    if not settings.allowed_users and not settings.allowed_chats:
        return "Nobody may use the bot yet: put numeric user ids into MOAI_ALLOWED_USERS."
    people, groups = len(settings.allowed_users), len(settings.allowed_chats)
    some_people = f"{people} {'person' if people == 1 else 'people'}"
    return f"Allowed: {some_people}, and the members of {groups} {'group' if groups == 1 else 'groups'}."


def _money(settings: Settings) -> list[str]:
    """Return what models cost and what chats may spend, as far as either is configured."""
    prices = [
        f"{alias} {dollars(price.input_usd)} and {dollars(price.output_usd)}"
        for alias, price in settings.prices.items()
    ]
    budgets = [
        *([dollars(settings.daily_budget_usd)] if settings.daily_budget_usd else []),
        *([f"{settings.daily_budget_tokens:,} tokens"] if settings.daily_budget_tokens else []),
    ]
    said = {"A million tokens in and out": ", ".join(prices), "Each chat's budget for a day": " and ".join(budgets)}
    return [f"{what}: {amounts}." for what, amounts in said.items() if amounts]
