"""Routes of the API: flat, one list per kind of row; rooms register theirs."""

from __future__ import annotations

import importlib

from rest_framework.routers import SimpleRouter

from studio.api import views

app_name = "api"
router = SimpleRouter()
router.register("productions", views.ProductionViewSet, basename="production")
router.register("episodes", views.EpisodeViewSet, basename="episode")
router.register("jobs", views.JobViewSet, basename="job")
for room in ("scripts_app", "compliance", "scheduling", "shooting", "postproduction", "delivery", "finance"):
    importlib.import_module(f"{room}.api").register(router)
urlpatterns = router.urls
