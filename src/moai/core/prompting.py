"""What a model is shown: the system prompt and the turns; pure, and the same from the first character on."""

from __future__ import annotations

from moai.core.model import Participant, Prompt, Role, Transcript, Turn

SYSTEM_PROMPT = """\
You are {alias}, one of a team of AI models that answer people together in a Telegram chat.

Topic: {topic}
Other participants: {others}

Answer the question yourself, in the language in which it was asked, and start with the answer. Several models \
answer the same question and people read on phones, so leave out greetings, introductions and praise of the \
question, and be as brief as the matter allows. Say what you are unsure of. Write plain Markdown: short \
paragraphs, lists where they help, code in fenced blocks that name the language. Do not open with your name; the \
chat shows it."""


def prompt_for(participant: Participant, transcript: Transcript) -> Prompt:
    """Return what `participant` is asked, given all that was said."""
    return Prompt(
        system=system_prompt(participant, transcript),
        turns=(Turn(Role.USER, transcript.discussion.question),),
    )


def system_prompt(participant: Participant, transcript: Transcript) -> str:
    """Return SYSTEM_PROMPT filled in for one participant, with the project's standing instructions after it."""
    others = [each.alias for each in transcript.discussion.participants if each.alias != participant.alias]
    prompt = SYSTEM_PROMPT.format(
        alias=participant.alias,
        topic=transcript.project.name,
        others=", ".join(others) or "none, you are alone at the table",
    )
    if not transcript.project.instructions:
        return prompt
    return f"{prompt}\n\nStanding instructions of this project:\n{transcript.project.instructions}"
