"""The studio's catalogue of things and its dictionary: named anew, joined, learned and forgotten."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scripts_app.actions.breakdown import plain_name
from scripts_app.actions.steps import Steps
from scripts_app.choices import LinkWhen, Origin
from scripts_app.linking import link_elements
from scripts_app.models import DictionaryWord, Element, LinkRule, Tag
from studio.models import Studio, User
from studio.refusals import Refused
from studio.versions import bump_production, bump_studio

_RULE_FIELDS = ("studio_id", "production_id", "when", "when_category", "when_name", "then_category", "then_name")


@transaction.atomic
def rename_thing(*, studio: Studio, category: str, name: str, to_category: str, to_name: str, by: User | None) -> int:
    """Give a thing another name or kind in every title of the studio; returns in how many.

    Where a title has one by the new name already, the two become one: tags and marks of both are kept. The old name
    stays in the dictionary as a word for the new one.
    """
    to_name = plain_name(to_category, to_name)
    if (category, name) == (to_category, to_name):
        raise Refused("same_name", _("This is its name already."), field="to_name")
    Studio.objects.select_for_update().get(pk=studio.pk)
    elements = list(
        Element.objects.filter(production__studio=studio, category=category, name=name).select_related("production")
    )
    if not elements:
        raise Refused("no_such_thing", _("There is no thing of this name any more."), conflict=True)
    targets = {
        row.production_id: row
        for row in Element.objects.filter(production__studio=studio, category=to_category, name=to_name)
    }
    steps = Steps(studio.pk)
    for element in elements:
        target = targets.get(element.production_id)
        if target is None:
            steps.change(element, category=to_category, name=to_name)
        else:
            _join(steps, element, target, by)
    _dictionary_follows(steps, studio, (category, name), (to_category, to_name), by)
    _rules_follow(steps, studio, (category, name), (to_category, to_name))
    steps.keep("merge" if targets else "rename", by=by, name=name, to=to_name, titles=len(elements))
    for production in {element.production_id: element.production for element in elements}.values():
        link_elements(production)
        bump_production(production.pk)
    bump_studio(studio.pk)
    return len(elements)


def _join(steps: Steps, element: Element, target: Element, by: User | None) -> None:
    """Move tags and marks over; of two tags of one scene the target's stays and takes the marks."""
    own = {tag.scene_id: tag for tag in target.tags.exclude(origin=Origin.LINKED)}
    for tag in element.tags.exclude(origin=Origin.LINKED).select_related("scene").prefetch_related("marks"):
        held = own.get(tag.scene_id)
        if held is None:
            Tag.objects.filter(element=target, scene=tag.scene_id, origin=Origin.LINKED).delete()
            steps.change(tag, element_id=target.pk)
            continue
        there = set(held.marks.values_list("digest", "nth", "start"))
        for mark in tag.marks.all():
            if (mark.digest, mark.nth, mark.start) not in there:
                steps.change(mark, tag_id=held.pk)
    steps.change(target, suggested=target.suggested and element.suggested, linked=target.linked and element.linked)
    steps.drop(element)


def _dictionary_follows(
    steps: Steps, studio: Studio, old: tuple[str, str], new: tuple[str, str], by: User | None
) -> None:
    """Words for the old thing now mean the new one."""
    for word in DictionaryWord.objects.filter(studio=studio, category=old[0], name=old[1]):
        clash = DictionaryWord.objects.filter(studio=studio, category=new[0], word=word.word).exclude(pk=word.pk)
        if clash.exists():
            steps.drop(word)
        else:
            steps.change(word, category=new[0], name=new[1])
    steps.get_or_make(
        DictionaryWord, studio_id=studio.pk, category=new[0], word=new[1], defaults={"name": new[1], "added_by": by}
    )


def _rules_follow(steps: Steps, studio: Studio, old: tuple[str, str], new: tuple[str, str]) -> None:
    """Rules that add the old thing or wait for it speak of the new one, or they would bring the old one back."""
    rules = LinkRule.objects.filter(studio=studio)
    for rule in rules.filter(then_category=old[0], then_name=old[1]):
        _say_anew(steps, rule, then_category=new[0], then_name=new[1])
    for rule in rules.filter(when=LinkWhen.ELEMENT, when_category=old[0], when_name=old[1]):
        _say_anew(steps, rule, when_category=new[0], when_name=new[1])


def _say_anew(steps: Steps, rule: LinkRule, **fields: str) -> None:
    alike = {name: getattr(rule, name) for name in _RULE_FIELDS} | fields
    if LinkRule.objects.filter(**alike).exclude(pk=rule.pk).exists():
        steps.drop(rule)
    else:
        steps.change(rule, **fields)


@transaction.atomic
def add_word(*, studio: Studio, category: str, word: str, name: str, by: User | None) -> DictionaryWord:
    """A word for the dictionary; `name` is the thing it means, itself unless told. One there is means the new thing."""
    word = plain_name(category, word)
    name = plain_name(category, name or word)
    row, _new = DictionaryWord.objects.update_or_create(
        studio=studio, category=category, word=word, defaults={"name": name, "active": True, "added_by": by}
    )
    bump_studio(studio.pk)
    return row


@transaction.atomic
def switch_word(*, word: DictionaryWord, active: bool, by: User | None) -> DictionaryWord:
    """Suggest a word or not; one that is off stays known, so that tagging it does not bring it back."""
    word.active = active
    word.save(update_fields=["active", "updated_at"])
    bump_studio(word.studio_id)
    return word


@transaction.atomic
def forget_word(*, word: DictionaryWord, by: User | None) -> None:
    studio_id = word.studio_id
    word.delete()
    bump_studio(studio_id)
