"""Both sides of a comparison still say what was written, and changes are marked where they are."""

from hypothesis import given
from hypothesis import strategies as st

from scripts_app.matching.words import ADDED, GONE, SAME, Piece, compare_lines, compare_words


def test_chinese_is_compared_by_runs_of_characters():
    assert compare_words("林叶推门而入，愣住。", "林叶推门而入，退了出去。") == (
        (Piece(SAME, "林叶推门而入，"), Piece(GONE, "愣住"), Piece(SAME, "。")),
        (Piece(SAME, "林叶推门而入，"), Piece(ADDED, "退了出去"), Piece(SAME, "。")),
    )  # fmt: skip


def test_english_is_compared_by_words():
    assert compare_words("He opens the door.", "He shuts the door.") == (
        (Piece(SAME, "He "), Piece(GONE, "opens"), Piece(SAME, " the door.")),
        (Piece(SAME, "He "), Piece(ADDED, "shuts"), Piece(SAME, " the door.")),
    )


def test_a_character_shared_by_chance_is_no_common_ground():
    before, after = compare_words("甲乙丙丁戊", "甲一丙二戊")
    assert (before[1], after[1]) == (Piece(GONE, "乙丙丁"), Piece(ADDED, "一丙二"))


def test_lines_put_in_and_taken_out():
    pairs = compare_lines(
        ["她推门进来。", "他没有抬头。", "再见。"], ["她推门进来。", "窗外下雨了。", "他始终没有抬头。", "再见。"]
    )
    assert [(pair.old, pair.new, pair.same) for pair in pairs] == [
        (0, 0, True), (None, 1, False), (1, 2, False), (2, 3, True),
    ]  # fmt: skip


words = st.text(st.sampled_from("甲乙丙丁 ，。ab"), max_size=24)


@given(words, words)
def test_both_sides_say_what_was_written(old, new):
    before, after = compare_words(old, new)
    assert ("".join(piece.text for piece in before), "".join(piece.text for piece in after)) == (old, new)
    assert {piece.kind for piece in before} <= {SAME, GONE}
    assert {piece.kind for piece in after} <= {SAME, ADDED}


@given(st.lists(words, max_size=8), st.lists(words, max_size=8))
def test_every_line_stands_once_and_in_order(old, new):
    pairs = compare_lines(old, new)
    assert [pair.old for pair in pairs if pair.old is not None] == list(range(len(old)))
    assert [pair.new for pair in pairs if pair.new is not None] == list(range(len(new)))
    assert all(
        pair.same == (old[pair.old] == new[pair.new]) for pair in pairs if pair.old is not None and pair.new is not None
    )
