"""Linked rules: made, switched on and off, taken away; what they add follows at once."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scripts_app.actions.breakdown import plain_name, settle
from scripts_app.choices import Category, LinkWhen
from scripts_app.linking import ensure_default_rules
from scripts_app.models import LinkRule
from studio import jobs
from studio.models import Job, Production, Studio, User
from studio.refusals import Refused
from studio.versions import bump_production, bump_studio

LINK_JOB = "scripts.link_elements"


@transaction.atomic
def add_link_rule(
    *,
    studio: Studio,
    production: Production | None,
    when: str,
    when_category: str,
    when_name: str,
    then_category: str,
    then_name: str,
    by: User | None,
) -> LinkRule:
    """A rule of one title, or of all of the studio's (`production` None). The same rule again is switched on."""
    when_category, when_name = _trigger(when, when_category, when_name)
    then_name = plain_name(then_category, then_name)
    if when == LinkWhen.ELEMENT and (when_category, when_name) == (then_category, then_name):
        raise Refused(
            "adds_itself", _("A thing does not ask for itself. Choose another thing to add."), field="then_name"
        )
    ensure_default_rules(studio)
    try:
        with transaction.atomic():
            rule, _new = LinkRule.objects.get_or_create(
                studio=studio, production=production, when=when, when_category=when_category, when_name=when_name,
                then_category=then_category, then_name=then_name, defaults={"made_by": by},
            )  # fmt: skip
    except IntegrityError as error:  # pragma: no cover - two at the same moment
        raise Refused("made_meanwhile", _("Somebody made the same rule this moment."), conflict=True) from error
    return switch_link_rule(rule=rule, active=True, by=by)


@transaction.atomic
def switch_link_rule(*, rule: LinkRule, active: bool, by: User | None) -> LinkRule:
    """Put a rule in use or out of it; what it alone added comes and goes with it."""
    rule.active = active
    rule.save(update_fields=["active", "updated_at"])
    _follow(rule.studio, rule.production, by)
    return rule


@transaction.atomic
def delete_link_rule(*, rule: LinkRule, by: User | None) -> None:
    """Take a rule away with what it alone added. One that every studio begins with is switched off instead."""
    studio, production = rule.studio, rule.production
    if rule.code:
        switch_link_rule(rule=rule, active=False, by=by)
        return
    titles = list(rule.tags.values_list("element__production", flat=True).distinct().order_by())
    # Its tags go with it here and now; what other rules ask for in their place follows.
    rule.delete()
    for title in titles:
        bump_production(title)
    _follow(studio, production, by)


def _trigger(when: str, category: str, name: str) -> tuple[str, str]:
    if when not in LinkWhen.values:
        raise Refused("unknown_trigger", _("Choose what sets the rule off."), field="when")
    name = " ".join(name.split())[:120]
    if when in (LinkWhen.ELEMENT, LinkWhen.CATEGORY) and category not in Category.values:
        raise Refused("unknown_category", _("Choose what kind of thing it is."), field="when_category")
    if when != LinkWhen.CATEGORY and not name:
        raise Refused("name_missing", _("Name the role, thing or set that sets the rule off."), field="when_name")
    return (
        category if when in (LinkWhen.ELEMENT, LinkWhen.CATEGORY) else "",
        name if when != LinkWhen.CATEGORY else "",
    )


def _follow(studio: Studio, production: Production | None, by: User | None) -> Job | None:
    """One title at once; all of a studio by a job, as there may be hundreds."""
    if production is not None:
        settle(production)
        return None
    bump_studio(studio.pk)
    return jobs.enqueue(LINK_JOB, {"studio": studio.pk}, studio_id=studio.pk, by=by)
