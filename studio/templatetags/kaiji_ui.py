"""Components of the design language as template tags. Each escapes what it is given."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# States of every room by how they feel; a code not listed is neutral. A tag may always name its own tone.
TONES: dict[str, str] = {
    **dict.fromkeys(
        ("done", "approved", "granted", "accepted", "passed", "live", "paid", "shot", "confirmed", "settled", "master"),
        "good",
    ),
    **dict.fromkeys(
        ("running", "sent", "submitted", "in_review", "shooting", "processing", "issued", "open", "active", "queued"),
        "info",
    ),
    **dict.fromkeys(
        (
            "part",
            "part_shot",
            "owed",
            "at_risk",
            "late",
            "returned",
            "rework",
            "redelivery",
            "expired",
            "parked",
            "hold",
        ),
        "warn",
    ),
    **dict.fromkeys(
        ("rejected", "refused", "failed", "taken_down", "critical", "overdue", "blocked", "error", "missing"), "bad"
    ),
    **dict.fromkeys(("locked", "frozen", "current"), "accent"),
}
TONE_NAMES = frozenset({"neutral", "info", "good", "warn", "bad", "accent"})
MESSAGE_TONES = {"debug": "neutral", "info": "info", "success": "good", "warning": "warn", "error": "bad"}
MESSAGE_ICONS = {
    "good": "circle-check", "warn": "triangle-alert", "bad": "circle-alert", "info": "info", "neutral": "info",
}  # fmt: skip
STRIP_TIMES = {"day": "day", "night": "night", "dawn": "dawn", "dusk": "dusk"}


@register.simple_tag
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """A Lucide icon of the sprite. Decorative unless it has a `label`."""
    hidden = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" {extra}" if extra else "",
        hidden,
        static("icons/sprite.svg"),
        name,
    )


def tone_of(value: Any, tone: str = "") -> str:
    """The tone asked for, else that of the state code, else neutral."""
    if tone in TONE_NAMES:
        return tone
    return TONES.get(str(value), "neutral")


@register.simple_tag
def chip(value: Any, label: Any = None, tone: str = "") -> SafeString:
    """A state: `value` is its code, `label` what people read (a model's get_state_display)."""
    return format_html(
        '<span class="chip tone-{}" data-state="{}">{}</span>',
        tone_of(value, tone),
        value,
        value if label is None else label,
    )


@register.inclusion_tag("components/empty.html")
def empty(
    title: str, text: str = "", action_url: str = "", action_label: str = "", icon: str = "inbox"
) -> dict[str, Any]:
    """What to do first on a page that has nothing yet."""
    return {"title": title, "text": text, "action_url": action_url, "action_label": action_label, "icon": icon}


@register.inclusion_tag("components/progress.html")
def progress(done: int | None, total: int | None, label: str = "", tone: str = "") -> dict[str, Any]:
    """A bar with `done / total`; nothing is certain when the total is 0, so it shows an empty bar."""
    total = max(int(total or 0), 0)
    done = min(max(int(done or 0), 0), total)
    return {
        "done": done,
        "total": total,
        "maximum": total or 1,
        "label": label,
        "tone": tone if tone in TONE_NAMES else "",
    }


@register.inclusion_tag("components/stat.html")
def stat(label: str, value: Any, sub: Any = "", url: str = "", tone: str = "") -> dict[str, Any]:
    """A number of a page's head; with a `url` it opens what the number is made of."""
    return {"label": label, "value": value, "sub": sub, "url": url, "tone": tone if tone in TONE_NAMES else ""}


def _money_span(text: str, minor: int, title: str = "") -> SafeString:
    # A hyphen is narrower than a digit and breaks columns; the minus sign is as wide as one.
    return format_html(
        '<span class="money{}"{}>{}</span>',
        " money-neg" if minor < 0 else "",
        format_html(' title="{}"', title) if title else "",
        text.replace("-", "\u2212"),
    )


def _as_money(value: Any, currency: str) -> Any:
    """Money of fen or of Money itself; None for what is empty."""
    from studio.values.money import Money

    if value is None or value == "":
        return None
    return value if isinstance(value, Money) else Money(int(value), currency or "CNY")


@register.simple_tag
def money(fen: Any, currency: str = "CNY") -> SafeString | str:
    """An exact amount, `¥12,345.60`; an em dash for None."""
    amount = _as_money(fen, currency)
    return "—" if amount is None else _money_span(str(amount), amount.minor)


@register.simple_tag
def money_wan(fen: Any, currency: str = "CNY") -> SafeString | str:
    """An amount for a glance: `¥12.35万` in Chinese, `¥123.5k` elsewhere; the exact one on hover."""
    from django.utils.translation import get_language

    from studio.values.money import CURRENCIES, SYMBOLS

    amount = _as_money(fen, currency)
    if amount is None:
        return "—"
    symbol = SYMBOLS.get(amount.currency, amount.currency + " ")
    if (get_language() or "").startswith("zh"):
        text = amount.wan()
        sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
        return _money_span(f"{sign}{symbol}{text}万", amount.minor, str(amount))
    # Thousands to one place, rounded half up in whole numbers.
    per_tenth = 10 ** CURRENCIES[amount.currency] * 100
    tenths = (abs(amount.minor) * 2 + per_tenth) // (per_tenth * 2)
    text = f"{tenths // 10:,}.{tenths % 10}".removesuffix(".0")
    sign = "-" if amount.minor < 0 and tenths else ""
    return _money_span(f"{sign}{symbol}{text}k", amount.minor, str(amount))


@register.simple_tag
def strip_class(int_ext: str, time_of_day: str) -> str:
    """The paper of a scene: `strip strip-ext-night`. Unknown inside/outside is taken as inside, unknown time as day."""
    time = STRIP_TIMES.get(str(time_of_day), "day")
    place = str(int_ext)
    if place in {"int_ext", "int/ext", "both"}:
        return f"strip strip-mixed-{'night' if time == 'night' else 'day'}"
    return f"strip strip-{'ext' if place == 'ext' else 'int'}-{time}"


@register.simple_tag
def heat_class(done: int | None, total: int | None) -> str:
    """The heat of a cell, `heat-0` (nothing) to `heat-4` (all): three equal steps between."""
    total, done = int(total or 0), int(done or 0)
    if total <= 0 or done <= 0:
        return "heat-0"
    return "heat-4" if done >= total else f"heat-{1 + min(done * 3 // total, 2)}"


@register.filter
def initials(name: Any) -> str:
    """One or two letters for an avatar: the last two characters of a Chinese name, else first letters."""
    words = str(name or "").split()
    if not words:
        return "?"
    if any("\u3400" <= letter <= "\u9fff" for letter in words[0]):
        return words[0][-2:]
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def message_tone(tags: str) -> str:
    """The tone of a Django message."""
    return next((MESSAGE_TONES[tag] for tag in str(tags).split() if tag in MESSAGE_TONES), "info")


@register.filter
def tone_icon(tone: str) -> str:
    """The icon that belongs to a tone."""
    return MESSAGE_ICONS.get(tone, "info")


WIDGET_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "checkbox"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.ClearableFileInput, "input input-file"),
    (forms.NumberInput, "input input-num"),
)


@register.simple_tag
def control(bound: forms.BoundField, extra: str = "", **attrs: Any) -> SafeString:
    """The widget of a bound field with our classes and its errors and help tied to it for screen readers.

    Keyword attributes use `_` for `-`: `{% control form.name hx_get=url %}`.
    """
    widget = bound.field.widget
    style = next((css for kind, css in WIDGET_CLASSES if isinstance(widget, kind)), "input")
    described = [
        f"{bound.auto_id}_{part}" for part, shown in (("error", bound.errors), ("help", bound.help_text)) if shown
    ]
    rendered: dict[str, Any] = {key.replace("_", "-"): value for key, value in attrs.items()}
    rendered["class"] = " ".join(filter(None, (style, extra, widget.attrs.get("class", ""))))
    if described:
        rendered["aria-describedby"] = " ".join(described)
    if bound.errors:
        rendered["aria-invalid"] = "true"
    if widget.attrs.get("placeholder") == bound.label:
        # allauth repeats the label inside the box, where it looks like a value.
        rendered["placeholder"] = False
    return bound.as_widget(attrs=rendered)


@register.inclusion_tag("components/field.html")
def field(bound: forms.BoundField, extra: str = "", label: str = "") -> dict[str, Any]:
    """One field with label, control, help and errors. With a `label` of ours, its own placeholder goes too."""
    widget = bound.field.widget
    return {
        "field": bound,
        "label": label or bound.label,
        "relabelled": bool(label),
        "extra": extra,
        "is_check": isinstance(widget, forms.CheckboxInput),
        "is_group": isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple),
        "optional": not bound.field.required,
    }


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: forms.BaseForm, grid: bool = False) -> dict[str, Any]:
    """All of a form: its own errors, hidden fields, then each field."""
    return {"form": form, "grid": grid}


@register.simple_tag
def attrs(values: dict[str, Any] | None) -> SafeString:
    """HTML attributes of a dict; None and False are left out."""
    return flatatt({key: value for key, value in (values or {}).items() if value is not None and value is not False})
