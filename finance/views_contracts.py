"""Contracts and statements: written down, read back in sentences, signed; uploaded, accepted or held."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from delivery.models import Platform
from finance import actions
from finance.agreements import engine_contract, stated_groups, stated_titles
from finance.agreements import titles_of as codes_of
from finance.batches import start_batch
from finance.choices import ContractState, FileState, StatementState
from finance.contracts import party_codes
from finance.documents import kind_label
from finance.forms import ContractForm, StatementForm
from finance.joint_titles import unknown_titles
from finance.models import Contract, Party, Settlement, Statement, StatementBatch
from finance.queries.chains import last_settled_after, pool_title, settled_of_month
from finance.queries.trace import refuse_hidden_titles, settled_with
from finance.sentences import contract_sentences, finding_sentence, is_error, with_titles
from finance.settling import KIND
from finance.statements import exchanged, plain_rate
from finance.trying import MadeUpForm, TrialForm, made_up, try_out
from finance.views import complain, put_on, title_of
from studio.choices import JobState
from studio.doors import page, scoped
from studio.models import Job, Production
from studio.refusals import Refused
from studio.uploads import read_upload
from studio.values import CURRENCIES, Money

LINES_SHOWN = 200
# What an empty contract starts from: a fee, investors first, then the split.
SKELETON: dict[str, Any] = {
    "pool_by": ["title"],
    "terms": [
        {"id": "1", "kind": "fee", "party": "agent", "rate": "10%"},
        {"id": "2", "kind": "recoup", "premium": "20%", "parties": [{"party": "investor", "amount": "100000"}]},
        {"id": "3", "kind": "split", "parties": [{"party": "investor", "rate": "40%"}]},
    ],
}


def _terms_text(terms: Any) -> str:
    return json.dumps(terms, ensure_ascii=False, indent=2)


def _initial_terms(production: Production, terms: dict[str, Any]) -> dict[str, Any]:
    """Terms as the form shows them: titles, and a pool that joins all of them, in fields of their own."""
    titles = [production.code, *(code for code in stated_titles(terms) if code != production.code)]
    rest = {key: value for key, value in terms.items() if key != "titles"}
    groups = stated_groups(terms)
    pool = next(iter(groups)) if len(groups) == 1 and set(*groups.values()) == set(titles) else ""
    if pool:
        rest.pop("groups")
    return {"terms": _terms_text(rest), "others": titles[1:], "pool": pool}


def _may_join(request: HttpRequest, production: Production) -> QuerySet[Production]:
    """The studio's titles that the user may agree contracts for."""
    rows = Production.objects.filter(studio=production.studio_id).order_by("title", "pk")
    return request.access.scope(rows, "money.edit")  # type: ignore[attr-defined,no-any-return]


# --- contracts ----------------------------------------------------------------------------------------------------


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def new_contract(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A new version; the one before it, if there is one, is what it starts from."""
    production = title_of(request, pk, "money.edit")
    kept = request.access.scope(Contract.objects.filter(production=production), "money.edit")  # type: ignore[attr-defined]
    last = kept.order_by("-from_date").first()
    initial = {
        **_initial_terms(production, last.terms if last else SKELETON),
        "platform": last.platform_id if last else None,
        "pay_after_days": last.pay_after_days if last else 30,
        "from_date": None if last else timezone.localdate().replace(day=1),
    }
    form = ContractForm(
        request.POST or None, production=production, titles=_may_join(request, production), initial=initial
    )
    return _contract_form(request, production, form, None)


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def edit_contract(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a draft."""
    contract = scoped(request, Contract.objects.select_related("production__studio", "platform"), "money.edit", pk=pk)
    if contract.state != ContractState.DRAFT:
        messages.error(request, _("A signed version stays as it is. Write a new one from a later month."))
        return redirect("contract", pk=pk)
    initial = {
        "platform": contract.platform_id, "from_date": contract.from_date, "pay_after_days": contract.pay_after_days,
        **_initial_terms(contract.production, contract.terms),
    }  # fmt: skip
    form = ContractForm(
        request.POST or None,
        production=contract.production,
        titles=_may_join(request, contract.production),
        initial=initial,
    )
    # Another month or platform would be another draft beside this one.
    for name in ("platform", "from_date"):
        form.fields[name].disabled = True
    return _contract_form(request, contract.production, form, contract)


def _contract_form(
    request: HttpRequest, production: Production, form: ContractForm, contract: Contract | None
) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        try:
            _refuse_hidden(request, production, form.cleaned_data["platform"], form.cleaned_data["terms"])
            row = actions.draft_contract(production=production, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("The draft is kept. Read it back, then sign it."))
            return redirect("contract", pk=row.pk)
        except Refused as refused:
            put_on(form, refused)
    return render(
        request,
        "finance/contract_form.html",
        {
            "production": production, "form": form, "contract": contract,
            "parties": Party.objects.filter(studio=production.studio_id), "tab": "production_money",
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _refuse_hidden(request: HttpRequest, production: Production, platform: Platform, terms: Any) -> None:
    """A contract is agreed over titles that one may settle: another is not there for who writes it."""
    kept = Contract.objects.filter(production=production, platform=platform)
    if kept.exclude(pk__in=request.access.scope(kept, "money.edit").values("pk")).exists():  # type: ignore[attr-defined]
        raise Refused(
            "covers_more_titles",
            _("This title's contract with %(platform)s covers titles that you do not work on. Ask somebody who works on all of them."),
            field="platform", params={"platform": platform.name},
        )  # fmt: skip
    codes = {code for code in stated_titles(terms) if code != production.code}
    rows = Production.objects.filter(studio=production.studio_id, code__in=codes)
    seen = set(request.access.scope(rows, "money.edit").values_list("code", flat=True))  # type: ignore[attr-defined]
    if codes - seen:
        raise unknown_titles(sorted(codes - seen))


@page("money.view")
def contract(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A version in plain sentences, in both languages, beside its terms."""
    row = scoped(
        request, Contract.objects.select_related("production__studio", "platform", "signed_by"), "money.view", pk=pk
    )
    codes = set(party_codes(row.terms))
    parties = {
        party.code: party for party in Party.objects.filter(studio=row.production.studio_id, code__in=codes)
    }  # fmt: skip
    names = {code: party.name for code, party in parties.items()}
    covered = [row.production, *Production.objects.filter(covered_by__contract=row).order_by("code")]
    data = engine_contract(row.production, [row])
    labels = {title.code: f"{title.title} ({title.code})" for title in covered}
    if len(covered) > 1:
        data = with_titles(data, labels)
    said = []
    for language, label in (("zh-hans", "简体中文"), ("en", "English")):
        with translation.override(language):
            said.append((language, label, contract_sentences(data, names)))
    if translation.get_language() == "en":
        said.reverse()
    return render(
        request,
        "finance/contract.html",
        {
            "production": row.production, "contract": row, "said": said, "terms": _terms_text(row.terms),
            "parties": sorted(parties.values(), key=lambda party: party.name), "tab": "production_money",
            "versions": request.access.scope(  # type: ignore[attr-defined]
                Contract.objects.filter(production=row.production, platform=row.platform), "money.view"
            ).order_by("from_date"),
            "covered": covered if len(covered) > 1 else [],
            "pools": [(name, [labels.get(code, code) for code in codes]) for name, codes in stated_groups(row.terms).items()],
            "may_edit": request.access.may_on("money.edit", row.production),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


@page("money.view")
def try_contract(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A version worked out over months that somebody types or has made up; nothing is kept."""
    row = scoped(request, Contract.objects.select_related("production__studio", "platform"), "money.view", pk=pk)
    currency = row.terms.get("currency", row.production.studio.currency)
    titles = codes_of(row.production, [row])
    making = "make" in request.GET
    maker = MadeUpForm(request.GET if making else None, currency=currency)
    form = TrialForm(request.GET if "lines" in request.GET else None, currency=currency, titles=titles)
    if not form.is_bound and (not making or maker.is_valid()):
        wanted = maker.cleaned_data if making else {name: maker.get_initial_for_field(maker.fields[name], name)
                                                    for name in maker.fields}  # fmt: skip
        lines = made_up(row.from_date, **wanted, currency=currency, titles=titles)
        form = TrialForm({"lines": lines}, currency=currency, titles=titles)
    trial = None
    if form.is_bound and form.is_valid():
        codes = set(party_codes(row.terms))
        names = dict(Party.objects.filter(studio=row.production.studio_id, code__in=codes).values_list("code", "name"))
        trial = try_out(row, names, form.cleaned_data["lines"], form.cleaned_data["taken_down"])
    return render(
        request,
        "finance/contract_trial.html",
        {
            "production": row.production, "contract": row, "form": form, "maker": maker, "trial": trial,
            "unit": currency, "tab": "production_money", "titles": titles if len(titles) > 1 else [],
        },
        status=422 if form.errors or maker.errors or (trial is not None and trial.faults) else 200,
    )  # fmt: skip


@page("money.view", write="money.edit", methods=("POST",))
def sign_contract(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = scoped(request, Contract.objects.select_related("production__studio"), "money.edit", pk=pk)
    try:
        actions.sign_contract(contract=row, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The version is signed and in force from its date."))
    except Refused as refused:
        complain(request, refused)
    return redirect("contract", pk=pk)


# --- statements ---------------------------------------------------------------------------------------------------


@page("money.edit", write="money.edit", methods=("GET", "POST"))
def upload_statement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Bring a platform's monthly file."""
    production = title_of(request, pk, "money.edit")
    form = StatementForm(request.POST or None, request.FILES or None, production=production)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            row = actions.import_statement(
                platform=form.cleaned_data["platform"],
                production=production,
                period=form.cleaned_data["period"],
                data=read_upload(upload),
                file_name=upload.name,
                by=request.user,  # type: ignore[arg-type]
            )
            return redirect("statement", pk=row.pk)
        except Refused as refused:
            waiting = _columns_to_name(request, production, form, refused)
            if waiting is not None:
                return redirect("batch_columns", pk=waiting.pk)
            put_on(form, refused)
    return render(
        request,
        "finance/upload.html",
        {"production": production, "form": form, "tab": "production_money"},
        status=422 if form.errors else 200,
    )


def rate_words(row: Statement) -> str:
    """How a converted sum was reckoned, exactly: `US$70.00 × 7.1234 = 498.638`."""
    if row.rate_numerator is None or row.rate_denominator is None:
        return ""
    ratio = Fraction(row.rate_numerator, row.rate_denominator)
    exact = exchanged(row.counted_minor, row.currency, row.converted_currency, ratio)
    whole = exact / 10 ** CURRENCIES[row.converted_currency]
    return f"{Money(row.counted_minor, row.currency)} × {plain_rate(ratio)} = {plain_rate(whole)} · {row.rate_source}"


def _batch_of(request: HttpRequest, row: Statement) -> StatementBatch | None:
    """The file over many titles that a statement comes from, for those who may see all of them."""
    if row.file or not request.access.may_in_studio("money.view", row.platform.studio_id):  # type: ignore[attr-defined]
        return None
    return StatementBatch.objects.filter(parts__statement=row).first()


def _columns_to_name(
    request: HttpRequest, production: Production, form: StatementForm, refused: Refused
) -> StatementBatch | None:
    """The file kept until its columns are named, where that is what is wrong with it; None for any other refusal."""
    codes = {finding["code"] for finding in refused.params.get("findings", [])}
    if refused.code != "shape_changed" and "no_heads" not in codes:
        return None
    # What a column is, is said for all titles of the studio.
    if not request.access.may_in_studio("money.edit", production.studio_id):  # type: ignore[attr-defined]
        return None
    upload = form.cleaned_data["file"]
    try:
        batch = start_batch(
            platform=form.cleaned_data["platform"], period=form.cleaned_data["period"], stream=upload.file,
            file_name=upload.name, by=request.user, production=production,  # type: ignore[arg-type]
        )  # fmt: skip
    except Refused:
        return None
    return batch if batch.state == FileState.COLUMNS else None


def _statement(request: HttpRequest, pk: int, verb: str = "money.view") -> Statement:
    return scoped(
        request,
        Statement.objects.select_related("production__studio", "platform", "imported_by", "accepted_by", "corrects"),
        verb,
        pk=pk,
    )


@page("money.view")
def statement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A statement's lines and what is wrong with it."""
    row = _statement(request, pk)
    findings = [
        {"text": finding_sentence(finding), "error": is_error(finding), "row": finding.get("row")}
        for finding in row.findings
    ]
    wrong = {finding["row"] for finding in findings if finding["error"] and finding["row"]}
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 10 else 0
    only_wrong = request.GET.get("wrong") == "1"
    rows = row.lines.order_by("row")
    if only_wrong:
        rows = rows.filter(row__in=wrong)
    found = list(rows.filter(row__gt=start)[: LINES_SHOWN + 1])
    lines = found[:LINES_SHOWN]
    running = rows.filter(row__lte=start).aggregate(total=Sum("amount_minor"))["total"] or 0
    for line in lines:
        running += line.amount_minor
        line.running_minor = running  # type: ignore[attr-defined]
        line.is_wrong = line.row in wrong  # type: ignore[attr-defined]
        line.kind_label = kind_label(line.kind)  # type: ignore[attr-defined]
    job = (
        Job.objects.filter(kind=KIND, production=row.production, payload={"statement": row.pk})
        .exclude(state__in=[JobState.DONE, JobState.CANCELLED])
        .order_by("-pk")
        .first()
    )
    difference = row.counted_minor - row.declared_minor if row.declared_minor is not None else None
    settlements = request.access.scope(Settlement.objects.select_related("contract"), "money.view")  # type: ignore[attr-defined]
    settlement = settlements.filter(takes__statement=row).order_by("-pk").first()
    mates = settled_with(request.access, row)  # type: ignore[attr-defined]
    waits = row.state in (StatementState.READY, StatementState.HELD)
    corrects = settled_of_month(row) if waits else row.corrects
    late = last_settled_after(row) if waits and corrects is None else ""
    contract = settlement.contract if settlement else None
    pool_by = contract.terms.get("pool_by", ["title", "kind"]) if contract else []
    for line in lines:
        line.pool_query = urlencode(  # type: ignore[attr-defined]
            {
                "title": pool_title(contract, row.production.code) if contract and "title" in pool_by else "",
                "kind": line.kind if "kind" in pool_by else "",
                "month": row.period,
            }
        )
    return render(
        request,
        "finance/statement.html",
        {
            "production": row.production, "statement": row, "findings": findings, "lines": lines,
            "next_url": f"?{'wrong=1&' if only_wrong else ''}after={lines[-1].row}" if len(found) > LINES_SHOWN else "",
            "first_url": ("?wrong=1" if only_wrong else "?") if start else "", "only_wrong": only_wrong,
            "any_wrong": bool(wrong), "rate_words": rate_words(row), "difference": difference, "job": job, "batch": _batch_of(request, row),
            "mates": mates,
            "settlement": settlement, "tab": "production_money", "corrects": corrects, "late": late,
            "corrected_by": Statement.objects.filter(corrects=row).first(),
            "ask_reason": row.state == StatementState.HELD or (waits and bool(corrects or late)),
            "may_edit": request.access.may_on("money.edit", row.production),  # type: ignore[attr-defined]
            "can_hold": row.state in (StatementState.READY, StatementState.ACCEPTED),
        },
    )  # fmt: skip


@page("money.view")
def statement_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it came."""
    row = _statement(request, pk)
    try:
        stream = row.file.open("rb")
    except (OSError, ValueError):
        raise Http404 from None
    return FileResponse(stream, as_attachment=True, filename=row.file_name, content_type="application/octet-stream")


@page("money.view", write="money.edit", methods=("POST",))
def accept_statement(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = _statement(request, pk, "money.edit")
    try:
        actions.accept_statement(statement=row, by=request.user, reason=request.POST.get("reason", ""))  # type: ignore[arg-type]
        messages.success(request, _("The statement is in the books."))
    except Refused as refused:
        complain(request, refused)
    return redirect("statement", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def hold_statement(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = _statement(request, pk, "money.edit")
    try:
        actions.hold_statement(statement=row, by=request.user, reason=request.POST.get("reason", ""))  # type: ignore[arg-type]
        messages.success(request, _("The statement is held."))
    except Refused as refused:
        complain(request, refused)
    return redirect("statement", pk=pk)


@page("money.view", write="money.edit", methods=("POST",))
def settle_statement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Have the settlement worked out; the page shows how far it is."""
    row = _statement(request, pk, "money.edit")
    try:
        refuse_hidden_titles(request.access, row)  # type: ignore[attr-defined]
        actions.run_settlement(statement=row, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        complain(request, refused)
    return redirect("statement", pk=pk)
