"""Addresses of this room's pages."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from postproduction import master_views, views
from studio.context import add_navigation, add_production_tab

add_navigation("post_desk", gettext_noop("Post"), "scissors", "post.view")
add_production_tab(60, "production_post", gettext_noop("Post"), "post.view")

urlpatterns: list[URLPattern] = [
    path("post/", views.desk, name="post_desk"),
    path("post/export/", views.export_desk, name="post_export"),
    path("post/tasks/<int:pk>/start/", views.start, name="post_start"),
    path("post/tasks/<int:pk>/finish/", views.finish, name="post_finish"),
    path("post/tasks/<int:pk>/reopen/", views.reopen, name="post_reopen"),
    path("post/masters/<int:pk>/", master_views.master_page, name="master"),
    path("post/masters/<int:pk>/file/", master_views.master_file, name="master_file"),
    path("post/masters/<int:pk>/approve/", master_views.approve, name="master_approve"),
    path("productions/<int:pk>/post/", views.production_post, name="production_post"),
    path("productions/<int:pk>/post/export/", views.export_production, name="production_post_export"),
    path("productions/<int:pk>/post/open/", views.open_episodes, name="production_post_open"),
    path("productions/<int:pk>/post/assign/", views.assign, name="production_post_assign"),
    path("productions/<int:pk>/post/masters/", master_views.production_masters, name="production_masters"),
    path("productions/<int:pk>/post/masters/approve/", master_views.approve_all, name="production_masters_approve"),
    path("productions/<int:pk>/post/<int:number>/", views.episode_page, name="post_episode"),
]
