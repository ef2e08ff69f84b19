"""The studio's catalogue of things, its dictionary, and the rules that link things."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from scripts_app import actions, queries
from scripts_app.choices import Category, LinkWhen
from scripts_app.models import BreakdownStep, DictionaryWord, LinkRule
from scripts_app.tagging_views import kinds_of_things, undoable, whole
from scripts_app.views import attachment, room_context, title_of
from studio.doors import page, scoped
from studio.models import Studio
from studio.refusals import Refused

PAGE = 100
MOST_ROWS = 20_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _studio(request: HttpRequest) -> Studio:
    studio = request.studio  # type: ignore[attr-defined]
    if studio is None:
        raise Http404
    return studio  # type: ignore[no-any-return]


def _may_edit(request: HttpRequest, studio: Studio) -> bool:
    """Things over titles are changed by who edits scripts in all of them."""
    return request.access.may_in_studio("script.edit", studio.pk)  # type: ignore[attr-defined, no-any-return]


def _editable(request: HttpRequest) -> Studio:
    studio = _studio(request)
    if not _may_edit(request, studio):
        raise PermissionDenied
    return studio


def _window(request: HttpRequest, rows: Any) -> tuple[list[Any], str, str]:
    """A page of rows, the address of the next and of the first: one row more than shown tells whether there is one."""
    at = max(1, whole(request.GET.get("page", "1")))
    found = list(rows[(at - 1) * PAGE : at * PAGE + 1])
    parameters = request.GET.copy()
    parameters.pop("page", None)
    first = f"?{parameters.urlencode()}" if at > 1 else ""
    parameters["page"] = str(at + 1)
    return found[:PAGE], f"?{parameters.urlencode()}" if len(found) > PAGE else "", first


@page("script.view", write="script.edit", methods=("GET", "POST"))
def catalogue(request: HttpRequest) -> HttpResponse:
    """Things of all titles the user sees. A POST names one anew, joins two, or undoes (`do`: rename, undo)."""
    if request.method == "POST":
        return _change(request)
    narrowed = queries.CatalogueFilter.read(request.GET)
    studio = _studio(request)
    rows = queries.catalogue_rows(queries.visible_elements(request.access, studio), narrowed)  # type: ignore[attr-defined]
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _export(rows[:MOST_ROWS], request.GET["format"])
    shown, following, first = _window(request, rows)
    may_edit = _may_edit(request, studio)
    parameters = request.GET.copy()
    for name in ("page", "sort", "format"):
        parameters.pop(name, None)
    return render(
        request, "scripts/catalogue.html",
        {
            "rows": shown, "next_url": following, "first_url": first, "filter": narrowed, "may_edit": may_edit,
            "categories": kinds_of_things(), "query": parameters.urlencode(),
            **(undoable(None, studio.pk) if may_edit else {}),
        },
    )  # fmt: skip


def _change(request: HttpRequest) -> HttpResponse:
    studio = _editable(request)
    given, by = request.POST, request.user
    try:
        if given.get("do") == "undo":
            step = scoped(
                request, BreakdownStep.objects.select_related("studio", "production"), "script.edit",
                pk=whole(given.get("step", "")), studio=studio, production=None,
            )  # fmt: skip
            actions.undo_step(step=step, by=by)  # type: ignore[arg-type]
            messages.success(request, _("Undone."))
            return redirect("catalogue")
        count = actions.rename_thing(
            studio=studio, category=given.get("category", ""), name=given.get("name", ""),
            to_category=given.get("to_category", ""), to_name=given.get("to_name", ""), by=by,  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, ngettext("Changed in %(n)s title.", "Changed in %(n)s titles.", count) % {"n": count})
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(_thing_url(given.get("category", ""), given.get("name", "")))
    return redirect(_thing_url(given.get("to_category", ""), " ".join(given.get("to_name", "").split())))


def _thing_url(category: str, name: str) -> str:
    return f"{reverse('catalogue_thing')}?{urlencode({'category': category, 'name': name})}"


@page("script.view")
def catalogue_thing(request: HttpRequest) -> HttpResponse:
    """One thing: the titles and scenes that need it, and where it gets another name."""
    studio = _studio(request)
    elements = queries.visible_elements(request.access, studio)  # type: ignore[attr-defined]
    category, name = request.GET.get("category", ""), request.GET.get("name", "").replace("\x00", "")
    titles = queries.titles_of_thing(elements, category, name)
    if not titles:
        raise Http404
    may_edit = _may_edit(request, studio)
    words = DictionaryWord.objects.filter(studio=studio, category=category, name=name) if may_edit else []
    return render(
        request, "scripts/catalogue_thing.html",
        {
            "titles": titles, "category": category, "name": name, "may_edit": may_edit, "words": words,
            "categories": kinds_of_things(),
            "others": elements.filter(category=category).exclude(name=name).order_by("name")
            .values_list("name", flat=True).distinct()[:500] if may_edit else [],
            **(undoable(None, studio.pk) if may_edit else {}),
        },
    )  # fmt: skip


def _export(rows: Any, kind: str) -> HttpResponse:
    heads = [_("Category"), pgettext("thing", "Name"), _("Titles"), _("Scenes"), _("First episode"), _("Last episode")]
    labels = {code: str(label) for code, label in Category.choices}
    lines = [
        [
            labels[row["category"]], row["name"], row["titles"], row["scene_count"], row["first_episode"],
            row["last_episode"],
        ]
        for row in rows
    ]  # fmt: skip
    title = _("Catalogue")
    if kind == "xlsx":
        return attachment(_workbook(title, heads, lines), f"{title}.xlsx", _XLSX)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([[_safe(cell) if isinstance(cell, str) else cell for cell in line] for line in lines])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.csv"
    return response


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text


def _workbook(title: str, heads: list[str], lines: list[list[Any]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bg_color": "#f1efe9", "border": 1})
    for column, head in enumerate(heads):
        sheet.set_column(column, column, 30 if column == 1 else 14)
        sheet.write_string(0, column, head, bold)
    for index, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            if cell is not None:
                sheet.write(index, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(lines), 1), len(heads) - 1)
    book.close()
    return out.getvalue()


# --- dictionary -----------------------------------------------------------------------------------------------------


@page("script.view", write="script.edit", methods=("GET", "POST"))
def dictionary(request: HttpRequest) -> HttpResponse:
    """The words that name things in this studio's scripts. A POST adds, switches or forgets one (`do`)."""
    studio = _studio(request)
    if request.method == "POST":
        _change_word(request)
        return redirect(f"{reverse('dictionary')}?{request.GET.urlencode()}")
    rows = request.access.scope(DictionaryWord.objects.filter(studio=studio), "script.view")  # type: ignore[attr-defined]
    narrowed = queries.CatalogueFilter.read(request.GET)
    if narrowed.category:
        rows = rows.filter(category=narrowed.category)
    if narrowed.q:
        rows = rows.filter(word__icontains=narrowed.q) | rows.filter(name__icontains=narrowed.q)
    shown, following, first = _window(request, rows.select_related("added_by").order_by("category", "word"))
    return render(
        request, "scripts/dictionary.html",
        {
            "rows": shown, "next_url": following, "first_url": first, "filter": narrowed,
            "may_edit": _may_edit(request, studio), "categories": kinds_of_things(),
        },
    )  # fmt: skip


def _change_word(request: HttpRequest) -> None:
    studio = _editable(request)
    given, by = request.POST, request.user
    what = given.get("do", "add")
    if what == "add":
        try:
            row = actions.add_word(
                studio=studio, category=given.get("category", ""), word=given.get("word", ""),
                name=given.get("name", ""), by=by,  # type: ignore[arg-type]
            )  # fmt: skip
            messages.success(request, _("“%(word)s” is in the dictionary.") % {"word": row.word})
        except Refused as refused:
            messages.error(request, refused.message)
        return
    word = scoped(
        request, DictionaryWord.objects.all(), "script.edit", pk=whole(given.get("word_pk", "")), studio=studio
    )
    if what == "forget":
        actions.forget_word(word=word, by=by)  # type: ignore[arg-type]
    elif what in {"on", "off"}:
        actions.switch_word(word=word, active=what == "on", by=by)  # type: ignore[arg-type]


# --- linked rules ---------------------------------------------------------------------------------------------------


@page("script.view", write="script.edit", methods=("GET", "POST"))
def link_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Rules of a title and of its studio. A POST adds, switches or deletes one (`do`)."""
    verb = "script.view" if request.method in {"GET", "HEAD"} else "script.edit"
    production = title_of(request, pk, verb)
    wide = _may_edit(request, production.studio)
    status, problem = 200, ""
    if request.method == "POST":
        try:
            _change_rule(request, production, wide)
            return redirect("link_rules", pk=pk)
        except Refused as refused:
            status, problem = 422, refused.message
    rows = LinkRule.objects.filter(studio=production.studio_id).select_related("production").order_by("pk")
    context = room_context(request, production, "breakdown")
    context.update(
        {
            "own": rows.filter(production=production), "shared": rows.filter(production=None), "wide": wide,
            "categories": kinds_of_things(), "whens": LinkWhen.choices, "problem": problem, "given": request.POST,
            "roles": list(production.characters.order_by("name").values_list("name", flat=True)),
            "sets": [name for name, _n in queries.sets_of(production)],
            "things": list(production.elements.order_by("name").values_list("name", flat=True).distinct()),
        }
    )  # fmt: skip
    return render(request, "scripts/link_rules.html", context, status=status)


def _change_rule(request: HttpRequest, production: Any, wide: bool) -> None:
    given: Any = request.POST
    by: Any = request.user
    what = given.get("do", "add")
    if what == "add":
        everywhere = given.get("scope") == "studio"
        if everywhere and not wide:
            raise PermissionDenied
        actions.add_link_rule(
            studio=production.studio, production=None if everywhere else production, when=given.get("when", ""),
            when_category=given.get("when_category", ""), when_name=given.get("when_name", ""),
            then_category=given.get("then_category", ""), then_name=given.get("then_name", ""), by=by,
        )  # fmt: skip
        if everywhere:
            messages.success(request, _("The rule is on its way to every title."))
        return
    rule = scoped(
        request, LinkRule.objects.select_related("studio", "production"), "script.edit",
        pk=whole(given.get("rule", "")), studio=production.studio_id,
    )  # fmt: skip
    if rule.production_id not in (None, production.pk):
        raise Http404
    if rule.production_id is None and not wide:
        raise PermissionDenied
    if what == "delete":
        actions.delete_link_rule(rule=rule, by=by)
    elif what in {"on", "off"}:
        actions.switch_link_rule(rule=rule, active=what == "on", by=by)
