from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from the rows before: PostgreSQL does not alter a table in the transaction that wrote to what refers to it.

    dependencies = [
        ('scripts_app', '0003_writers'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='script',
            name='writer',
        ),
        migrations.AddField(
            model_name='script',
            name='writers',
            field=models.ManyToManyField(related_name='scripts', through='scripts_app.ScriptWriter', to='studio.person', verbose_name='writers'),
        ),
    ]
