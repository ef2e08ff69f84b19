"""Rows that were there before rounds were opened, episodes counted and criteria asked for."""

from django.db import migrations
from django.db.models import F

CRITERIA = {"hook": 3, "pace": 2, "twist": 2, "cost": 1}


def fill(apps, schema_editor):
    rounds = apps.get_model("scripts_app", "ReviewRound")
    rounds.objects.filter(reviewed_at__isnull=False).update(opened_at=F("reviewed_at"), opened_by=F("reviewed_by"))
    revisions = apps.get_model("scripts_app", "Revision")
    counted = []
    for row in revisions.objects.only("pk", "episodes").iterator(chunk_size=100):
        row.episodes_count = len(row.episodes)
        counted.append(row)
        if len(counted) == 100:
            revisions.objects.bulk_update(counted, ["episodes_count"])
            counted = []
    revisions.objects.bulk_update(counted, ["episodes_count"])
    criteria = apps.get_model("scripts_app", "Criterion")
    for studio in apps.get_model("studio", "Studio").objects.all():
        criteria.objects.bulk_create(
            [
                criteria(studio=studio, code=code, weight=weight, position=position)
                for position, (code, weight) in enumerate(CRITERIA.items())
            ],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("scripts_app", "0009_review")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
