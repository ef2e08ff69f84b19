"""What a board prints: day-out-of-days and one-liner."""

from __future__ import annotations

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scheduling import queries
from scheduling.documents import one_liner
from scheduling.models import Stripboard
from scheduling.views_boards import board_of
from studio.documents import render_pdf
from studio.doors import page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _sheet(title: str, rows: list[list[Any]], widths: list[int]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bg_color": "#efede7", "border": 1})
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row, bold if number == 0 else None)
    book.close()
    return buffer.getvalue()


@page("board.view")
def day_out_of_days(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    """Who works on which day; ?format=xlsx as a sheet."""
    board = board_of(request, pk, board_pk, "board.view")
    found = queries.day_out_of_days(board)
    if request.GET.get("format") == "xlsx":
        head = [
            "#",
            _("Role"),
            _("Performer"),
            *(date.isoformat() for date in found.dates),
            _("Work"),
            _("Hold"),
            _("Total"),
        ]
        rows = [
            [row.number, row.role, row.performer, *row.codes, row.work_days, row.hold_days, row.total_days]
            for row in found.rows
        ]
        widths = [5, 16, 16, *[11] * len(found.dates), 7, 7, 7]
        return as_file(_sheet("DOOD", [head, *rows], widths), XLSX, f"{board.production.code}-DOOD.xlsx")
    return render(
        request, "scheduling/day_out_of_days.html",
        {"production": board.production, "tab": "board", "board": board, "dood": found},
    )  # fmt: skip


@page("board.view")
def board_one_liner(request: HttpRequest, pk: int, board_pk: int) -> HttpResponse:
    """The one-liner (顺场表) of a board as PDF; ?format=xlsx as a sheet."""
    board = board_of(request, pk, board_pk, "board.view")
    if request.GET.get("format") == "xlsx":
        return as_file(_one_liner_sheet(board), XLSX, f"{board.production.code}-one-liner.xlsx")
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    data = one_liner(board, language=language, printed_at=timezone.localtime())
    return as_file(render_pdf("one_liner.typ", data), "application/pdf", f"{board.production.code}-one-liner.pdf")


def _one_liner_sheet(board: Stripboard) -> bytes:
    data = one_liner(board, language="en", printed_at=None)
    head = [
        _("Shoot day"), _("Date"), _("Scene"), _("Start"), _("Int/ext"), _("Day/night"), _("Set"), _("Location"), _("Cast"),
        _("Extras"), _("Synopsis"), _("Props"), _("Wardrobe"), _("Pages"), _("Minutes"),
    ]  # fmt: skip
    rows = [
        [
            day["number"] or "", day.get("date", ""), scene["number"], scene["start"], scene["int_ext_name"],
            scene["time_name"], scene["set"], scene["place"], "、".join(scene["cast"]), scene["extras"],
            scene["synopsis"], scene["props"], scene["wardrobe"], scene["pages"], scene["minutes"],
        ]
        for day in data["days"]
        for scene in day["scenes"]
    ]  # fmt: skip
    return _sheet(_("One-liner"), [head, *rows], [9, 11, 9, 7, 8, 8, 18, 18, 24, 8, 40, 20, 20, 7, 8])


def weekday(date: Any) -> str:
    return date_format(date, "D")
