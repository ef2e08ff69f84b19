"""First pages: home by role, the slate wall, one title at a glance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.panels import panels_for
from dashboard.queries import Glance, glances
from finance.models import BudgetPart
from finance.opening import open_with_budget
from finance.queries.wages import title_overdue
from finance.queries.watching import alarm_lines, open_alarms
from scripts_app.queries import greenlight_of, rights_warnings
from studio.access import Access, visible_studios
from studio.choices import Role, Stage, WorkKind
from studio.doors import page, scoped
from studio.models import Production, Studio
from studio.queries import productions_for
from studio.refusals import Refused
from studio.values import Money, MoneyError

PER_PAGE = 40
# The choice of the standard shares, beside the keys of templates.
STANDARD = "standard"
# Those whose day is elsewhere start there.
_OWN_PAGE = {
    Role.CREW: "/my/days/", Role.WRITER: "/my/scripts/", Role.INVESTOR: "/investments/",
    Role.PLATFORM_CLIENT: "/delivery/",
}  # fmt: skip


@page("own.view")
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and the titles in motion."""
    access = request.access  # type: ignore[attr-defined]
    if not access.everything and not access.viewed_studios:
        # Nobody's member, so called to a set by a studio that knows them as a person.
        own = {_OWN_PAGE.get(role) for role in access.roles or {Role.CREW}}
        if len(own) == 1 and (target := own.pop()):
            return redirect(target)
    studio = request.studio  # type: ignore[attr-defined]
    productions = []
    if access.may("production.view"):
        rows = productions_for(access, studio).exclude(stage__in=[Stage.SETTLED, Stage.CLOSED])
        productions = list(rows[:12])
    return render(
        request,
        "dashboard/home.html",
        {
            "panels": panels_for(access, studio.pk if studio else None),
            "glances": glances(productions),
            "may_open": access.may("production.edit"),
            "today": timezone.localdate(),
        },
    )


@page("production.view")
def slate(request: HttpRequest) -> HttpResponse:
    """Every title of the studio, by stage, searched and filtered."""
    access = request.access  # type: ignore[attr-defined]
    rows = productions_for(access, request.studio)  # type: ignore[attr-defined]
    query = request.GET.get("q", "").strip()[:80]
    if query:
        from django.db.models import Q

        rows = rows.filter(Q(title__icontains=query) | Q(code__icontains=query))
    stage = request.GET.get("stage", "")
    if stage in Stage.values:
        rows = rows.filter(stage=stage)
    kind = request.GET.get("kind", "")
    if kind in WorkKind.values:
        rows = rows.filter(work_kind=kind)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PER_PAGE + 1])
    if request.GET.get("format") == "csv":
        return _slate_csv(access, glances(list(rows[:2000])))
    shown = found[:PER_PAGE]
    table = glances(shown)
    for glance in table:
        glance.shows_money = access.may_on("money.view", glance.production)
    parameters = request.GET.copy()
    parameters.pop("before", None)
    export = parameters.copy()
    export["format"] = "csv"
    following = ""
    if len(found) > PER_PAGE:
        parameters["before"] = str(shown[-1].pk)
        following = f"?{parameters.urlencode()}"
    return render(
        request,
        "dashboard/slate.html",
        {
            "glances": table, "show_money": any(glance.shows_money for glance in table), "query": query, "stage": stage, "kind": kind, "stages": Stage.choices,
            "kinds": WorkKind.choices, "next_url": following, "export_url": f"?{export.urlencode()}",
            "may_open": access.may("production.edit"),
        },
    )  # fmt: skip


def _slate_csv(access: Access, rows: list[Glance]) -> HttpResponse:
    import csv
    import io

    from django.utils.translation import gettext

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [gettext("Title"), gettext("Code"), gettext("Stage"), gettext("Episodes"), gettext("Scenes"), gettext("Shot"),
         gettext("Masters approved"), gettext("Accepted by platforms"), gettext("Budget"), gettext("Cost"),
         gettext("Receipts"), gettext("Retained")]
    )  # fmt: skip
    for glance in rows:
        production = glance.production
        currency = production.studio.currency
        figures = (glance.budget, glance.cost, glance.receipts, glance.retained)
        seen = access.may_on("money.view", production)
        amounts = [Money(value, currency).plain() if seen else "" for value in figures]
        writer.writerow(
            [_safe(production.title), _safe(production.code), production.get_stage_display(), glance.episodes,
             glance.scenes, glance.scenes_shot, glance.masters_approved, glance.accepted, *amounts]
        )  # fmt: skip
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="slate.csv"'
    return response


def _safe(text: str) -> str:
    """A title that begins like a formula must stay text in a spreadsheet."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


@page("production.view")
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """One title at a glance: script, schedule, shoot, post, delivery, money."""
    access = request.access  # type: ignore[attr-defined]
    production = scoped(request, Production.objects.select_related("studio", "producer"), "production.view", pk=pk)
    glance = glances([production])[0]
    may = {
        verb.replace(".", "_"): access.may_on(verb, production)
        for verb in (
            "script.view",
            "compliance.view",
            "board.view",
            "shoot.view",
            "post.view",
            "delivery.view",
            "money.view",
        )
    }
    context = {"production": production, "glance": glance, "may": may, "stages": _stages(production)}
    if may["money_view"]:
        context["alarms"] = alarm_lines(open_alarms().filter(production=production))
        context["overdue"] = title_overdue(production, timezone.localdate(timezone=production.studio.zone))
    if may["script_view"]:
        today = timezone.now().astimezone(production.studio.zone).date()
        context["greenlight"] = greenlight_of(production)
        context["warnings"] = rights_warnings(
            production, production.source_works.all(), today,
            shoot_dates=[day for day in (glance.first_day, glance.last_day) if day is not None],
        )  # fmt: skip
    return render(request, "dashboard/overview.html", context)


def _stages(production: Production) -> list[dict[str, Any]]:
    order = [Stage.SCRIPT, Stage.PREP, Stage.SHOOT, Stage.POST, Stage.DELIVERY, Stage.LIVE, Stage.SETTLED]
    here = order.index(Stage(production.stage)) if production.stage in order else len(order)
    return [
        {"label": stage.label, "state": "done" if place < here else "now" if place == here else "ahead"}
        for place, stage in enumerate(order)
    ]


class ProductionForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Short, unique in the studio, on every paper."))
    studio = forms.ModelChoiceField(label=_("Studio"), queryset=Studio.objects.none(), empty_label=None)
    work_kind = forms.ChoiceField(label=_("Kind of work"), choices=WorkKind.choices)
    investment = forms.CharField(
        label=_("Investment (yuan)"), required=False, max_length=20,
        help_text=_("Decides the class of the filing; can be changed later."),
    )  # fmt: skip
    shoot_from_date = forms.DateField(
        label=_("Shoot from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    deliver_by_date = forms.DateField(
        label=_("Deliver by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    budget = forms.ChoiceField(
        label=_("Budget"), required=False,
        help_text=_("Laid out at once, as a draft; a whole budget is kept as a template on its page of parts."),
    )  # fmt: skip

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        access = request.access  # type: ignore[attr-defined]
        own = [s.pk for s in visible_studios(access) if access.may_in_studio("production.edit", s.pk)]
        self.fields["studio"].queryset = Studio.objects.filter(pk__in=own)  # type: ignore[attr-defined]
        if request.studio is not None:  # type: ignore[attr-defined]
            self.fields["studio"].initial = request.studio.pk  # type: ignore[attr-defined]
        self._offer_budgets([pk for pk in own if access.may_in_studio("money.edit", pk)])

    def _offer_budgets(self, studios: list[int]) -> None:
        """The standard shares and the templates of studios whose budgets the user may write; else no field."""
        if not studios:
            del self.fields["budget"]
            return
        self.templates = {
            str(part.pk): part
            for part in BudgetPart.objects.filter(studio__in=studios).select_related("studio").order_by("name", "pk")
        }
        named = [
            (pk, f"{part.name} · {part.studio.name}" if len(studios) > 1 else part.name)
            for pk, part in self.templates.items()
        ]
        self.fields["budget"].choices = [  # type: ignore[attr-defined]
            ("", _("None yet")), (STANDARD, _("The studio's standard shares of the investment")), *named,
        ]  # fmt: skip
        self.studios = studios

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen, studio = data.pop("budget", ""), data.get("studio")
        if chosen and studio is not None and studio.pk not in self.studios:
            self.add_error("budget", _("You may not write budgets in this studio."))
        data["standard"] = chosen == STANDARD
        data["template"] = self.templates[chosen] if chosen and chosen != STANDARD else None
        return data

    def clean_investment(self) -> int:
        text = self.cleaned_data["investment"]
        if not text:
            return 0
        try:
            amount = Money.parse(text)
        except MoneyError:
            raise forms.ValidationError(_("Write an amount such as 600000 or 1,200,000.00.")) from None
        if amount.minor < 0:
            raise forms.ValidationError(_("An investment cannot be negative."))
        return amount.minor


@page("production.edit", methods=("GET", "POST"))
def new_production(request: HttpRequest) -> HttpResponse:
    form = ProductionForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        data["investment_minor"] = data.pop("investment")
        try:
            production = open_with_budget(by=request.user, **data)  # type: ignore[arg-type]
        except Refused as refused:
            field = "investment" if refused.field == "investment_minor" else refused.field
            form.add_error(field if field in form.fields else None, refused.message)
        else:
            return redirect("production", pk=production.pk)
    return render(request, "dashboard/new_production.html", {"form": form}, status=422 if form.errors else 200)
