"""A script that comes as one file per episode: in order, each under its head, nothing lost, nothing guessed."""

import io

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from scripts_app.parsers import read_script
from scripts_app.parsers.joining import NotJoined, join_files
from scripts_app.samples.generator import generate

SCENE = "{n}-1 日 内 叶家客厅\n人物：林叶\n林叶：第{n}句。\n"


def scene(number):
    return SCENE.format(n=number).encode()


def document(*lines):
    out = io.BytesIO()
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    made.save(out)
    return out.getvalue()


def read(files):
    parsed = read_script(join_files(files).encode(), "joined.txt")
    return numbered(parsed)


def numbered(parsed):
    return [(episode.number, scene.number) for episode in parsed.episodes for scene in episode.scenes]


@pytest.mark.parametrize(
    "names",
    [
        ("第1集.txt", "第2集.txt", "第10集.txt"), ("第一集 归来.txt", "第二集.txt", "第十集.txt"), ("EP01.txt", "ep2.txt", "Ep_10.txt"),
        ("龙王 1.txt", "龙王 2.txt", "龙王 10.txt"), ("终稿2-01.txt", "终稿2-02.txt", "终稿2-10.txt"), ("1.txt", "2.txt", "10.txt"),
    ],
)  # fmt: skip
def test_the_name_states_the_episode(names):
    files = list(zip(names, [scene(1), scene(2), scene(10)], strict=True))
    assert read(files[::-1]) == [(1, "1-1"), (2, "2-1"), (10, "10-1")]


def test_a_head_in_the_text_counts_more_than_the_name():
    files = [
        ("第2集.txt", "第5集\n".encode() + scene(5)),
        ("a.docx", document("第4集 重逢", "4-1 日 内 天台", "林叶：走。")),
    ]
    assert read(files) == [(4, "4-1"), (5, "5-1")]


def test_what_belongs_to_no_episode_stands_in_front():
    biography = "人物小传\n林叶：女，24岁，绣娘。\n".encode()
    text = join_files([("第1集.txt", scene(1)), ("人物小传.txt", biography)])
    assert text.startswith("人物小传\n")
    assert [
        (role.name, role.age) for role in read_script(text.encode(), "a.txt").characters if role.name == "林叶"
    ] != []
    assert read([("第1集.txt", scene(1)), ("人物小传.txt", biography)]) == [(1, "1-1")]


@pytest.mark.parametrize(
    ("files", "name", "code"),
    [
        ([("第1集.txt", scene(1)), ("第1集 改.txt", scene(1))], "第1集 改.txt", "set_twice"),
        ([("1-10集.txt", scene(1)), ("第11集.txt", scene(11))], "1-10集.txt", "set_span"),
        ([("第1集.txt", scene(1)), ("第2集.txt", b"  ")], "第2集.txt", "empty_file"),
        ([("第1集.txt", scene(1)), ("第2集.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old")], "第2集.doc", "old_word_file"),
        ([("第1集.txt", scene(1)), ("2.fdx", b'<?xml version="1.0"?><FinalDraft DocumentType="Script"/>')], "2.fdx",
         "set_final_draft"),
        ([("第1集.txt", scene(1)), ("第2集.docx", b"PK\x03\x04broken")], "第2集.docx", None),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_or_read_is_named(files, name, code):
    with pytest.raises(NotJoined) as caught:
        join_files(files)
    assert caught.value.name == name
    if code:
        assert caught.value.fault.code == code
    assert caught.value.fault.severity == "error"


@given(order=st.permutations(range(8)))
def test_any_order_of_files_gives_the_same_text(order):
    files = [(f"第{number}集.txt", scene(number)) for number in range(1, 9)]
    assert join_files([files[index] for index in order]) == join_files(files)


def test_a_whole_series_in_files_reads_like_one_file():
    whole = generate(5, episodes=12, scenes=(24, 30))
    parts, lines = [], []
    for line in whole.text.splitlines():
        if line.startswith("第") and "集" in line[:6]:
            parts.append(lines := [])
        if parts:
            lines.append(line)
    files = [(f"剧本{number:02}.txt", "\n".join(part).encode()) for number, part in enumerate(parts, start=1)]
    one = read_script("\n".join("\n".join(part) for part in parts).encode(), "whole.txt")
    assert read(files) == numbered(one)
    assert len(files) == 12
