"""Scene numbers and their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.values import SceneNumber

LETTER = st.sampled_from(["", "A", "B", "Y", "Z"])
PART = st.builds(
    lambda before, number, after: f"{before}{number}{after}",
    LETTER,
    st.integers(0, 999_999),
    st.sampled_from(["", "A", "B", "Z", "AA", "AB", "ZZ"]),
)
NUMBERS = st.lists(PART, min_size=1, max_size=3).map("-".join).filter(lambda text: len(text) <= 20)


@given(NUMBERS)
def test_text_reads_back(text):
    number = SceneNumber.parse(text)
    assert str(number) == text
    assert SceneNumber.parse(str(number)) == number
    assert len(number.sort_key) == 10 * len(text.split("-"))
    assert number.sort_key.isascii()
    assert number.sort_key.isalnum()


@given(NUMBERS, NUMBERS, NUMBERS)
def test_order_is_total(a, b, c):
    a, b, c = (SceneNumber.parse(text) for text in (a, b, c))
    assert [a < b, a == b, a > b].count(True) == 1
    if a <= b <= c:
        assert a <= c


@given(NUMBERS, NUMBERS)
def test_sort_key_orders_like_the_numbers(a, b):
    a, b = SceneNumber.parse(a), SceneNumber.parse(b)
    if a.key != b.key:
        assert (a.sort_key < b.sort_key) == (a < b)
    else:
        assert a.sort_key == b.sort_key


def test_order_of_inserted_scenes():
    written = [
        "10-1",
        "3-7",
        "3",
        "3-12",
        "A12",
        "12AB",
        "12",
        "12A",
        "12B",
        "B12",
        "2-1",
        "13",
        "3-7A",
        "3-A7",
    ]
    read = ["2-1", "3", "3-A7", "3-7", "3-7A", "3-12", "10-1", "A12", "B12", "12", "12A", "12AB", "12B", "13"]
    assert [str(number) for number in sorted(map(SceneNumber.parse, written))] == read


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("3—7", "3-7"), ("３－７", "3-7"), ("3.7", "3-7"), (" 3 - 7 ", "3-7"), ("#12a#", "12A"), ("3–7.", "3-7"),
        ("3\u200b-\ufeff7", "3-7"), ("\u200b#5", "5"), ("１２Ａ", "12A"), ("3_7", "3-7"), ("1-2-3", "1-2-3"), ("3。7", "3-7"), ("3-", "3"),
    ],
)  # fmt: skip
def test_dirt_is_read(written, text):
    assert SceneNumber.parse(written).text == text


def test_episode_is_put_before_a_number_without_one():
    assert str(SceneNumber.parse("7", episode=3)) == "3-7"
    assert str(SceneNumber.parse("4-7", episode=3)) == "4-7"


@pytest.mark.parametrize("written", ["", "  ", "A", "一", "3--7", "1-2-3-4", "1234567", "12ABC", "x-1-", "٣", "+7"])
def test_refusals(written):
    with pytest.raises(ValueError, match="not a scene number"):
        SceneNumber.parse(written)


@pytest.mark.parametrize("episode", [-1, 1_000_000])
def test_impossible_episode_is_refused(episode):
    with pytest.raises(ValueError, match="not an episode number"):
        SceneNumber.parse("7", episode=episode)
