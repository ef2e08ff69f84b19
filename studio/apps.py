"""The ground floor as a Django app, and the admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StudioConfig(AppConfig):
    name = "studio"
    verbose_name = pgettext_lazy("room", "Studio")  # type: ignore[assignment]

    def ready(self) -> None:
        from django.core.signals import request_started
        from django.db.backends.signals import connection_created
        from django.db.models.signals import post_migrate, pre_migrate

        from studio import guards, member_jobs  # noqa: F401 - registers the mail to a new member
        from studio.databases import trust_recent_connections, tune_connection

        connection_created.connect(tune_connection, dispatch_uid="kaiji.tune")
        # This room is the first of the house: before all migrations, and after all of them.
        pre_migrate.connect(guards.remove, sender=self, dispatch_uid="kaiji.guards.down")
        post_migrate.connect(guards.install, sender=self, dispatch_uid="kaiji.guards.up")
        request_started.connect(trust_recent_connections, dispatch_uid="kaiji.trust")


class KaijiAdminConfig(AdminConfig):
    default_site = "studio.admin_site.KaijiAdminSite"
    verbose_name = _("Admin")  # type: ignore[assignment]
