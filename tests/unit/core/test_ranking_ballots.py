"""Rankings as models write them down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.core.ranking import read_ranking

LABELS = {"A": "ada", "B": "ben", "C": "claude"}
SIGNS = "RANKING: RANKING A B C a > < , 1. 2) - ( ) ** Answer because and"
WORDS = st.sampled_from((*SIGNS.split(), "\n", "\n\n"))


@pytest.mark.parametrize(
    "text",
    [
        "RANKING: B > A > C",
        "RANKING: B>A>C",
        "ranking: b > a > c",
        "**RANKING:** **B** > **A** > **C**",
        "> `RANKING: B > A > C`",
        "### Final ranking: B, A, C",
        "My ranking: B, A and C.",
        "RANKING — B; A; C",
        "RANKING: B → A → C",
        "RANKING: B - A - C",
        "RANKING: B A C",
        "RANKING: [B, A, C]",
        "RANKING: (B > A > C)",
        '{"ranking": ["B", "A", "C"]}',
        "RANKING: Answer B > answer A > Response C",
        "RANKING: answer_B > answer_A > answer_C",
        "RANKING: 1. B 2. A 3. C",
        "RANKING: 1st: B, 2nd: A, 3rd: C",
        "RANKING: first B, then A, finally C",
        "RANKING: 1. B\n2. A\n3. C",
        "RANKING:\n1. B\n2. A\n3. C",
        "RANKING:\n1) b\n2) a\n3) c",
        "## Ranking\n\n- **B** – clear, C is not\n- Answer A: a bit long\n- C\n\nThat is all.",
        "RANKING:\n\nB > A > C",
        "RANKING (best first): B > A > C",
        "RANKING: B (clear) > A (long, B is not) > C (wrong)",
        "RANKING: B — clear > A — long, B is not > C — wrong",
        "RANKING: B > A > C. I put C last since A is a bit better.",
        "RANKING: C < A < B",
        "RANKING: B = A > C",
        "RANKING: A > C > B\n\nOn second thought:\nRANKING: B > A > C",
        "RANKING: B > A > C\n\nRanking them was hard, and A was close.",
        "Short thoughts.\n\nB > A > C",
        "Thoughts about A.\n\n1. B\n2. A\n3. C\n",
        "**B**, **A**, **C**",
    ],
)
def test_a_ranking_is_read_however_it_is_written(text: str) -> None:
    assert read_ranking(text, LABELS) == ("ben", "ada", "claude")


@pytest.mark.parametrize(
    ("text", "ranking"),
    [
        ("RANKING: X > B > B > D > A", ("ben", "ada")),
        ("RANKING: B", ("ben",)),
        ("RANKING: 1. C\n- a bit of a surprise", ("claude",)),
        ("RANKING: best: C; worst: A", ("claude", "ada")),
    ],
)
def test_unknown_and_repeated_labels_are_dropped(text: str, ranking: tuple[str, ...]) -> None:
    assert read_ranking(text, LABELS) == ranking


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RANKING:",
        "RANKING: I cannot rank them.",
        "RANKING: A B is better",
        "A is better than B, and B better than C.",
        "A",
        "I like a\n\nA\n",
        "My RANKING of them: not possible",
    ],
)
def test_where_no_ranking_is_there_is_none(text: str) -> None:
    assert read_ranking(text, LABELS) == ()


def test_one_label_alone_is_a_ranking_where_there_is_but_one() -> None:
    assert read_ranking("Well:\nA", {"A": "ada"}) == ("ada",)


def test_labels_may_be_of_several_letters_or_words() -> None:
    assert read_ranking("RANKING: AB > Reader 2 > aa", {"AA": "a", "AB": "b", "Reader 2": "c"}) == ("b", "c", "a")


def test_without_labels_nobody_is_ranked() -> None:
    assert read_ranking("RANKING: A > B\n\nA > B", {}) == ()


@given(st.text() | st.lists(WORDS).map(" ".join), st.dictionaries(st.text(), st.text()) | st.just(LABELS))
def test_any_text_is_read(text: str, labels: dict[str, str]) -> None:
    ranking = read_ranking(text, labels)

    assert len(set(ranking)) == len(ranking)
    assert set(ranking) <= set(labels.values())


@given(st.permutations(sorted(LABELS)), st.sampled_from((" > ", ">", ", ", " ", " then ", "; ", " → ")))
def test_every_order_is_read_back(order: list[str], between: str) -> None:
    ranking = read_ranking(f"B is fine.\n\nRANKING: {between.join(order)}", LABELS)

    assert ranking == tuple(LABELS[label] for label in order)


@pytest.mark.parametrize("flood", ["RANKING: nonsense\n", "A > B\nwords\n", "x\n"])
def test_of_an_answer_without_end_only_the_last_lines_are_looked_at(flood: str) -> None:
    lines = 100_000

    assert read_ranking(flood * lines + "RANKING: B > A > C", LABELS) == ("ben", "ada", "claude")
    assert read_ranking("RANKING: B > A > C\n" + "x\n" * lines, LABELS) == ()
    assert read_ranking("RANKING: B > A > C\n" + "x\n" * 100, LABELS) == ("ben", "ada", "claude")
