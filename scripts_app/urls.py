"""Addresses of this room's pages."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_noop

from scripts_app import (
    board_views,
    breakdown_views,
    export_views,
    reader_views,
    reading_views,
    review_views,
    revision_views,
    rights_views,
    scene_views,
    script_paper_views,
    sharing_views,
    views,
    writer_views,
)
from studio.context import add_navigation, add_production_tab

_TITLE = "productions/<int:pk>/script/"

urlpatterns: list[URLPattern] = [
    path("scripts/", board_views.board, name="scripts"),
    path("scripts/list/", views.scripts, name="script_list"),
    path("scripts/criteria/", board_views.review_criteria, name="review_criteria"),
    path("scripts/rights/", rights_views.source_works, name="source_works"),
    path("scripts/rights/new/", rights_views.source_work_new, name="source_work_new"),
    path("scripts/rights/<int:pk>/", rights_views.source_work, name="source_work"),
    path("scripts/rights/<int:pk>/file/", rights_views.source_work_file, name="source_work_file"),
    path(_TITLE, views.script, name="script"),
    path(f"{_TITLE}links/", sharing_views.script_links, name="script_links"),
    path(f"{_TITLE}links/<int:link_pk>/revoke/", sharing_views.revoke_script_link, name="revoke_script_link"),
    path("read/<str:secret>/", reader_views.read_script, name="read_script"),
    path("read/<str:secret>/pdf/", reader_views.read_script_pdf, name="read_script_pdf"),
    path(f"{_TITLE}writers/", writer_views.writers, name="script_writers"),
    path("my/scripts/<int:pk>/", writer_views.my_script, name="my_script"),
    path("my/scripts/<int:pk>/notes/<int:note_pk>/", writer_views.my_note, name="my_note"),
    path("my/scripts/<int:pk>/revisions/<int:number>/pdf/", script_paper_views.my_script_pdf, name="my_script_pdf"),
    path(f"{_TITLE}revisions/<int:number>/pdf/", script_paper_views.revision_pdf, name="revision_pdf"),
    path(f"{_TITLE}characters/<int:character_pk>/sides/", script_paper_views.role_sides, name="role_sides"),
    path(f"{_TITLE}characters/", views.characters, name="characters"),
    path("scripts/colours/", revision_views.revision_colours, name="revision_colours"),
    path(f"{_TITLE}revisions/<int:number>/changes/", revision_views.revision_changes, name="revision_changes"),
    path(f"{_TITLE}stale/<int:item_pk>/settle/", revision_views.settle_stale, name="settle_stale"),
    path(f"{_TITLE}revisions/<int:number>/file/", views.revision_file, name="revision_file"),
    path(f"{_TITLE}revisions/<int:number>/export/", export_views.export_revision, name="export_revision"),
    path(f"{_TITLE}revisions/<int:number>/lock/", views.lock_revision, name="lock_revision"),
    path(f"{_TITLE}revisions/<int:number>/review/", views.review_revision, name="review_revision"),
    path(f"{_TITLE}revisions/<int:number>/rounds/", review_views.open_round, name="open_round"),
    path(f"{_TITLE}reviews/", review_views.reviews, name="reviews"),
    path(f"{_TITLE}plan/", review_views.plan_script, name="plan_script"),
    path(f"{_TITLE}greenlight/", review_views.give_greenlight, name="give_greenlight"),
    path(f"{_TITLE}rounds/<int:round_pk>/", review_views.review_round, name="review_round"),
    path(f"{_TITLE}rounds/<int:round_pk>/episodes/<int:number>/", review_views.review_episode, name="review_episode"),
    path(f"{_TITLE}rounds/<int:round_pk>/points/", review_views.give_points, name="give_points"),
    path(f"{_TITLE}rounds/<int:round_pk>/notes/", review_views.add_note, name="add_note"),
    path(f"{_TITLE}rounds/<int:round_pk>/close/", review_views.close_round, name="close_round"),
    path(f"{_TITLE}rounds/<int:round_pk>/withdraw/", review_views.withdraw_round, name="withdraw_round"),
    path(f"{_TITLE}notes/<int:note_pk>/", review_views.review_note, name="review_note"),
    path(f"{_TITLE}readings/<int:reading_pk>/", reading_views.reading, name="reading"),
    path(f"{_TITLE}readings/<int:reading_pk>/lines/<int:line>/", reading_views.reading_line, name="reading_line"),
    path(f"{_TITLE}readings/<int:reading_pk>/import/", reading_views.import_reading, name="import_reading"),
    path(f"{_TITLE}readings/<int:reading_pk>/drop/", reading_views.discard_reading, name="discard_reading"),
    path(f"{_TITLE}scenes/", scene_views.scenes, name="scenes"),
    path(f"{_TITLE}scenes/xlsx/", scene_views.scenes_xlsx, name="scenes_xlsx"),
    path(f"{_TITLE}scenes/pdf/", scene_views.scenes_pdf, name="scenes_pdf"),
    path(f"{_TITLE}scenes/<int:scene_pk>/", scene_views.scene_row, name="scene_row"),
    path(f"{_TITLE}breakdown/", breakdown_views.breakdown, name="breakdown"),
    path(f"{_TITLE}breakdown/approve/", breakdown_views.approve, name="approve_breakdown"),
    path(f"{_TITLE}breakdown/elements/<int:element_pk>/", breakdown_views.tag, name="tag_element"),
]

add_navigation("scripts", gettext_noop("Scripts"), "scroll-text", "script.view")
add_production_tab(10, "script", gettext_noop("Script"), "script.view")
