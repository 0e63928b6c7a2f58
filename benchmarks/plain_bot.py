"""A bot that does the same work plainly, for comparison: the same libraries as they come, and no thought of load.

It is what one writes in an afternoon: one handler, one message per model, edited with every chunk, one session of the
database per message. `DATABASE_URL`, `TELEGRAM_API_BASE_URL`, `TELEGRAM_BOT_TOKEN`, `OPENAI_BASE_URL` and `MODELS` are
read from the environment.
"""

from __future__ import annotations

import asyncio
import json
import os
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from telegram import Message, Update
from telegram.ext import Application, ApplicationBuilder, CommandHandler, ContextTypes

MODELS = os.environ["MODELS"].split(",")

engine = create_async_engine(os.environ["DATABASE_URL"])
sessions = async_sessionmaker(engine, expire_on_commit=False)
vendors = httpx.AsyncClient(base_url=os.environ["OPENAI_BASE_URL"], timeout=60)


class Base(DeclarativeBase):
    """The tables."""


class Chat(Base):
    """A chat that the bot has met."""

    __tablename__ = "chats"
    id: Mapped[int] = mapped_column(primary_key=True)
    first_seen: Mapped[datetime]


class Said(Base):
    """What was said in a chat, by a person or a model."""

    __tablename__ = "said"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(index=True)
    role: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


async def remember(chat_id: int, role: str, text: str) -> None:
    """Store one message."""
    async with sessions() as session:
        if await session.scalar(select(Chat).where(Chat.id == chat_id)) is None:
            session.add(Chat(id=chat_id, first_seen=datetime.now(UTC)))
        session.add(Said(chat_id=chat_id, role=role, text=text, at=datetime.now(UTC)))
        await session.commit()


async def answer(model: str, question: str, shown: Message) -> None:
    """Stream one model's answer into a message."""
    asked = {"model": model, "stream": True, "messages": [{"role": "user", "content": question}]}
    text = ""
    async with vendors.stream("POST", "/chat/completions", json=asked) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if not line.startswith("data: ") or line == "data: [DONE]":
                continue
            choices = json.loads(line.removeprefix("data: "))["choices"]
            if choices and (words := choices[0]["delta"].get("content")):
                text += words
                await shown.edit_text(f"{model}\n\n{text}")
    await remember(shown.chat_id, model, text)


async def open_(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Ask every model at once, each in a message of its own."""
    if update.message is None:
        return
    question = " ".join(context.args or ())
    await remember(update.message.chat_id, "user", question)
    messages = [await update.message.reply_text(f"{model} …") for model in MODELS]
    await asyncio.gather(*(answer(model, question, message) for model, message in zip(MODELS, messages, strict=True)))


async def prepare(_: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Make the tables."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


def main() -> None:
    """Poll until stopped."""
    builder = ApplicationBuilder().token(os.environ["TELEGRAM_BOT_TOKEN"])
    application = builder.base_url(f"{os.environ['TELEGRAM_API_BASE_URL']}/bot").post_init(prepare).build()
    application.add_handler(CommandHandler("open", open_))
    application.run_polling()


if __name__ == "__main__":
    main()
