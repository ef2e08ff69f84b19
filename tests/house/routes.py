"""Every route of the house, with the verb that opens it and the row it is about.

A new page is one line:

    Route("scene_row", read="script.view", write="script.edit", at={"pk": "production", "scene_pk": "scene"})

`read` is the verb of GET (None: the route only takes POST), `write` that of POST (None: it only shows). `at` names the
rows of the address: keys of `tests.house.world`, of which the last is the row that decides; "scene" is short for
{"pk": "scene"}; "revision.number" takes a field other than the primary key. `query` is added to the address and may
name rows as {scene}; it must not contain the words of the world, which pages would repeat. A page in the admin is
`Route("admin:...", admin=True)`; a model in the admin is one `AdminModel` line; a REST list with its rows is one
`Rows` line, each further action a `Route("api:basename-action", ...)`.

Besides verbs, `read` and `write` may be:
ANYONE     open to all, signed in or not;
SIGNED_IN  whoever has an account, with or without a role;
SECRET     a door with a key of its own in the address (a calendar, a platform's callback): without it, 404.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

ANYONE, SIGNED_IN, SECRET = "anyone", "signed in", "secret"
SPECIAL = frozenset({ANYONE, SIGNED_IN, SECRET})


@dataclasses.dataclass(frozen=True)
class Route:
    name: str
    read: str | None = None
    write: str | None = None
    patch: str | None = None
    at: str | dict[str, str] | None = None
    query: str = ""
    admin: bool = False
    # The row is this actor's own: nobody else of the studio has it, whatever the role.
    personal: str = ""
    # The verb is needed over the whole studio: a member of one title has it, and is refused all the same.
    wide: bool = False
    # Further answers to those who may: what is asked for in a field, or set up by oneself, is not there.
    also: tuple[int, ...] = ()
    # What a POST sends, where the input is looked at before the row.
    data: dict[str, object] = dataclasses.field(default_factory=dict)
    csrf: bool = True
    values: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def api(self) -> bool:
        return self.name.startswith("api:") or self.name.startswith("api_")

    @property
    def verbs(self) -> dict[str, str | None]:
        """Method -> verb; None for a method that must be refused."""
        if self.admin:
            # Django's admin takes a POST wherever it takes a GET; what writes has a line of its own.
            return {"GET": self.read} | ({"POST": self.write} if self.write else {})
        return {"GET": self.read, "POST": self.write} | ({"PATCH": self.patch} if self.api else {})

    @property
    def rows(self) -> dict[str, str]:
        if self.at is None:
            return {}
        return {"pk": self.at} if isinstance(self.at, str) else self.at

    def __str__(self) -> str:
        return self.name


@dataclasses.dataclass(frozen=True)
class AdminModel:
    """The five pages of a model in the admin. Without `change`, it is looked at and never changed."""

    label: str
    view: str | None
    change: str | None = None
    add: bool = True
    edit: bool = True
    delete: bool = True

    def routes(self) -> Iterator[Route]:
        app, _dot, name = self.label.lower().partition(".")
        at = {"object_id": name}
        page = f"admin:{app}_{name}_"
        may_add = self.change if self.add else None
        may_delete = self.change if self.delete else None
        nobody = NOBODY
        # A POST to a list runs its actions, which ask for their own verbs.
        yield Route(f"{page}changelist", read=self.view or nobody, write=self.view or nobody, admin=True)
        yield Route(f"{page}add", read=may_add or nobody, write=may_add or nobody, admin=True)
        yield Route(f"{page}history", read=self.view or nobody, at=at, admin=True)
        may_edit = self.change if self.edit else None
        yield Route(f"{page}change", read=self.view or nobody, write=may_edit or nobody, at=at, admin=True)
        yield Route(f"{page}delete", read=may_delete or nobody, write=may_delete or nobody, at=at, admin=True)


@dataclasses.dataclass(frozen=True)
class Rows:
    """A REST list and its rows; `create` where POST on the list makes one."""

    basename: str
    view: str
    key: str
    create: str | None = None
    change: str | None = None
    events: str | None = None

    def routes(self) -> Iterator[Route]:
        yield Route(f"api:{self.basename}-list", read=self.view, write=self.create)
        yield Route(f"api:{self.basename}-detail", read=self.view, patch=self.change, at=self.key)
        if self.events:
            yield Route(f"api:{self.basename}-events", read=self.events, at=self.key)


# A verb that no role has: the page exists in the admin and refuses everybody but the operator.
NOBODY = "nobody"

PAGES = [
    # --- the frame
    Route("healthz", read=ANYONE),
    Route("readyz", read=ANYONE),
    Route("set_language", write=ANYONE),
    Route("choose_studio", write="own.view", also=(404,)),
    Route("members", read="member.view", write="member.edit"),
    Route("change_member", write="member.edit", at="membership"),
    Route("remove_member", write="member.edit", at="membership"),
    Route("notices", read="own.view"),
    Route("read_notices", write="own.view"),
    Route("tokens", read="own.view", write="own.view"),
    Route("revoke_token", write="own.view", at="apitoken", personal="owner"),
    Route("jobs", read="job.view"),
    Route("job", read="job.view", at="job"),
    Route("cancel_job", write="job.manage", at="job"),
    Route("rerun_job", write="job.manage", at="job"),
    Route("api_root", read=ANYONE),
    Route("api_schema", read=ANYONE),
    Route("api_docs", read=ANYONE),
    # --- sign-in
    Route("account_login", read=ANYONE, write=ANYONE),
    Route("account_logout", read=ANYONE, write=ANYONE),
    Route("account_inactive", read=ANYONE),
    Route("account_signup", read=ANYONE, write=ANYONE),
    Route("account_reauthenticate", read=SIGNED_IN, write=SIGNED_IN),
    Route("account_email", read=SIGNED_IN, write=SIGNED_IN),
    Route("account_email_verification_sent", read=ANYONE),
    Route("account_confirm_email", read=ANYONE, write=ANYONE, also=(404,), values={"key": "unknown"}),
    Route("account_change_password", read=SIGNED_IN, write=SIGNED_IN),
    Route("account_set_password", read=SIGNED_IN, write=SIGNED_IN),
    Route("account_reset_password", read=ANYONE, write=ANYONE),
    Route("account_reset_password_done", read=ANYONE),
    Route("account_reset_password_from_key", read=ANYONE, write=ANYONE, values={"uidb36": "1", "key": "unknown-key"}),
    Route("account_reset_password_from_key_done", read=ANYONE),
    Route("account_confirm_login_code", read=ANYONE, write=ANYONE),
    Route("mfa_index", read=SIGNED_IN, write=SIGNED_IN, also=(405,)),
    Route("mfa_authenticate", read=ANYONE, write=ANYONE),
    Route("mfa_reauthenticate", read=SIGNED_IN, write=SIGNED_IN),
    Route("mfa_activate_totp", read=SIGNED_IN, write=SIGNED_IN),
    Route("mfa_deactivate_totp", read=SIGNED_IN, write=SIGNED_IN, also=(404,)),
    Route("mfa_view_recovery_codes", read=SIGNED_IN, write=SIGNED_IN, also=(404, 405)),
    Route("mfa_generate_recovery_codes", read=SIGNED_IN, write=SIGNED_IN, also=(404,)),
    Route("mfa_download_recovery_codes", read=SIGNED_IN, write=SIGNED_IN, also=(404,)),
    # --- first pages
    Route("home", read="own.view"),
    Route("search", read="own.view"),
    Route("my_scripts", read="writing.work"),
    Route("slate", read="production.view"),
    Route("new_production", read="production.edit", write="production.edit"),
    Route("production", read="production.view", at="production"),
]

_SCENE = {"pk": "production", "scene_pk": "scene"}
_FILING = {"pk": "production", "filing_pk": "filing"}
_BOARD = {"pk": "production", "board_pk": "stripboard"}
_REVISION = {"pk": "production", "number": "revision.number"}
_ROUND = {"pk": "production", "round_pk": "reviewround"}
_READING = {"pk": "production", "reading_pk": "reading"}

SCRIPT = [
    Route("scripts", read="script.view"),
    Route("script_list", read="script.view"),
    Route("review_criteria", read="script.view", write="script.edit", wide=True),
    Route("source_works", read="script.view"),
    Route("source_work_new", read="production.edit", write="production.edit", wide=True),
    Route("source_work", read="script.view", write="production.edit", at="sourcework"),
    Route("source_work_file", read="script.view", at="sourcework"),
    Route("reviews", read="script.view", at="production"),
    Route("plan_script", write="script.edit", at="production"),
    Route("give_greenlight", write="production.edit", at="production"),
    Route("open_round", write="script.review", at=_REVISION),
    Route("review_round", read="script.view", at=_ROUND),
    Route("review_episode", read="script.view", write="script.review", at={**_ROUND, "number": "episode.number"}),
    Route("give_points", write="script.review", at=_ROUND),
    Route("add_note", write="script.review", at=_ROUND),
    Route("close_round", write="script.review", at=_ROUND),
    Route("withdraw_round", write="script.review", at=_ROUND),
    Route("review_note", write="script.review", at={"pk": "production", "note_pk": "reviewnote"}),
    Route("script", read="script.view", write="script.edit", at="production"),
    Route("script_links", read="script.view", write="script.edit", at="production"),
    Route("revoke_script_link", write="script.edit", at={"pk": "production", "link_pk": "scriptlink"}),
    Route("read_script", read=SECRET, write=SECRET, values={"secret": "unknown"}, csrf=False),
    Route("read_script_pdf", read=SECRET, values={"secret": "unknown"}),
    Route("script_writers", write="script.edit", at="production"),
    Route("my_script", read="writing.work", write="writing.work", at="production", personal="writer"),
    Route("my_note", write="writing.work", at={"pk": "production", "note_pk": "reviewnote"}, personal="writer"),
    Route("my_script_pdf", read="writing.work", at=_REVISION, personal="writer"),
    Route("export_revision", read="script.view", at=_REVISION, query="?to=fountain"),
    Route("revision_pdf", read="script.view", at=_REVISION),
    Route("role_sides", read="script.view", at={"pk": "production", "character_pk": "character"}),
    Route("characters", read="script.view", at="production"),
    Route("revision_colours", read="script.view", write="script.edit", wide=True),
    Route("revision_changes", read="script.view", at=_REVISION),
    Route("settle_stale", write="script.settle", at={"pk": "production", "item_pk": "staleitem"}),
    Route("revision_file", read="script.view", at=_REVISION),
    Route("lock_revision", write="script.edit", at=_REVISION),
    Route("review_revision", write="script.review", at=_REVISION),
    Route("reading", read="script.view", write="script.edit", at=_READING),
    Route("reading_line", read="script.edit", at=_READING, values={"line": "1"}),
    Route("import_reading", write="script.edit", at=_READING),
    Route("discard_reading", write="script.edit", at=_READING),
    Route("scenes", read="script.view", at="production"),
    Route("scenes_xlsx", read="script.view", at="production"),
    Route("scenes_pdf", read="script.view", at="production"),
    Route("scene_row", read="script.view", write="script.edit", at=_SCENE),
    Route("breakdown", read="script.view", write="script.edit", at="production"),
    Route("approve_breakdown", write="script.edit", at="production", also=(404,)),
    Route("tag_element", write="script.edit", at={"pk": "production", "element_pk": "element"}),
    Route("scene_breakdown", read="script.view", write="script.edit", at=_SCENE),
    Route("breakdown_step", write="script.edit", at="production"),
    Route("link_rules", read="script.view", write="script.edit", at="production"),
    Route("breakdown_sheets", read="script.view", at="production"),
    Route("breakdown_sheets_pdf", read="script.view", at="production"),
    Route("breakdown_sheets_xlsx", read="script.view", at="production"),
    Route("catalogue", read="script.view", write="script.edit", also=(403, 404)),
    Route("catalogue_thing", read="script.view", also=(404,)),
    Route("dictionary", read="script.view", write="script.edit", also=(403, 404)),
]

COMPLIANCE = [
    Route("compliance", read="compliance.view"),
    Route("class_rules", read="compliance.view", write="compliance.edit", wide=True),
    Route("class_rule", read="compliance.view", write="compliance.edit", at="classrule"),
    Route("put_rule_in_force", write="compliance.edit", at="classrule"),
    Route("filing", read="compliance.view", at="production"),
    Route("open_gate", write="compliance.edit", at="production"),
    Route("close_gate", write="compliance.edit", at={"pk": "production", "override_pk": "gateoverride"}),
    Route("content_flags", read="compliance.view", at="production"),
    Route("look_for_flags", write="compliance.edit", at="production"),
    Route("decide_flag", write="compliance.edit", at={"pk": "production", "flag_pk": "contentflag"}),
    Route("filing_clocks", read="compliance.view", write="compliance.edit", wide=True),
    Route("title_consents", read="compliance.view", at="production"),
    Route("record_consent", write="compliance.edit", at="production"),
    Route("consent_paper", read="compliance.view", at={"pk": "production", "consent_pk": "consent"}),
    Route("withdraw_consent", write="compliance.edit", at={"pk": "production", "consent_pk": "consent"}),
    Route("declare_ai", write="compliance.edit", at="production"),
    Route("ai_proof", read="compliance.view", at={"pk": "production", "declaration_pk": "aideclaration"}),
    Route("note_papers", write="compliance.edit", at=_FILING),
    Route("judge_class", write="compliance.edit", at="production"),
    Route("change_case", write="compliance.edit", at="production"),
    Route("open_filing", write="compliance.edit", at="production"),
    Route("submit_filing", write="compliance.edit", at=_FILING),
    Route("decide_filing", write="compliance.edit", at=_FILING),
]

SCHEDULING = [
    Route("board", read="board.view", at="production"),
    Route("board_new", read="board.edit", write="board.edit", at="production"),
    Route("boards", read="board.view", at="production"),
    Route("board_page", read="board.view", at=_BOARD),
    Route("board_move", write="board.edit", at=_BOARD),
    Route("board_pin", write="board.edit", at=_BOARD),
    Route("board_undo", write="board.edit", at=_BOARD),
    Route("board_day_add", write="board.edit", at=_BOARD),
    Route("board_day", write="board.edit", at=_BOARD, values={"day_pk": "1"}),
    Route("board_duplicate", write="board.edit", at=_BOARD),
    Route("board_rename", write="board.edit", at=_BOARD),
    Route("board_settings", read="board.edit", write="board.edit", at=_BOARD),
    Route("board_solve", write="board.edit", at=_BOARD),
    Route("board_stop", write="board.edit", at=_BOARD),
    Route("board_solve_panel", read="board.view", at=_BOARD, values={"job_pk": "999999"}),
    Route("board_lock", write="board.edit", at=_BOARD),
    Route("board_dood", read="board.view", at=_BOARD),
    Route("board_one_liner", read="board.view", at=_BOARD),
    Route("places", read="board.view"),
    Route("base_new", read="board.edit", write="board.edit", wide=True),
    Route("location_new", read="board.edit", write="board.edit", wide=True),
    Route("production_places", read="board.view", at="production"),
    Route("sets_sync", write="board.edit", at="production"),
    Route("set_place", write="board.edit", at={"pk": "production", "set_pk": "set"}),
    Route("booking_new", write="board.edit", at="production"),
    Route("booking_cancel", write="board.edit", at={"pk": "production", "booking_pk": "booking"}),
    Route("people", read="people.view"),
    Route("person_new", read="people.edit", write="people.edit", wide=True),
    Route("person_away", read="people.edit", write="people.edit", at="person"),
    Route("person_back", write="people.edit", at={"pk": "person", "away_pk": "unavailability"}),
    Route("production_people", read="people.view", at="production"),
    Route("engage_person", read="people.edit", write="people.edit", at="production"),
    Route("role_cast", write="people.edit", at={"pk": "production", "character_pk": "character"}),
    Route("call_sheet_draft", read="shoot.view", write="shoot.log", at="shootday"),
    Route("call_sheet", read="shoot.view", at="callsheet"),
    Route("call_sheet_pdf", read="shoot.view", at="callsheet"),
    Route("resend_call", write="shoot.log", at="callsheetrecipient"),
    Route("confirm_call", write="shoot.log", at="callsheetrecipient"),
    Route("my_days", read=SIGNED_IN),
    Route("make_call_feed", write=SIGNED_IN, also=(404,)),
    Route("my_day", read=SIGNED_IN, write=SIGNED_IN, at="callsheetrecipient", personal="crew"),
    Route("call_sheet_sides", read="script.view", at="callsheet"),
    Route("call_sides", read="script.view", at="callsheetrecipient"),
    Route("performer_sides", read="script.view", at={"pk": "production", "engagement_pk": "engagement"}),
    Route("my_day_sides", read=SIGNED_IN, at="callsheetrecipient", personal="crew"),
    Route("my_day_pdf", read=SIGNED_IN, at="callsheetrecipient", personal="crew"),
    Route("call_feed", read=SECRET, values={"secret": "unknown"}),
]

SHOOTING = [
    Route("production_shoot", read="shoot.view", at="production"),
    Route("shoot_day", read="shoot.view", at="shootday"),
    Route("log_shoot_day", read="shoot.log", write="shoot.log", at="shootday"),
    Route("log_totals", write="shoot.log", at="shootday"),
    Route("approve_report", write="shoot.approve", at="shootday"),
    Route("reopen_report", write="shoot.log", at="shootday"),
]

POST = [
    Route("post_desk", read="post.view"),
    Route("post_export", read="post.view"),
    Route("post_start", write="post.work", at="posttask"),
    Route("post_finish", write="post.work", at="posttask"),
    Route("post_reopen", write="post.manage", at="posttask"),
    Route("master", read="post.view", at="master"),
    Route("master_file", read="post.view", at="master"),
    Route("master_approve", write="post.manage", at="master"),
    Route("production_post", read="post.view", at="production"),
    Route("production_post_export", read="post.view", at="production"),
    Route("production_post_open", write="post.manage", at="production"),
    Route("production_post_assign", write="post.manage", at="production"),
    Route("production_masters", read="post.view", write="post.work", at="production"),
    Route("production_masters_approve", write="post.manage", at="production"),
    Route("post_episode", read="post.view", at={"pk": "production", "number": "episode.number"}),
]

DELIVERY = [
    Route("delivery_desk", read="delivery.view"),
    Route("delivery_export", read="delivery.view"),
    Route("delivery_collect", write="delivery.edit"),
    Route("package", read="delivery.view", at="package"),
    Route("package_edit", write="delivery.edit", at="package"),
    Route("package_inspect", write="delivery.edit", at="package"),
    Route("package_send", write="delivery.edit", at="package"),
    Route("package_replace", write="delivery.edit", at="package"),
    Route("package_verdict", write="delivery.edit", at="package"),
    Route("package_live", write="delivery.edit", at="package"),
    Route("package_takedown", write="delivery.edit", at="package"),
    Route("deliverable", read="delivery.view", write="delivery.edit", at="deliverable"),
    Route("production_delivery", read="delivery.view", at="production"),
    Route("package_job", read="job.view", at="package", values={"job": "999999"}, also=(404,)),
    Route("package_open", write="delivery.edit", at="production"),
]

MONEY = [
    Route("tax_tables", read="money.view", write="money.edit", wide=True),
    Route("remove_tax_table", write="money.edit", at="taxtable"),
    Route("money", read="money.view"),
    Route("production_money", read="money.view", at="production"),
    Route("estimate", read="money.view", write="money.edit", at="production"),
    Route("margin", read="money.view", write="money.edit", at="production"),
    Route("alarms", read="money.view", at="production"),
    Route("see_alarm", write="money.approve", at="moneyalarm"),
    Route("thresholds", read="money.view", write="money.edit", wide=True),
    Route("wages", read="money.view"),
    Route("make_up_wages", write="money.edit"),
    Route("wage_payment", read="money.view", at="wagepayment"),
    Route("approve_wage", write="money.approve", at="wagepayment"),
    Route("pay_wage", write="money.edit", at="wagepayment"),
    Route("drop_wage", write="money.edit", at="wagepayment"),
    Route("keep_wage_paper", write="money.edit", at="wagepayment"),
    Route("wage_paper", read="money.view", at="wagepayment"),
    Route("person_wages", read="money.view", at="person"),
    Route("my_pay", read="own.view"),
    Route("my_pay_paper", read="own.view", at="wagepayment", personal="crew"),
    Route("hot_costs", read="money.view", at="production"),
    Route("hot_cost", read="money.view", at="shootday"),
    Route("hot_cost_paper", read="money.view", at="shootday"),
    Route("budget_template", write="money.edit", at="production"),
    Route("budgets", read="money.view", at="production"),
    Route("new_budget", write="money.edit", at="production"),
    Route("compare_budgets", read="money.view", at="production"),
    Route("budget", read="money.view", write="money.edit", at="budgetversion"),
    Route("reckon_budget", write="money.edit", at="budgetversion"),
    Route("budget_rows", read="money.edit", write="money.edit", at="budgetversion"),
    Route("budget_parts", read="money.edit", at="budgetversion"),
    Route("keep_budget_part", write="money.edit", at="budgetversion"),
    Route("insert_budget_part", write="money.edit", at={"pk": "budgetversion", "part_pk": "budgetpart"}),
    Route("refresh_budget_part", write="money.edit", at={"pk": "budgetversion", "part_pk": "budgetpart"}),
    Route("remove_budget_part", write="money.edit", at="budgetpart"),
    Route("budget_board", read="money.edit", write="money.edit", at="budgetversion"),
    Route("undo_budget", write="money.edit", at="budgetversion"),
    Route("new_budget_line", read="money.edit", write="money.edit", at="budgetversion"),
    Route("rename_budget", write="money.edit", at="budgetversion"),
    Route("remove_budget", write="money.edit", at="budgetversion"),
    Route("approve_budget", write="money.approve", at="budgetversion"),
    Route("return_budget", write="money.approve", at="budgetversion"),
    Route("budget_line", read="money.edit", write="money.edit", at="budgetline"),
    Route("cost_composition", read="money.view", write="money.edit", at="production"),
    Route("cost_composition_pdf", read="money.view", at="production"),
    Route("ledger", read="money.view", at="production"),
    Route("new_cost", read="money.edit", write="money.edit", at="production"),
    Route("reverse_entry", write="money.edit", at="entry"),
    Route("new_contract", read="money.edit", write="money.edit", at="production"),
    Route("contract", read="money.view", at="contract"),
    Route("edit_contract", read="money.edit", write="money.edit", at="contract"),
    Route("try_contract", read="money.view", at="contract"),
    Route("sign_contract", write="money.edit", at="contract"),
    Route("upload_statement", read="money.edit", write="money.edit", at="production"),
    Route("batches", read="money.view"),
    Route("new_batch", read="money.edit", write="money.edit", wide=True),
    Route("batch", read="money.view", at="statementbatch"),
    Route("batch_columns", read="money.edit", write="money.edit", at="statementbatch"),
    Route("assign_batch", write="money.edit", at="statementbatch"),
    Route("batch_file", read="money.view", at="statementbatch"),
    Route("leave_out_part", write="money.edit", at="batchpart"),
    Route("months", read="money.view", wide=True),
    Route("close_month", write="money.edit", wide=True),
    Route("reopen_month", write="money.approve", at="closedperiod"),
    Route("exchange_rates", read="money.view", write="money.edit", wide=True),
    Route("statement", read="money.view", at="statement"),
    Route("statement_file", read="money.view", at="statement"),
    Route("accept_statement", write="money.edit", at="statement"),
    Route("hold_statement", write="money.edit", at="statement"),
    Route("settle_statement", write="money.edit", at="statement"),
    Route("settlement", read="money.view", at="settlement"),
    Route("issue_settlement", write="money.edit", at="settlement"),
    Route("reverse_settlement", write="money.edit", at="settlement"),
    Route("settlement_pool", read="money.view", at="settlement"),
    Route("lift_freeze", write="money.approve", at="freeze"),
    Route("settlement_pdf", read="money.view", at="settlement"),
    Route("settlement_runs", read="money.view", write="money.edit", wide=True),
    Route("settlement_run", read="money.view", at="settlementrun"),
    Route("review_settlement_run", write="money.edit", at="settlementrun"),
    Route("issue_settlement_run", write="money.edit", at="settlementrun"),
    Route("try_run_again", write="money.edit", at="settlementrun"),
    Route("payouts", read="money.view"),
    Route("approve_payout", write="money.approve", at="payout"),
    Route("pay_payout", write="money.edit", at="payout"),
    Route("payout_pdf", read="money.view", at="payout"),
    Route("my_receipts", read=SIGNED_IN, write=SIGNED_IN),
    Route("my_receipt", read=SIGNED_IN, write=SIGNED_IN, at="pettyslip", personal="crew"),
    Route("my_receipt_photo", read=SIGNED_IN, at="pettyslip", personal="crew", also=(404,)),
    Route("petty_cash", read="money.view", at="production"),
    Route("give_float", write="money.edit", at="production"),
    Route("slip_photo", read="money.view", at="pettyslip", also=(404,)),
    Route("approve_slip", write="money.edit", at="pettyslip"),
    Route("send_back_slip", write="money.edit", at="pettyslip"),
    Route("promotion", read="money.view", at="production"),
    Route("enter_spend", write="money.edit", at="production"),
    Route("import_spend", write="money.edit", at="production"),
    Route("bills", read="money.view"),
    Route("pay_booking", write="money.edit", at="booking"),
    Route("purchases", read="money.request", at="production"),
    Route("new_purchase", read="money.request", write="money.request", at="production"),
    Route("purchase", read="money.request", at="purchaseorder"),
    Route("approve_purchase", write="money.approve", at="purchaseorder"),
    Route("refuse_purchase", write="money.approve", at="purchaseorder"),
    Route("receive_purchase", write="money.request", at="purchaseorder"),
    Route("invoice_purchase", write="money.edit", at="purchaseorder"),
    Route("cancel_purchase", write="money.request", at="purchaseorder"),
    Route("pay_invoice", write="money.edit", at="purchaseinvoice"),
    Route("take_back_supplier_payment", write="money.edit", at="purchaseinvoice"),
    Route("tariffs", read="money.view", wide=True),
    Route("new_tariff", read="money.edit", write="money.edit", wide=True),
    Route("tariff", read="money.edit", write="money.edit", at="tariff"),
    Route("flows", read="money.view", wide=True),
    Route("production_flows", read="money.view", at="production"),
    Route("work_papers", read="money.view", write="money.edit", at={"person_pk": "person", "pk": "production"}),
    Route("payout_papers", read="money.view", write="money.edit", at="payout"),
    Route("invoice_file", read="money.view", at="invoice"),
    Route("certificate_file", read="money.view", at="certificate"),
    Route("withheld_tax", read="money.view", write="money.edit", wide=True),
    Route("payee_batches", read="money.view", write="money.edit", wide=True),
    Route("payee_batch", read="money.view", at="payeebatch"),
    Route("payee_batch_zip", read="money.view", at="payeebatch", also=(404,)),
    Route("revoke_payee_link", write="money.edit", at="payeelink"),
    Route("read_statement", read=SECRET, write=SECRET, values={"secret": "unknown"}, csrf=False),
    Route("read_statement_pdf", read=SECRET, values={"secret": "unknown", "payout_pk": "1"}),
    Route("approve_payouts", write="money.approve"),
    Route("payee_list", read="money.view", wide=True),
    Route("payee_account", read="money.view", write="money.edit", at="party"),
    Route("person_account", read="money.view", write="money.edit", at="person"),
    Route("bank_batches", read="money.view", wide=True),
    Route("new_bank_batch", read="money.edit", write="money.edit", wide=True),
    Route("bank_batch", read="money.view", at="bankbatch"),
    Route("approve_bank_batch", write="money.approve", at="bankbatch"),
    Route("bank_batch_file", write="money.approve", at="bankbatch"),
    Route("cancel_bank_batch", write="money.edit", at="bankbatch"),
    Route("drop_bank_payment", write="money.edit", at="bankpayment"),
    Route("read_bank_return", read="money.edit", write="money.edit", wide=True),
    Route("bank_return", read="money.view", at="bankreturn"),
    Route("look_at_return_line", write="money.edit", at="bankreturnline"),
    Route("take_back_return_line", write="money.edit", at="bankreturnline"),
    Route("investments", read="investment.view"),
    Route("investments_pdf", read="investment.view"),
    Route("fundings", read="funding.view"),
    Route("new_funding", read="money.edit", write="money.edit", wide=True),
    Route("copyrights", read="funding.view"),
    Route("funding", read="funding.view", at="funding"),
    Route("change_funding", write="money.edit", at="funding"),
    Route("draw_on_funding", write="money.edit", at="funding"),
    Route("take_back_draw", write="money.edit", at={"pk": "funding", "draw_pk": "fundingdraw"}),
    Route("investment", read="investment.view", at="production", personal="investor"),
    Route("room_document_file", read="investment.view", at="roomdocumentversion", personal="investor"),
    Route("room_document_check", write="investment.view", at="roomdocumentversion", personal="investor"),
    Route("title_room", read="money.view", write="money.edit", at="production"),
    Route("preview_room", read="money.view", at={"pk": "production", "party_pk": "party"}),
    Route("set_room_right", write="money.edit", at={"pk": "production", "party_pk": "party"}),
    Route("title_room_file", read="money.view", at={"pk": "production", "version_pk": "roomdocumentversion"}),
    Route("replace_room_document", write="money.edit", at={"pk": "production", "document_pk": "roomdocument"}),
    Route("show_room_document", write="money.edit", at={"pk": "production", "document_pk": "roomdocument"}),
    Route("withdraw_room_document", write="money.edit", at={"pk": "production", "document_pk": "roomdocument"}),
]

API = [
    Rows("production", "production.view", "production", create="production.edit", events="event.view"),
    Rows("episode", "production.view", "episode"),
    Rows("job", "job.view", "job"),
    Route("api:job-cancel", write="job.manage", at="job"),
    Route("api:job-rerun", write="job.manage", at="job"),
    Rows("scene", "script.view", "scene", change="script.edit", events="event.view"),
    Rows("revision", "script.view", "revision"),
    Route("api:revision-export", read="script.view", at="revision", query="?to=docx"),
    Rows("element", "script.view", "element", create="script.edit"),
    Route("api:element-tag", write="script.edit", at="element"),
    Route("api:element-untag", write="script.edit", at="element"),
    Rows("tag", "script.view", "tag"),
    Route("api:script-import-list", write="script.edit"),
    Rows("review-round", "script.view", "reviewround", create="script.review"),
    Route("api:review-round-close", write="script.review", at="reviewround"),
    Rows("review-note", "script.view", "reviewnote"),
    Rows("source-work", "script.view", "sourcework", events="event.view"),
    Rows("filing", "compliance.view", "filing", events="event.view"),
    Rows("call-sheet", "shoot.view", "callsheet", create="shoot.log", events="event.view"),
    Rows("stripboard", "board.view", "stripboard", events="event.view"),
    Rows("shoot-day", "shoot.view", "shootday", events="event.view"),
    Rows("booking", "board.view", "booking", events="event.view"),
    Rows("daily-report", "shoot.view", "dailyreport", create="shoot.log", events="event.view"),
    Route("api:daily-report-approve", write="shoot.approve", at="dailyreport"),
    Route("api:daily-report-log", write="shoot.log", at="dailyreport"),
    Route("api:daily-report-reopen", write="shoot.log", at="dailyreport"),
    Route("api:daily-report-wrap", write="shoot.log", at="dailyreport"),
    Rows("posttask", "post.view", "posttask", events="post.view"),
    Route("api:posttask-start", write="post.work", at="posttask"),
    Route("api:posttask-finish", write="post.work", at="posttask", data={"minutes_worked": 10}),
    Rows("master", "post.view", "master"),
    Rows("delivery", "delivery.view", "deliverable", events="delivery.view"),
    Route(
        "api:delivery-verdict", write="delivery.edit", at="deliverable", data={"code": "accepted", "external_id": "x1"}
    ),
    Rows("package", "delivery.view", "package", events="delivery.view"),
    Route("api:package-inspect", write="delivery.edit", at="package"),
    Route("api:package-send", write="delivery.edit", at="package"),
    Rows("statement", "money.view", "statement", create="money.edit", events="event.view"),
    Route("api:statement-accept", write="money.edit", at="statement"),
    Route("api:statement-settle", write="money.edit", at="statement"),
    Rows("settlementrun", "money.view", "settlementrun", create="money.edit", events="event.view"),
    Route("api:settlementrun-review", write="money.edit", at="settlementrun"),
    Route("api:settlementrun-issue", write="money.edit", at="settlementrun"),
    Route("api:settlementrun-again", write="money.edit", at="settlementrun"),
    Rows("statement-file", "money.view", "statementbatch", create="money.edit"),
    Route("api:statement-file-titles", write="money.edit", at="statementbatch"),
    Rows("statement-line", "money.view", "statementline"),
    Rows("settlement", "money.view", "settlement", create="money.edit", events="event.view"),
    Route("api:settlement-issue", write="money.edit", at="settlement"),
    Route("api:settlement-reverse", write="money.edit", at="settlement"),
    Rows("payout", "money.view", "payout"),
    Rows("owed", "money.view", "person"),
    Rows("wage-payment", "money.view", "wagepayment"),
    Rows("bank-batch", "money.view", "bankbatch", events="event.view"),
    Rows("estimate", "money.view", "production"),
    Rows("money-alarm", "money.view", "moneyalarm"),
    Rows("budgetversion", "money.view", "budgetversion"),
    Rows("budgetline", "money.view", "budgetline"),
    Rows("hot-cost", "money.view", "shootday"),
    Rows("tariff", "money.view", "tariff"),
    Route("api:investment-list", read="investment.view"),
    Route("api:investment-detail", read="investment.view", at="production", personal="investor"),
    Rows("promotion-spend", "money.view", "promotionspend"),
    Rows("petty-slip", "money.view", "pettyslip"),
    Rows("purchase", "money.request", "purchaseorder", events="event.view"),
]

ADMIN = [
    Route("admin:index", read=SIGNED_IN, admin=True),
    Route("admin:login", read=SIGNED_IN, admin=True),
    Route("admin:logout", read=ANYONE, write=ANYONE, also=(405,), admin=True),
    Route("admin:password_change", read=SIGNED_IN, admin=True),
    Route("admin:password_change_done", read=SIGNED_IN, admin=True),
    Route("admin:search", read=SIGNED_IN, admin=True, query="?s=a"),
    Route(
        "admin:autocomplete", read="people.view", admin=True,
        query="?app_label=studio&model_name=engagement&field_name=person",
    ),
    Route("admin:jsi18n", read=SIGNED_IN, admin=True),
    Route("admin:view_on_site", read=SIGNED_IN, admin=True, values={"content_type_id": "1", "object_id": "1"}, also=(404,)),
    Route("admin:app_list", read=SIGNED_IN, admin=True, values={"app_label": "studio"}),
    AdminModel("studio.Production", "production.view", "production.edit", delete=False),
    AdminModel("studio.Episode", "production.view", "production.edit"),
    AdminModel("studio.Person", "people.view", "people.edit"),
    AdminModel("studio.Engagement", "people.view", "people.edit"),
    AdminModel("studio.Membership", "member.view", "member.edit"),
    AdminModel("studio.Studio", "member.view", "member.edit", add=False, delete=False),
    AdminModel("studio.Network", None),
    AdminModel("studio.User", None),
    AdminModel("studio.ApiToken", "member.view"),
    AdminModel("studio.Event", "event.view"),
    AdminModel("studio.Job", "job.view"),
    AdminModel("scripts_app.Script", "script.view", "script.edit", delete=False),
    AdminModel("scripts_app.Revision", "script.view"),
    AdminModel("scripts_app.RevisionColour", "script.view", "script.edit"),
    AdminModel("scripts_app.StaleItem", "script.view"),
    AdminModel("scripts_app.Scene", "script.view", "script.edit", add=False, delete=False),
    AdminModel("scripts_app.Character", "script.view", "script.edit"),
    AdminModel("scripts_app.Element", "script.view", "script.edit"),
    AdminModel("scripts_app.Breakdown", "script.view"),
    AdminModel("scripts_app.BreakdownStep", "script.view"),
    AdminModel("scripts_app.DictionaryWord", "script.view", "script.edit"),
    AdminModel("scripts_app.LinkRule", "script.view", "script.edit"),
    AdminModel("scripts_app.Refusal", "script.view", "script.edit", add=False, edit=False),
    AdminModel("scripts_app.Tag", "script.view"),
    AdminModel("scripts_app.Reading", "script.view"),
    AdminModel("scripts_app.ReviewRound", "script.view"),
    AdminModel("scripts_app.EpisodeVerdict", "script.view"),
    AdminModel("scripts_app.ReviewNote", "script.view"),
    AdminModel("scripts_app.NoteReply", "script.view"),
    AdminModel("scripts_app.Score", "script.view"),
    AdminModel("scripts_app.Criterion", "script.view", "script.edit", delete=False),
    AdminModel("scripts_app.Greenlight", "script.view"),
    AdminModel("scripts_app.SourceWork", "script.view", "production.edit"),
    AdminModel("scripts_app.ScriptLink", "script.view"),
    AdminModel("scripts_app.ScriptLinkOpening", "script.view"),
    AdminModel("compliance.ClassRule", "compliance.view"),
    AdminModel("compliance.GateOverride", "compliance.view"),
    AdminModel("compliance.Consent", "compliance.view"),
    AdminModel("compliance.ConsentRule", "compliance.view", "compliance.edit"),
    AdminModel("compliance.AiDeclaration", "compliance.view"),
    AdminModel("compliance.FilingClock", "compliance.view", "compliance.edit"),
    AdminModel("compliance.CostCap", "compliance.view", "compliance.edit"),
    AdminModel("compliance.LeadPerformer", "compliance.view"),
    AdminModel("compliance.FlagTerm", "compliance.view", "compliance.edit"),
    AdminModel("compliance.ContentFlag", "compliance.view"),
    AdminModel("compliance.PaperRule", "compliance.view", "compliance.edit"),
    AdminModel("compliance.Classification", "compliance.view"),
    AdminModel("compliance.Filing", "compliance.view"),
    AdminModel("scheduling.FilmBase", "board.view", "board.edit"),
    AdminModel("scheduling.Location", "board.view", "board.edit"),
    AdminModel("scheduling.Set", "board.view", "board.edit"),
    AdminModel("scheduling.Booking", "board.view"),
    AdminModel("scheduling.Unavailability", "people.view", "people.edit"),
    AdminModel("scheduling.Casting", "people.view"),
    AdminModel("scheduling.Stripboard", "board.view", "board.edit", add=False),
    AdminModel("scheduling.ShootDay", "shoot.view"),
    AdminModel("scheduling.CallSheet", "shoot.view"),
    AdminModel("shooting.DailyReport", "shoot.view"),
    Route("admin:shooting_dailyreport_log", read="shoot.log", write="shoot.log", at="shootday", admin=True),
    AdminModel("postproduction.Pipeline", "post.view", "post.manage"),
    AdminModel("postproduction.EpisodePost", "post.view"),
    AdminModel("postproduction.PostTask", "post.view", "post.manage", add=False, delete=False),
    AdminModel("postproduction.Master", "post.view"),
    AdminModel("delivery.Platform", "delivery.view", "delivery.edit"),
    AdminModel("delivery.Spec", "delivery.view", "delivery.edit"),
    AdminModel("delivery.Package", "delivery.view", "delivery.edit", add=False, delete=False),
    AdminModel("delivery.Deliverable", "delivery.view"),
    AdminModel("delivery.Verdict", "delivery.view"),
    AdminModel("delivery.Takedown", "delivery.view"),
    AdminModel("finance.BudgetVersion", "money.view"),
    AdminModel("finance.BudgetLine", "money.view"),
    AdminModel("finance.BudgetStep", "money.view"),
    AdminModel("finance.BudgetPart", "money.view"),
    AdminModel("finance.BudgetPartLine", "money.view"),
    AdminModel("finance.BudgetShare", "money.view", "money.edit"),
    AdminModel("finance.Entry", "money.view"),
    AdminModel("finance.EntryLine", "money.view"),
    AdminModel("finance.WagePayment", "money.view"),
    AdminModel("finance.EstimateFigure", "money.view"),
    AdminModel("finance.ReceiptForecast", "money.view"),
    AdminModel("finance.MarginPoint", "money.view"),
    AdminModel("finance.AlarmRule", "money.view"),
    AdminModel("finance.MoneyAlarm", "money.view"),
    AdminModel("finance.Party", "money.view", "money.edit", delete=False),
    AdminModel("finance.Contract", "money.view"),
    AdminModel("finance.Statement", "money.view"),
    AdminModel("finance.StatementBatch", "money.view"),
    AdminModel("finance.ColumnMapping", "money.view"),
    AdminModel("finance.PlatformTitle", "money.view", "money.edit"),
    AdminModel("finance.ClosedPeriod", "money.view"),
    AdminModel("finance.ExchangeRate", "money.view"),
    AdminModel("finance.Settlement", "money.view"),
    AdminModel("finance.SettlementRun", "money.view"),
    AdminModel("finance.RunTitle", "money.view"),
    AdminModel("finance.Allocation", "money.view"),
    AdminModel("finance.Payout", "money.view"),
    AdminModel("finance.Tariff", "money.view"),
    AdminModel("finance.TaxTable", "money.view"),
    AdminModel("finance.BankAccount", "money.view"),
    AdminModel("finance.BankTemplate", "money.view", "money.edit", delete=False),
    AdminModel("finance.BankBatch", "money.view"),
    AdminModel("finance.BankPayment", "money.view"),
    AdminModel("finance.BankReturn", "money.view"),
    AdminModel("finance.RoomRight", "money.view"),
    AdminModel("finance.Funding", "funding.view"),
    AdminModel("finance.RoomDocument", "money.view"),
    AdminModel("finance.RoomDocumentOpening", "money.view"),
    AdminModel("finance.PromotionSpend", "money.view"),
    AdminModel("finance.PettyFloat", "money.view"),
    AdminModel("finance.PettySlip", "money.view"),
    AdminModel("finance.ApprovalLimit", "money.view", "member.edit"),
    AdminModel("finance.PurchaseOrder", "money.request"),
    AdminModel("finance.PurchaseInvoice", "money.view"),
    AdminModel("finance.Invoice", "money.view"),
    AdminModel("finance.Certificate", "money.view"),
    AdminModel("finance.TaxRemittance", "money.view"),
    AdminModel("finance.TaxDueDay", "money.view", "money.edit"),
    AdminModel("finance.SettledStatement", "money.view"),
    AdminModel("finance.Freeze", "money.view"),
    AdminModel("finance.Debt", "money.view"),
    AdminModel("finance.SetOff", "money.view"),
    AdminModel("finance.PayeeBatch", "money.view"),
    AdminModel("finance.PayeeLinkOpening", "money.view"),
]  # fmt: skip

TABLE = [*PAGES, *SCRIPT, *COMPLIANCE, *SCHEDULING, *SHOOTING, *POST, *DELIVERY, *MONEY, *API, *ADMIN]


def routes() -> list[Route]:
    found: list[Route] = []
    for row in TABLE:
        found.extend([row] if isinstance(row, Route) else row.routes())
    return found


# Unnamed patterns that Django's admin brings: a redirect from an object to its change page, and the 404 of all else.
UNNAMED = (r"^admin/\w+/\w+/<path:object_id>/$", r"^admin/\(\?P<url>\.\*\)\$$")
