"""Small scripts that differ in known ways."""

import pytest

FIRST = """《初光》
【人物小传】
1.林叶（28）：都市白领，隐忍。
2.沈乐：富二代。
【正文】
第1集.起初
1-1 日 内 叶家客厅
人物：林叶、沈乐、警员若干、男同学*4
△林叶推门而入，愣住。
林叶（惊讶）：你怎么在这里？
沈乐OS：她终于回来了。
旁白：那一年，她二十八岁。
【音效】雷声
道具：红色请柬
1-2 夜 外 天台
人物：林叶
△风很大。
林叶：我不会放弃的。
（一卡）
第2集
2-1 日 内 叶家客厅
人物：林叶
△桌上放着一张请柬。
林叶、沈乐：走吧。
"""
# 1-1 moves to the night and loses the classmates, 1-2 is dropped, 2-2 is new, 2-1 is untouched.
SECOND = FIRST.replace("1-1 日 内", "1-1 夜 内").replace("、男同学*4", "").replace(
    """1-2 夜 外 天台
人物：林叶
△风很大。
林叶：我不会放弃的。
（一卡）
""", "",
) + """2-2 夜 外 街道
人物：沈乐
△沈乐独自走远。
"""  # fmt: skip
PROSE = "第一章 雨夜\n" + "\n".join(
    "她站在窗前，望着外面的雨，想起那一年他们在江边分别的情景，心里一阵酸楚，“你还会回来吗？”她轻声问。"
    for _ in range(30)
)


@pytest.fixture
def first() -> bytes:
    return FIRST.encode()


@pytest.fixture
def second() -> bytes:
    return SECOND.encode()


@pytest.fixture
def prose() -> bytes:
    return PROSE.encode()
