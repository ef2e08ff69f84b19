"""python -m finance.banking FILE.json

FILE: {"return": "回单.csv" beside FILE, "sent": [{"reference", "amount": "12.50", "number", "state"}],
       "paid_words": [...], "refused_words": [...]}
Prints for each line of the return which payment it speaks of and what became of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from finance.statements.tables import Unreadable
from studio.values import Money, MoneyError

from .matching import Sent, match
from .returns import ReturnFault, read_return
from .sentences import SENTENCES


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m finance.banking FILE.json", file=sys.stderr)
        return 2
    try:
        path = Path(arguments[0])
        asked = json.loads(path.read_text("utf-8"))
        sent = [
            Sent(row["reference"], Money.parse(row["amount"]).minor, row["number"], row.get("state", "sent"))
            for row in asked["sent"]
        ]
        read = read_return(
            (path.parent / asked["return"]).read_bytes(), paid_words=asked.get("paid_words", ["成功"]),
            refused_words=asked.get("refused_words", ["失败", "退汇"]), mapping=asked.get("mapping"),
        )  # fmt: skip
    except Unreadable as fault:
        print(f"the return cannot be read: {fault.code}", file=sys.stderr)
        return 2
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ReturnFault, MoneyError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    answer = [
        {
            "row": row.line.row, "reference": row.reference, "outcome": row.outcome,
            "message": SENTENCES[row.outcome].format_map(row.params),
        }
        for row in match(read.lines, sent)
    ]  # fmt: skip
    print(json.dumps({"mapping": dict(read.mapping), "lines": answer}, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
