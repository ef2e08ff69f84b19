"""`python -m finance.settlement CONTRACT.json RECEIPTS.json`: print the settlement as JSON.

Faults of the contract or the receipts are in the JSON, and the first is said on stderr; exit 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .door import read_json, settle_json
from .explaining import read_back
from .reading import read_contract

MOST_BYTES = 200 * 1024 * 1024


def load(path: str) -> object:
    """Decoded JSON of a file. Raises ValueError with one sentence."""
    try:
        file = Path(path)
        if file.stat().st_size > MOST_BYTES:
            raise ValueError(f"{path}: larger than {MOST_BYTES // 1024 // 1024} MB")
        return read_json(file.read_bytes())
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ValueError(str(error) if str(error).startswith(path) else f"{path}: {error}") from None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m finance.settlement", description="Settle receipts by a contract.")
    parser.add_argument("contract")
    parser.add_argument("receipts", nargs="?", help="left out with --read-back")
    parser.add_argument("--through", metavar="PERIOD", help="settle up to this month or day")
    parser.add_argument("--issued", metavar="RECEIPTS", help="the receipts settled before: print what is to make up")
    parser.add_argument("--read-back", action="store_true", help="print what the contract says, in sentences")
    options = parser.parse_args(arguments)
    if options.receipts is None and not options.read_back:
        parser.error("RECEIPTS.json is missing")
    try:
        data = load(options.contract)
        if options.read_back:
            contract, faults = read_contract(data)
            lines = read_back(contract) if contract is not None else []
            answer: dict[str, object] = {
                "sentences": [line.as_json() for line in lines],
                "faults": [row.as_json() for row in faults],
            }
        else:
            issued = load(options.issued) if options.issued is not None else None
            answer = settle_json(data, load(options.receipts), options.through, issued)
    except ValueError as error:
        print(str(error), file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    found = answer["faults"]
    assert isinstance(found, list)
    if found:
        more = f" ({len(found) - 1} more in the answer)" if len(found) > 1 else ""
        print(f"Nothing was settled: {found[0]['message']}{more}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
