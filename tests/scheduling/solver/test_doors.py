"""The shell door, and the worked example of docs/boards.md."""

import json
import re
import subprocess
import sys
from pathlib import Path

from scheduling.solver import Problem, check, solve
from scheduling.solver.__main__ import main

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "boards.md"


def door(monkeypatch, capsys, *argv: str) -> tuple[int, str, str]:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(sys, "argv", ["solver", *argv])
    code = main()
    out, err = capsys.readouterr()
    return code, out, err


def blocks() -> dict[str, object]:
    """The JSON blocks of the page by the comment above each."""
    found = re.findall(r"<!-- (\w+) -->\n```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return {name: json.loads(text) for name, text in found}


def test_worked_example_is_what_the_solver_answers() -> None:
    page = blocks()
    problem = Problem.from_json(page["problem"])
    answer = solve(problem, iterations=100, seed=1)
    assert check(problem, answer) == []
    assert {**answer.to_json(), "seconds": 0.0} == page["answer"]


def test_documented_fields_are_all_fields() -> None:
    text = PAGE.read_text(encoding="utf-8")
    problem = Problem.from_json(blocks()["problem"]).to_json()
    for part in ("scenes", "sets", "bases", "people", "days"):
        for name in problem[part][0]:
            assert f"`{name}`" in text, (part, name)
    for part in ("rules", "costs", "weights"):
        for name in problem[part]:
            assert f"`{name}`" in text, (part, name)


def test_generate_board_and_baseline(monkeypatch, capsys, tmp_path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = door(monkeypatch, capsys, "generate", "small", "--seed", "3")
    assert code == 0
    file = tmp_path / "p.json"
    file.write_text(out, encoding="utf-8")
    code, out, err = door(monkeypatch, capsys, "board", str(file), "--iterations", "300", "--seed", "1")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["total"] == sum(line["amount"] for line in answer["cost_lines"])
    assert answer["feasible"] is True
    code, out, _ = door(monkeypatch, capsys, "baseline", str(file))
    assert code == 0
    assert json.loads(out)["total"] > answer["total"]


def test_clashes_go_to_stderr_with_exit_1(monkeypatch, capsys, tmp_path) -> None:  # type: ignore[no-untyped-def]
    data = blocks()["problem"]
    data["people"][0]["available"] = []  # type: ignore[index]
    file = tmp_path / "p.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    code, out, err = door(monkeypatch, capsys, "board", str(file), "--iterations", "50")
    assert code == 1
    assert json.loads(out)["feasible"] is False
    assert "has no available day" in err


def test_bad_input_is_one_sentence_with_exit_2(monkeypatch, capsys, tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "p.json"
    cases = {
        b"": "The file is not JSON",
        b"[1]": "The file must hold one JSON object, not [1].",
        b"\xff\xfe": "is not UTF-8 text.",
        b"{}": "The problem: days is missing.",
        b"[" * 100_000: "The file is not JSON",
        b'{"scenes": [{"minutes": ' + b"9" * 5000 + b"}]}": "The file is not JSON",
    }
    for content, says in cases.items():
        file.write_bytes(content)
        for verb in ("board", "baseline"):
            code, out, err = door(monkeypatch, capsys, verb, str(file))
            assert (code, out) == (2, "")
            assert says in err
            assert err.count("\n") == 1
    for argv in (
        ["board", str(tmp_path)],
        ["board", str(tmp_path / "no")],
        ["bord"],
        [],
        ["board", str(file), "--seconds", "nan"],
    ):
        code, out, err = door(monkeypatch, capsys, *argv)
        assert (code, out, err.count("\n")) == (2, "", 1)


def test_module_runs_and_imports_no_web_framework() -> None:
    code = (
        "import sys, scheduling.solver.__main__;"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'django', 'rest_framework', 'celery', 'redis', 'ortools', 'numpy', 'numba'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
