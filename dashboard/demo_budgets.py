"""Budgets of the demo: one approved with a change after it, one laid out line by line, with cast and sets from the board."""

from __future__ import annotations

from finance import actions
from finance.budget_board import board_difference, board_to_read
from finance.choices import BudgetUnit
from finance.queries import budget_in_force
from studio.models import Production, User

# account, name, quantity, unit, times, rate in fen, group
_LINES = (
    ("script", "剧本定稿费", "24", BudgetUnit.EPISODE, 1, 200_000, ""),
    ("key_crew", "导演", "1", BudgetUnit.FLAT, 1, 4_000_000, ""),
    ("key_crew", "执行导演", "7", BudgetUnit.DAY, 1, 120_000, ""),
    ("cast", "特约演员", "5", BudgetUnit.DAY, 6, 60_000, ""),
    ("crew", "摄影灯光录音组", "7", BudgetUnit.DAY, 14, 70_000, ""),
    ("equipment", "器材套餐", "7", BudgetUnit.DAY, 1, 450_000, ""),
    ("equipment", "夜戏灯光", "2.5", BudgetUnit.DAY, 1, 380_000, "夜戏"),
    ("art", "服化道", "1", BudgetUnit.FLAT, 1, 2_600_000, ""),
    ("living", "盒饭", "14", BudgetUnit.DAY, 40, 3_500, ""),
    ("living", "夜宵", "2", BudgetUnit.DAY, 40, 2_000, "夜戏"),
    ("post", "剪辑调色混音", "24", BudgetUnit.EPISODE, 1, 160_000, ""),
)


def seed(users: dict[str, User], approved: Production, planned: Production) -> None:
    """`approved` has its standard budget; `planned` is in its shoot."""
    finance, owner, producer = users["finance"], users["owner"], users["producer"]
    first = budget_in_force(approved)
    if first is not None:
        actions.rename_budget(version=first, name="立项稿", note="按标准比例", by=finance)
        # The second one is asked for only above the studio's limit; once it is in force this changes nothing.
        actions.approve_budget(version=first, by=producer)
        actions.approve_budget(version=first, by=owner)
        later = actions.open_budget(production=approved, by=finance, name="补拍调整", copy_of=first)
        actions.add_budget_line(
            version=later, account="sets", name="补拍场地", quantity="1.5", unit=BudgetUnit.DAY, rate_minor=300_000,
            by=finance,
        )  # fmt: skip
        actions.remove_budget_line(line=later.lines.get(account="contingency"), by=finance)
        actions.add_budget_line(
            version=later, account="contingency", name="不可预见费", unit=BudgetUnit.PERCENT, percent_bp=300, by=finance
        )
    detailed = actions.open_budget(production=planned, by=finance, name="执行预算")
    for account, name, quantity, unit, factor, rate, group in _LINES:
        actions.add_budget_line(
            version=detailed, account=account, name=name, quantity=quantity, unit=unit, factor=factor, rate_minor=rate,
            group=group, by=finance,
        )  # fmt: skip
    board = board_to_read(planned)
    if board is not None:
        seen = board_difference(detailed, board).digest
        actions.take_board_over(version=detailed, board=board, seen=seen, by=finance)
    actions.add_budget_line(
        version=detailed, account="contingency", name="不可预见费", unit=BudgetUnit.PERCENT, percent_bp=500, by=finance
    )
