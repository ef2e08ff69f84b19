"""The ledger's tables refuse UPDATE and DELETE, whoever asks: code, admin or a database shell."""

from django.db import migrations

from finance.ledger_guard import install_sql, remove_sql


def install(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in install_sql(schema_editor.connection.vendor):
            cursor.execute(statement)


def remove(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in remove_sql(schema_editor.connection.vendor):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("finance", "0001_initial")]

    operations = [migrations.RunPython(install, remove, elidable=False)]
