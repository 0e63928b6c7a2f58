"""Labels that are each reader's own, and the Borda count."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.ranking import Standing, borda, label_names, labels_for, table

NAMES = st.sampled_from(("ada", "ben", "claude", "dora", "stranger"))
BALLOTS = st.dictionaries(NAMES, st.lists(NAMES).map(tuple))
CANDIDATES = st.lists(NAMES, max_size=5)


def order(standings: Sequence[Standing]) -> list[str]:
    return [each.alias for each in standings]


def test_labels_are_letters_then_pairs_of_letters() -> None:
    names = label_names(26 * 27 + 1)

    assert names[:3] == ("A", "B", "C")
    assert names[24:28] == ("Y", "Z", "AA", "AB")
    assert names[-2:] == ("ZZ", "AAA")
    assert len(set(names)) == len(names)
    assert label_names(0) == ()


def test_a_reader_has_a_label_for_everyone_else() -> None:
    labels = labels_for("ben", ("ada", "ben", "claude", "ada"), "1")

    assert set(labels) == {"ada", "claude"}
    assert set(labels.values()) == {"A", "B"}


def test_labels_are_always_the_same_for_a_seed_and_differ_between_readers_and_seeds() -> None:
    everyone = [f"model{number}" for number in range(12)]
    others = everyone[2:]

    def names(reader: str, seed: str) -> list[str]:
        labels = labels_for(reader, everyone, seed)
        return [labels[alias] for alias in others]

    assert names("model0", "7") == names("model0", "7")
    assert names("model0", "7") != names("model1", "7")
    assert names("model0", "7") != names("model0", "8")


@given(st.text(), st.lists(st.text()), st.text())
def test_any_names_get_labels(reader: str, aliases: list[str], seed: str) -> None:
    labels = labels_for(reader, aliases, seed)

    assert set(labels) == set(aliases) - {reader}
    assert set(labels.values()) == set(label_names(len(labels)))


def test_points_go_down_from_the_first_place() -> None:
    standings = borda(
        {"ada": ("ben", "claude", "dora"), "ben": ("ada", "claude", "dora"), "claude": ("ben", "ada", "dora")},
        ("ada", "ben", "claude", "dora"),
    )

    assert standings == (
        Standing("ben", 4, 4, 2, 2),
        Standing("ada", 3, 4, 2, 1),
        Standing("claude", 2, 4, 2, 0),
        Standing("dora", 0, 6, 3, 0),
    )


def test_nobody_votes_for_itself() -> None:
    ranked = borda({"ada": ("ada", "ben", "claude")}, ("ada", "ben", "claude"))

    assert ranked == (Standing("ben", 1, 1, 1, 1), Standing("ada", 0, 0, 0, 0), Standing("claude", 0, 1, 1, 0))


def test_those_left_out_share_what_is_left() -> None:
    ranked = borda({"ada": ("dora",)}, ("ben", "claude", "dora"))

    assert ranked == (Standing("dora", 2, 2, 1, 1), Standing("ben", 0.5, 2, 1, 0), Standing("claude", 0.5, 2, 1, 0))


def test_strangers_and_repetitions_on_a_ballot_are_passed_over() -> None:
    candidates = ("ada", "ben", "claude")

    assert borda({"x": ("stranger", "ben", "ben", "ada")}, candidates) == borda({"x": ("ben", "ada")}, candidates)


def test_a_ballot_without_a_name_is_none() -> None:
    candidates = ("ada", "ben")

    assert borda({"x": (), "y": ("stranger",)}, candidates) == borda({}, candidates)
    assert borda({}, candidates) == (Standing("ada", 0, 0, 0, 0), Standing("ben", 0, 0, 0, 0))


def test_whoever_lacks_a_ballot_gains_nothing_by_it() -> None:
    # All three were asked, and ada alone gave no ballot: ben and claude have one less to be ranked on.
    standings = borda({"ben": ("claude", "ada"), "claude": ("ada", "ben")}, ("ada", "ben", "claude"))

    assert order(standings) == ["claude", "ada", "ben"]
    assert [each.share for each in standings] == [1, 0.5, 0]


def test_first_places_decide_between_equals_then_the_alias() -> None:
    ballots = {"v": ("ben", "ada", "claude"), "w": ("claude", "ada", "ben")}

    assert order(borda(ballots, ("ada", "claude", "ben"))) == ["ben", "claude", "ada"]


@given(BALLOTS, CANDIDATES)
def test_any_ballots_are_counted(ballots: dict[str, tuple[str, ...]], candidates: list[str]) -> None:
    standings = borda(ballots, candidates)

    assert sorted(order(standings)) == sorted(set(candidates))
    for each in standings:
        assert 0 <= each.points <= each.most
        assert 0 <= each.firsts <= each.ballots <= len(ballots)
    given_out = 0.0
    for voter, ranking in ballots.items():
        own = set(candidates) - {voter}
        given_out += sum(range(len(own))) if own & set(ranking) else 0
    assert sum(each.points for each in standings) == pytest.approx(given_out)


def test_a_table_has_the_places_with_names_put_back() -> None:
    standings = (Standing("ben", 7, 8, 4, 3), Standing("gpt_4|x", 4.5, 8, 4, 1))

    assert table(standings).splitlines() == [
        "| Place | Model | Points | First places |",
        "|---:|:---|:---|---:|",
        "| 1 | ben | 7 of 8 | 3 |",
        r"| 2 | gpt\_4\|x | 4.5 of 8 | 1 |",
    ]


def test_equals_share_a_place_and_the_next_is_left_out() -> None:
    standings = borda({"v": ("ada", "ben", "claude"), "w": ("ben", "ada", "claude")}, ("ada", "ben", "claude"))

    assert [line.split(" | ")[0] for line in table(standings).splitlines()[2:]] == ["| 1", "| 1", "| 3"]


def test_without_standings_there_is_no_table() -> None:
    assert table(()) == ""
