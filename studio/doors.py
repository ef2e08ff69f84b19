"""What page views have in common: sign-in, the verb, scoped look-ups."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed

from studio.access import VERBS, visible_studios
from studio.models import Studio

View = Callable[..., HttpResponseBase]
Row = TypeVar("Row", bound=Model)


def page(verb: str, *, write: str | None = None, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Guard a view: signed in, and a role with `verb` (with `write` for unsafe methods) somewhere.

    Which rows it then sees is `scoped`'s question. The verbs stay readable on the view for the matrix test.
    """
    assert verb in VERBS
    assert write is None or write in VERBS

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in {*methods, "HEAD", "OPTIONS"}:
                return HttpResponseNotAllowed(methods)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            needed = verb if request.method in {"GET", "HEAD", "OPTIONS"} else (write or verb)
            if not request.access.may(needed):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]
        guarded.write_verb = write  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return guarded

    return guard


def scoped(request: HttpRequest, rows: QuerySet[Row], verb: str, **look_up: Any) -> Row:
    """One row that the user has the verb on, or 404."""
    row = request.access.scope(rows, verb).filter(**look_up).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    return row


def studio_for(request: HttpRequest, verb: str) -> Studio:
    """The studio in front if the verb is theirs over all of it, else the first in which it is."""
    access = request.access  # type: ignore[attr-defined]
    front = request.studio  # type: ignore[attr-defined]
    if front is not None and access.may_in_studio(verb, front.pk):
        return front  # type: ignore[no-any-return]
    for studio in visible_studios(access).order_by("pk"):
        if access.may_in_studio(verb, studio.pk):
            return studio
    raise PermissionDenied
