"""`python -m finance.estimating FILE.json`: print the estimate to complete of a title's accounts as JSON.

The file: `{"accounts": [{"code", "budget", "by_days", "override"}], "parts": [{"key", "account", "kind", "amount"}]}`,
amounts in whole fen. Bad input is one sentence on stderr; exit 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .estimate import Account, Estimate, EstimateError, Override, Part, estimate


def read(data: Any) -> tuple[list[Account], list[Part]]:
    """Accounts and parts of decoded JSON. Raises EstimateError."""
    if not isinstance(data, dict) or not isinstance(data.get("accounts"), list):
        raise EstimateError("expected an object with accounts and parts")
    accounts = []
    for row in data["accounts"]:
        if not isinstance(row, dict) or not isinstance(row.get("code"), str) or "budget" not in row:
            raise EstimateError("an account needs a code and a budget")
        override = row.get("override")
        accounts.append(
            Account(
                row["code"], row["budget"], bool(row.get("by_days")), None if override is None else Override(override)
            )
        )
    parts = []
    for row in data.get("parts", []):
        if not isinstance(row, dict) or any(name not in row for name in ("key", "account", "kind", "amount")):
            raise EstimateError("a part needs key, account, kind and amount")
        parts.append(Part(str(row["key"]), str(row["account"]), str(row["kind"]), row["amount"]))
    return accounts, parts


def as_json(found: Estimate) -> dict[str, Any]:
    names = (
        "account", "budget", "posted", "reported", "committed", "owed", "rest", "override", "override_expired",
        "at_completion", "to_complete", "variance",
    )  # fmt: skip
    return {
        "accounts": [{name: getattr(row, name) for name in names} for row in found.rows],
        "budget": found.budget, "spent": found.spent, "to_complete": found.to_complete,
        "at_completion": found.at_completion, "variance": found.variance,
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m finance.estimating", description="Estimate a title at completion.")
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        answer = as_json(estimate(*read(json.loads(options.file.read_text("utf-8")))))
    except OSError as error:
        print(f"{options.file}: cannot be read ({error.strerror})", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
