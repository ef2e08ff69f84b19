"""The page of a studio's members."""

from __future__ import annotations

import dataclasses
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from studio import actions
from studio.access import TABLE, Access
from studio.choices import Role
from studio.doors import page, scoped
from studio.models import Membership, Production, Studio
from studio.refusals import Refused
from studio.verb_names import verb_name

# Of a pair, seeing goes without saying where there is editing; one's own days are everybody's.
_EDITS = {"edit", "work", "log", "manage", "approve"}


@dataclasses.dataclass
class RoleGroup:
    role: Role
    label: str
    may: list[str]
    members: list[Membership]


def powers(role: Role) -> list[str]:
    """What a role may do, in words: what it only sees comes after what it changes."""
    verbs = [verb for verb, roles in TABLE.items() if role in roles and verb != "own.view"]
    changed = {verb.partition(".")[0] for verb in verbs if verb.partition(".")[2] in _EDITS}
    first = [verb for verb in verbs if verb.partition(".")[2] in _EDITS]
    then = [verb for verb in verbs if verb.partition(".")[2] == "view" and verb.partition(".")[0] not in changed]
    return [verb_name(verb) for verb in [*first, *then]] or [verb_name("own.view")]


class InviteForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=140)
    display_name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, required=False,
        help_text=gettext_lazy("For a new account. Who has one keeps its name."),
    )  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    production = forms.ModelChoiceField(
        label=gettext_lazy("Production"), queryset=Production.objects.none(), required=False,
        empty_label=gettext_lazy("The whole studio"),
    )  # fmt: skip
    platform_code = forms.CharField(
        label=gettext_lazy("Platform"), max_length=50, required=False,
        help_text=gettext_lazy("For platform clients: the only platform whose deliveries they see."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=settings.LANGUAGES, help_text=gettext_lazy("Of the mail and the pages.")
    )

    def __init__(self, request: HttpRequest, studio: Studio, data: Any = None) -> None:
        super().__init__(data, initial={"language": get_language(), "role": Role.PRODUCER})
        access: Access = request.access  # type: ignore[attr-defined]
        self.fields["role"].choices = Role.choices  # type: ignore[attr-defined]
        self.fields["production"].queryset = access.scope(  # type: ignore[attr-defined]
            Production.objects.filter(studio=studio), "member.edit"
        )
        if not access.may_in_studio("member.edit", studio.pk):
            self.fields["production"].required = True
            self.fields["production"].empty_label = "—"  # type: ignore[attr-defined]


def _groups(rows: list[Membership]) -> list[RoleGroup]:
    groups = []
    for role in Role:
        members = [row for row in rows if row.role == role]
        groups.append(RoleGroup(role, str(role.label), powers(role), members))
    return groups


@page("member.view", write="member.edit", methods=("GET", "POST"))
def members(request: HttpRequest) -> HttpResponse:
    """The members of the studio in front, by role, and the form that invites."""
    studio: Studio | None = request.studio  # type: ignore[attr-defined]
    if studio is None:
        raise Http404
    access: Access = request.access  # type: ignore[attr-defined]
    rows = list(
        access.scope(Membership.objects.filter(studio=studio), "member.view")
        .select_related("user", "production")
        .order_by("user__display_name", "user__username", "pk")
    )
    editable = set(access.scope(Membership.objects.filter(studio=studio), "member.edit").values_list("pk", flat=True))
    if not rows and not access.may_in_studio("member.view", studio.pk):
        # A role elsewhere opens this page, but not in the studio that is in front.
        raise PermissionDenied
    may_invite = bool(editable) or access.may_in_studio("member.edit", studio.pk)
    if request.method == "POST" and not may_invite:
        raise PermissionDenied
    form = InviteForm(request, studio, request.POST or None) if may_invite else None
    status = 200
    if request.method == "POST" and form is not None:
        if form.is_valid():
            try:
                member = actions.invite(studio=studio, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            else:
                messages.success(
                    request,
                    _("%(name)s is a member now. A mail is on its way to %(email)s.")
                    % {"name": member.user, "email": member.user.email},
                )
                return redirect("members")
        status = 422
    groups = _groups(rows)
    owners = [row.pk for row in rows if row.role == Role.OWNER and row.production_id is None and row.user.is_active]
    context = {"studio": studio, "last_owner": owners[0] if len(owners) == 1 else None, "groups": [group for group in groups if group.members],
               "idle": [group for group in groups if not group.members], "editable": editable, "roles": [pair for pair in Role.choices if pair[0] != Role.PLATFORM_CLIENT], "form": form,
               "count": len({row.user_id for row in rows})}  # fmt: skip
    return render(request, "studio/members.html", context, status=status)


@page("member.view", write="member.edit", methods=("POST",))
def change_member(request: HttpRequest, pk: int) -> HttpResponse:
    member = scoped(request, Membership.objects.select_related("user"), "member.edit", pk=pk)
    try:
        actions.change_role(
            membership=member, role=request.POST.get("role", ""), by=request.user,  # type: ignore[arg-type]
            platform_code=request.POST.get("platform_code", "").strip(),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The role of %(name)s is saved.") % {"name": member.user})
    return _after(request)


@page("member.view", write="member.edit", methods=("POST",))
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    member = scoped(request, Membership.objects.select_related("user"), "member.edit", pk=pk)
    try:
        actions.remove_member(membership=member, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("%(name)s no longer has this role.") % {"name": member.user})
    return _after(request)


def _after(request: HttpRequest) -> HttpResponse:
    from studio.access import access_of

    # Whoever gave up their own role may not open this page any more.
    return redirect("members" if access_of(request.user).may("member.view") else "home")
