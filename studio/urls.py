"""All addresses. Each room brings its pages and its part of the API."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from studio import member_views, views
from studio.api import views as api_views

ROOMS = ["scripts_app", "compliance", "scheduling", "shooting", "postproduction", "delivery", "finance", "dashboard"]

urlpatterns: list[URLPattern | URLResolver] = [
    # First, because programs ask most and each pattern before costs them time.
    path("api/v1/", api_views.Root.as_view(), name="api_root"),
    path("api/v1/", include(("studio.api.urls", "api"))),
    path("api/v1/schema/", api_views.Schema.as_view(), name="api_schema"),
    path("api/v1/docs/", api_views.Docs.as_view(), name="api_docs"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("language/", views.set_language, name="set_language"),
    path("studio/", views.choose_studio, name="choose_studio"),
    path("members/", member_views.members, name="members"),
    path("members/<int:pk>/role/", member_views.change_member, name="change_member"),
    path("members/<int:pk>/remove/", member_views.remove_member, name="remove_member"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_notices, name="read_notices"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("jobs/", views.jobs_page, name="jobs"),
    path("jobs/<int:pk>/", views.job_page, name="job"),
    path("jobs/<int:pk>/cancel/", views.cancel_job, name="cancel_job"),
    path("jobs/<int:pk>/rerun/", views.rerun_job, name="rerun_job"),
]
for room in ROOMS:
    urlpatterns.append(path("", include(f"{room}.urls")))
if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns += staticfiles_urlpatterns()
handler404 = "studio.views.not_found"
