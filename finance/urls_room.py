"""Addresses of the investor room, and of the desk that fills it."""

from django.urls import URLPattern, path

from finance import views_room, views_title_room

_TITLE = "productions/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("investments/", views_room.investments, name="investments"),
    path("investments/pdf/", views_room.investments_pdf, name="investments_pdf"),
    path("investments/<int:pk>/", views_room.investment, name="investment"),
    path("investments/files/<int:pk>/", views_room.room_document_file, name="room_document_file"),
    path("investments/files/<int:pk>/check/", views_room.room_document_check, name="room_document_check"),
    path(f"{_TITLE}room/", views_title_room.title_room, name="title_room"),
    path(f"{_TITLE}room/parties/<int:party_pk>/", views_title_room.preview_room, name="preview_room"),
    path(f"{_TITLE}room/parties/<int:party_pk>/rights/", views_title_room.set_room_right, name="set_room_right"),
    path(f"{_TITLE}room/files/<int:version_pk>/", views_title_room.title_room_file, name="title_room_file"),
    path(
        f"{_TITLE}room/documents/<int:document_pk>/replace/",
        views_title_room.replace_room_document,
        name="replace_room_document",
    ),
    path(
        f"{_TITLE}room/documents/<int:document_pk>/readers/",
        views_title_room.show_room_document,
        name="show_room_document",
    ),
    path(
        f"{_TITLE}room/documents/<int:document_pk>/withdraw/",
        views_title_room.withdraw_room_document,
        name="withdraw_room_document",
    ),
]
