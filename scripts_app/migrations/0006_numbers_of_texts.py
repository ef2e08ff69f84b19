"""Texts get the number their scene had: until now a scene kept its number for good. Revisions get their colour."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

TINTS = (
    "white", "blue", "pink", "yellow", "green", "goldenrod", "buff", "salmon", "cherry", "tan", "ivory", "grey",
)


def fill(apps, schema_editor):
    using = schema_editor.connection.alias
    scenes = apps.get_model("scripts_app", "Scene").objects.using(using).filter(pk=OuterRef("scene"))
    apps.get_model("scripts_app", "SceneText").objects.using(using).filter(number="").update(
        number=Subquery(scenes.values("number")[:1]), episode_number=Subquery(scenes.values("episode__number")[:1])
    )
    revisions = apps.get_model("scripts_app", "Revision").objects.using(using)
    for number in revisions.filter(colour_tint="").order_by().values_list("number", flat=True).distinct():
        rounds, at = divmod(number - 1, len(TINTS))
        revisions.filter(number=number).update(colour_tint=TINTS[at], colour_round=rounds + 1)


class Migration(migrations.Migration):
    dependencies = [("scripts_app", "0005_revisions")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
