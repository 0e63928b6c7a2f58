"""The words of one STANCE line: its side, its position, who moved the model; knows nothing of the text around it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from moai.core.findings import Side, Stance
from moai.core.plaintext import one_line, without_markup

LONGEST_POSITION = 200
"""Characters of a position that are kept."""
_LONGEST_LINE = 1_000

_NOT = r"not|never|no|longer|hardly|don't|dont|doesn't|can't|cannot|won't"
_PARTLY = r"partially|partly|partial|somewhat|mostly|largely|half|conditionally|conditional"
_FULLY = r"fully|full|completely|complete|entirely|wholly|totally|quite"
_FILLERS = (
    r"i'm|im|i|we|am|are|is|do|does|would|still|now|also|tend|to|in|a|the|my|strongly|strong|firmly|clearly|"
    r"generally|broadly|basically|respectfully|remain|very|much|really|tentatively|cautiously"
)
_SIDE = re.compile(
    rf"(?P<lead>(?:(?:{_NOT}|{_PARTLY}|{_FULLY}|{_FILLERS})\s+)*)"
    r"(?:(?P<disagree>disagree(?:s|d|ing|ment)?)|(?P<agree>agree(?:s|d|ing|ment)?)|undecided)\b"
    rf"(?P<partly>\s+\(?(?:in\s+part|{_PARTLY})\b\)?)?",
    re.IGNORECASE,
)
_OTHER_SIDE = re.compile(r"\s*(?:/|\||\bor\b)\s*(?:agree|disagree|undecided)", re.IGNORECASE)
_TO_DISAGREE = re.compile(r"\s+to\s+disagree\b", re.IGNORECASE)
_NEGATION = re.compile(rf"\b(?:{_NOT})\b", re.IGNORECASE)
_HALVES = re.compile(rf"\b(?:{_PARTLY})\b", re.IGNORECASE)
_HALVES_WHEN_NEGATED = re.compile(rf"\b(?:{_FULLY})\b", re.IGNORECASE)

_PAIRS = (("(", ")"), ("[", "]"), ("<", ">"), ('"', '"'), ("“", "”"), ("«", "»"))

_BY = re.compile(
    r"\b(?:(?:moved|convinced|persuaded|swayed|won\s+over|influenced|changed|shifted)\s+(?:\w+\s+)?by|"
    r"moved:|because\s+of|thanks\s+to)(?!\w)[\s:]*",
    re.IGNORECASE,
)
_UNMOVED = re.compile(r"(?:\b(?:not|never|hardly|nor|nobody)|n['’]t)(?:\s+\w+){0,2}\s+\Z", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_ASIDE_ON_MOVES = re.compile(r"\s*[(\[]\s*(?:not\s+|un)?moved\s*(?:by|:|[)\]])", re.IGNORECASE)
_BEFORE_NAME = (
    r"[\s,&+/]*(?:and\s+)?"
    r"(?:(?:the|an?|answer|model|participant|label|arguments?|points?|of|from|mostly|mainly|especially)\s+){0,4}"
    r"[<\"“']{0,2}@?"
)
_AFTER_NAME = r"(?![\w-]|\.\w)[>\"”]{0,2}(?:['’]s?(?!\w))?"
_ORDINARY_WORD = re.compile(r"\s+(?!and\b)\w")
_JOINT = re.compile(r"(?:[\s,;:.—–-]|\b(?:i\s+)?(?:was|am)\s*\Z)+\Z", re.IGNORECASE)


def names_a_side(words: str) -> bool:
    """Tell that what follows `STANCE:` begins with a side, as it should."""
    return _side_and_rest(_plain(words))[0] is not None


def read_words(words: str, names: Mapping[str, str]) -> Stance:
    """Return the stance in what follows `STANCE:`; where no side is in it, undecided with all that was there.

    `names` tells by lower-case name whom a model may mean as having moved it, with their aliases.
    """
    plain = _plain(words)
    side, rest = _side_and_rest(plain)
    position, movers = _without_movers(rest, names)
    return Stance(side or Side.UNDECIDED, one_line(_bare(position), LONGEST_POSITION), movers)


def _plain(words: str) -> str:
    return without_markup(one_line(words[:_LONGEST_LINE])).lstrip("*_ ")


def _side_and_rest(plain: str) -> tuple[Side | None, str]:
    """Return the side that the words begin with, and what follows it; None and all of them where they do not."""
    opening = re.match(r"[\W_]*", plain)
    found = _SIDE.match(plain.replace("’", "'"), opening.end() if opening else 0)
    if not found or _OTHER_SIDE.match(plain, found.end()):
        return None, plain
    if found["agree"] and (to_disagree := _TO_DISAGREE.match(plain, found.end())):
        return Side.DISAGREE, plain[to_disagree.end() :]
    rest = plain[found.end() :]
    is_half = found["partly"] or _HALVES.search(found["lead"])
    # Where only a part is agreed to, the part is all that there is to tell.
    return _side_of(found), rest if _bare(rest) or not is_half else plain


def _side_of(found: re.Match[str]) -> Side:
    lead = found["lead"]
    is_negated = _NEGATION.search(lead)
    if found["partly"] or _HALVES.search(lead) or (is_negated and _HALVES_WHEN_NEGATED.search(lead)):
        return Side.UNDECIDED
    if found["agree"]:
        return Side.DISAGREE if is_negated else Side.AGREE
    return Side.DISAGREE if found["disagree"] and not is_negated else Side.UNDECIDED


def _bare(position: str) -> str:
    """Return a position without what joins it to its side, and without brackets or quotation marks around it."""
    text = re.sub(r"\A[\s—–\-:：,;.!?|=/>)\]*_]+", "", position).rstrip(" |*_~—–,;")
    for opening, closing in _PAIRS:
        inner = text[1:-1]
        if text[:1] == opening and text[1:].endswith(closing) and opening not in inner and closing not in inner:
            text = inner.strip()
        elif text.endswith(closing) and opening not in text[:-1]:
            text = text[:-1].rstrip()
    return text


def _without_movers(text: str, names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return a position without what it says of who moved it there, and their aliases."""
    movers: list[str] = []

    def without(aside: re.Match[str]) -> str:
        named, _ = _movers_in(aside[0], names)
        movers.extend(named)
        return "" if named or _ASIDE_ON_MOVES.match(aside[0]) else aside[0]

    text = _ASIDE.sub(without, text)
    named, clause = _movers_in(text, names)
    movers.extend(named)
    return text[:clause], tuple(dict.fromkeys(movers))


def _movers_in(text: str, names: Mapping[str, str]) -> tuple[list[str], int]:
    """Return the aliases of whom a text names as movers, and where its last clause begins if that is about them."""
    movers: list[str] = []
    end = len(text)
    for by in _BY.finditer(text):
        if _UNMOVED.search(text, 0, by.start()):
            continue
        named, after = _named_from(text, by.end(), names)
        movers.extend(named)
        if named and not text[after:].strip(" .!;"):
            joint = _JOINT.search(text, 0, by.start())
            end = joint.start() if joint else by.start()
    return movers, end


def _named_from(text: str, at: int, names: Mapping[str, str]) -> tuple[list[str], int]:
    """Return the aliases of those who are listed from there on, and where the list ends."""
    found: list[str] = []
    any_name = "|".join(re.escape(each) for each in sorted(names, key=len, reverse=True))
    listed = re.compile(rf"{_BEFORE_NAME}(?P<name>{any_name}){_AFTER_NAME}", re.IGNORECASE)
    while any_name and (each := listed.match(text, at)):
        is_article = each["name"] == "a" and _ORDINARY_WORD.match(text, each.end())
        alias = names.get(each["name"].lower())
        if is_article or alias is None:
            break
        found.append(alias)
        at = each.end()
    return found, at
