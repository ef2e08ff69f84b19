"""The search page, and what the box in the frame shows while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from dashboard.search import MOST_HITS, MOST_LETTERS, asked_words, kinds_for, search
from studio.doors import page

# Under the box there is room for a glance.
MOST_HITS_LIVE = 4


@page("own.view")
def search_page(request: HttpRequest) -> HttpResponse:
    """What the words of `?q=` find, by kind; asked by htmx, only the part that changes."""
    access = request.access  # type: ignore[attr-defined]
    htmx = request.htmx  # type: ignore[attr-defined]
    live = bool(htmx) and htmx.target == "search-live"
    words = asked_words(request.GET.get("q", ""))
    groups = search(access, request.studio, words, MOST_HITS_LIVE if live else MOST_HITS)  # type: ignore[attr-defined]
    part = bool(htmx) and not htmx.history_restore_request
    response = render(
        request,
        "dashboard/_search_results.html" if part else "dashboard/search.html",
        {
            "query": " ".join(words), "groups": groups, "total": sum(group.total for group in groups), "live": live,
            "part": part, "kinds": kinds_for(access), "most_letters": MOST_LETTERS,
        },
    )  # fmt: skip
    # The same address answers with a page or a part of it; a browser must not show one for the other.
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
