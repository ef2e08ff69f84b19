"""Every sentence of the package, by its code."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # account numbers
    "not_digits": "An account number has digits only.",
    "length": "An account number has 8 to 32 digits.",
    "check_digit": "This card number has a wrong digit: its check digit does not fit.",
    "bank_code": "A bank code (CNAPS) has 12 digits.",
    # payment files
    "no_columns": "The template has no columns.",
    "unknown_field": "The template uses the field {field}, which is not known.",
    "no_width": "The column {column} of a file of fixed width has no width.",
    "too_wide": "{reference}: “{value}” is wider than the {width} bytes of the column {column}.",
    "not_encodable": "{reference}: “{value}” cannot be written in {encoding}.",
    "formula": "{reference}: “{value}” begins like a formula; a spreadsheet would reckon with it.",
    "line_break": "{reference}: “{value}” breaks the line.",
    # returns
    "no_heads": "No row of column heads was found that names an amount and a state.",
    "missing_column": "The mapping names the column {column}, which the file does not have.",
    "no_lines": "Below the heads there is no line.",
    # what became of a line
    "paid": "Paid",
    "refused": "Refused by the bank",
    "amount_differs": "The bank states {found}, the file said {expected}.",
    "account_differs": "The bank names another account than the file.",
    "unknown": "No payment of ours fits this line.",
    "unclear": "The bank's state “{state}” is not known here.",
    "repeated": "The same payment stands in row {first} already.",
    "done": "Noted before; nothing changes.",
    "came_back": "This payment was noted as paid; now the bank says it came back.",
    "paid_after_refusal": "This payment was refused before; now the bank says it is paid.",
}
