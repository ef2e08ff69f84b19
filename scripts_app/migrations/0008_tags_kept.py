"""Tags carried into their own rows; apart from the schema's changes, which PostgreSQL refuses after rows of one transaction."""

from django.db import migrations, models


def keep_tags(apps, schema_editor):
    """Every pair becomes a tag; one of a suggested thing was named by the script."""
    Element, Tag = apps.get_model("scripts_app", "Element"), apps.get_model("scripts_app", "Tag")
    pairs = Element.scenes.through.objects.values_list("element_id", "scene_id", "element__suggested")
    batch = []
    for element, scene, suggested in pairs.iterator(chunk_size=2000):
        batch.append(Tag(element_id=element, scene_id=scene, origin="script" if suggested else "hand"))
        if len(batch) >= 500:
            Tag.objects.bulk_create(batch)
            batch.clear()
    Tag.objects.bulk_create(batch)


def bring_tags_back(apps, schema_editor):
    Element, Tag = apps.get_model("scripts_app", "Element"), apps.get_model("scripts_app", "Tag")
    through = Element.scenes.through
    pairs = Tag.objects.values_list("element_id", "scene_id")
    through.objects.bulk_create([through(element_id=element, scene_id=scene) for element, scene in pairs], batch_size=500)


def fill_dictionary(apps, schema_editor):
    """What people confirmed in earlier titles is what the studio knows; a minor comes with a guardian."""
    DictionaryWord, Element = apps.get_model("scripts_app", "DictionaryWord"), apps.get_model("scripts_app", "Element")
    LinkRule, Studio = apps.get_model("scripts_app", "LinkRule"), apps.get_model("studio", "Studio")
    known = Element.objects.filter(suggested=False).values_list("production__studio_id", "category", "name").distinct()
    DictionaryWord.objects.bulk_create(
        [
            DictionaryWord(studio_id=studio, category=category, word=name, name=name)
            for studio, category, name in known
        ],
        batch_size=500,
    )  # fmt: skip
    LinkRule.objects.bulk_create(
        [
            LinkRule(
                studio_id=studio, when="category", when_category="minors", then_category="minors", then_name="监护人",
                code="guardian",
            )
            for studio in Studio.objects.values_list("pk", flat=True)
        ],
        batch_size=500,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("scripts_app", "0007_tags_and_dictionary"),
    ]

    operations = [
        # Django cannot turn a plain many-to-many into one through a model: the pairs are carried over by hand.
        migrations.RunPython(keep_tags, bring_tags_back),
        migrations.RemoveField(model_name='element', name='scenes'),
        migrations.AddField(
            model_name='element',
            name='scenes',
            field=models.ManyToManyField(blank=True, related_name='needs', through='scripts_app.Tag', to='scripts_app.scene', verbose_name='scenes'),
        ),
        migrations.RunPython(fill_dictionary, migrations.RunPython.noop, elidable=True),
    ]
