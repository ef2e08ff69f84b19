import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scripts_app', '0006_numbers_of_texts'),
        ('studio', '0002_writers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BreakdownStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('params', models.JSONField(default=dict, verbose_name='what it was about')),
                ('changes', models.JSONField(default=list, verbose_name='changes')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
            ],
            options={
                'verbose_name': 'step of the breakdown',
                'verbose_name_plural': 'steps of the breakdown',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DictionaryWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('category', models.CharField(choices=[('extras', 'Extras'), ('props', 'Props'), ('wardrobe', 'Wardrobe'), ('makeup', 'Make-up'), ('vehicles', 'Vehicles'), ('animals', 'Animals'), ('stunts', 'Stunts'), ('effects', 'Effects'), ('sound', 'Sound'), ('set_dressing', 'Set dressing'), ('minors', 'Minors')], max_length=20, verbose_name='category')),
                ('word', models.CharField(max_length=80, verbose_name='word')),
                ('name', models.CharField(max_length=80, verbose_name='name of the thing')),
                ('active', models.BooleanField(default=True, verbose_name='suggest it')),
            ],
            options={
                'verbose_name': 'word of the dictionary',
                'verbose_name_plural': 'dictionary',
                'ordering': ['category', 'word'],
            },
        ),
        migrations.CreateModel(
            name='LinkRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('when', models.CharField(choices=[('role', 'Role'), ('element', 'Thing'), ('category', 'Any of a kind'), ('set', 'Set')], max_length=8, verbose_name='when there is')),
                ('when_category', models.CharField(blank=True, choices=[('extras', 'Extras'), ('props', 'Props'), ('wardrobe', 'Wardrobe'), ('makeup', 'Make-up'), ('vehicles', 'Vehicles'), ('animals', 'Animals'), ('stunts', 'Stunts'), ('effects', 'Effects'), ('sound', 'Sound'), ('set_dressing', 'Set dressing'), ('minors', 'Minors')], max_length=20, verbose_name='kind of that thing')),
                ('when_name', models.CharField(blank=True, max_length=120, verbose_name='its name')),
                ('then_category', models.CharField(choices=[('extras', 'Extras'), ('props', 'Props'), ('wardrobe', 'Wardrobe'), ('makeup', 'Make-up'), ('vehicles', 'Vehicles'), ('animals', 'Animals'), ('stunts', 'Stunts'), ('effects', 'Effects'), ('sound', 'Sound'), ('set_dressing', 'Set dressing'), ('minors', 'Minors')], max_length=20, verbose_name='kind of thing to add')),
                ('then_name', models.CharField(max_length=80, verbose_name='thing to add')),
                ('code', models.CharField(blank=True, editable=False, max_length=20, verbose_name='code')),
                ('active', models.BooleanField(default=True, verbose_name='in use')),
            ],
            options={
                'verbose_name': 'linked rule',
                'verbose_name_plural': 'linked rules',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=24, verbose_name='checksum')),
                ('nth', models.PositiveIntegerField(default=0, verbose_name='which of the lines alike')),
                ('start', models.PositiveIntegerField(verbose_name='from character')),
                ('length', models.PositiveIntegerField(verbose_name='length')),
                ('words', models.CharField(max_length=80, verbose_name='words')),
            ],
            options={
                'verbose_name': 'mark',
                'verbose_name_plural': 'marks',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('category', models.CharField(choices=[('extras', 'Extras'), ('props', 'Props'), ('wardrobe', 'Wardrobe'), ('makeup', 'Make-up'), ('vehicles', 'Vehicles'), ('animals', 'Animals'), ('stunts', 'Stunts'), ('effects', 'Effects'), ('sound', 'Sound'), ('set_dressing', 'Set dressing'), ('minors', 'Minors')], max_length=20, verbose_name='category')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
            ],
            options={
                'verbose_name': 'refusal',
                'verbose_name_plural': 'refusals',
                'ordering': ['category', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('origin', models.CharField(choices=[('hand', 'By hand'), ('script', 'Named by the script'), ('linked', 'Linked')], default='hand', max_length=8, verbose_name='who says so')),
                ('because', models.CharField(blank=True, max_length=160, verbose_name='because of')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='element',
            name='element_category_known',
        ),
        migrations.AddField(
            model_name='element',
            name='linked',
            field=models.BooleanField(default=False, help_text='Stands on the breakdown for a linked rule alone, and goes with it.', verbose_name='linked'),
        ),
        migrations.AlterField(
            model_name='element',
            name='category',
            field=models.CharField(choices=[('extras', 'Extras'), ('props', 'Props'), ('wardrobe', 'Wardrobe'), ('makeup', 'Make-up'), ('vehicles', 'Vehicles'), ('animals', 'Animals'), ('stunts', 'Stunts'), ('effects', 'Effects'), ('sound', 'Sound'), ('set_dressing', 'Set dressing'), ('minors', 'Minors')], max_length=20, verbose_name='category'),
        ),
        migrations.AddField(
            model_name='breakdownstep',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by'),
        ),
        migrations.AddField(
            model_name='breakdownstep',
            name='production',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='breakdown_steps', to='studio.production', verbose_name='production'),
        ),
        migrations.AddField(
            model_name='breakdownstep',
            name='studio',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='breakdown_steps', to='studio.studio', verbose_name='studio'),
        ),
        migrations.AddField(
            model_name='breakdownstep',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by'),
        ),
        migrations.AddField(
            model_name='dictionaryword',
            name='added_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by'),
        ),
        migrations.AddField(
            model_name='dictionaryword',
            name='studio',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dictionary', to='studio.studio', verbose_name='studio'),
        ),
        migrations.AddField(
            model_name='linkrule',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by'),
        ),
        migrations.AddField(
            model_name='linkrule',
            name='production',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='link_rules', to='studio.production', verbose_name='production'),
        ),
        migrations.AddField(
            model_name='linkrule',
            name='studio',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='link_rules', to='studio.studio', verbose_name='studio'),
        ),
        migrations.AddField(
            model_name='refusal',
            name='production',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='studio.production', verbose_name='production'),
        ),
        migrations.AddField(
            model_name='refusal',
            name='refused_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='refused by'),
        ),
        migrations.AddField(
            model_name='refusal',
            name='scene',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='scripts_app.scene', verbose_name='scene'),
        ),
        migrations.AddField(
            model_name='tag',
            name='element',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='scripts_app.element', verbose_name='thing'),
        ),
        migrations.AddField(
            model_name='tag',
            name='rule',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='scripts_app.linkrule', verbose_name='rule'),
        ),
        migrations.AddField(
            model_name='tag',
            name='scene',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='scripts_app.scene', verbose_name='scene'),
        ),
        migrations.AddField(
            model_name='tag',
            name='tagged_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='tagged by'),
        ),
        migrations.AddField(
            model_name='mark',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='scripts_app.tag', verbose_name='tag'),
        ),
        migrations.AddConstraint(
            model_name='element',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['extras', 'props', 'wardrobe', 'makeup', 'vehicles', 'animals', 'stunts', 'effects', 'sound', 'set_dressing', 'minors'])), name='element_category_known'),
        ),
        migrations.AddIndex(
            model_name='breakdownstep',
            index=models.Index(fields=['production', 'undone_at'], name='step_to_undo'),
        ),
        migrations.AddConstraint(
            model_name='breakdownstep',
            constraint=models.CheckConstraint(condition=models.Q(('undone_at__isnull', False), ('undone_by', None), _connector='OR'), name='step_undone_by_with_when'),
        ),
        migrations.AddConstraint(
            model_name='dictionaryword',
            constraint=models.UniqueConstraint(fields=('studio', 'category', 'word'), name='dictionaryword_once'),
        ),
        migrations.AddConstraint(
            model_name='dictionaryword',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['extras', 'props', 'wardrobe', 'makeup', 'vehicles', 'animals', 'stunts', 'effects', 'sound', 'set_dressing', 'minors'])), name='dictionaryword_category_known'),
        ),
        migrations.AddConstraint(
            model_name='dictionaryword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('word', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='dictionaryword_says_something'),
        ),
        migrations.AddConstraint(
            model_name='linkrule',
            constraint=models.UniqueConstraint(condition=models.Q(('production', None)), fields=('studio', 'when', 'when_category', 'when_name', 'then_category', 'then_name'), name='linkrule_once_per_studio'),
        ),
        migrations.AddConstraint(
            model_name='linkrule',
            constraint=models.UniqueConstraint(condition=models.Q(('production__isnull', False)), fields=('production', 'when', 'when_category', 'when_name', 'then_category', 'then_name'), name='linkrule_once_per_title'),
        ),
        migrations.AddConstraint(
            model_name='linkrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('when__in', ['role', 'set']), ('when_category', ''), models.Q(('when_name', ''), _negated=True)), models.Q(('when', 'category'), ('when_category__in', ['extras', 'props', 'wardrobe', 'makeup', 'vehicles', 'animals', 'stunts', 'effects', 'sound', 'set_dressing', 'minors']), ('when_name', '')), models.Q(('when', 'element'), ('when_category__in', ['extras', 'props', 'wardrobe', 'makeup', 'vehicles', 'animals', 'stunts', 'effects', 'sound', 'set_dressing', 'minors']), models.Q(('when_name', ''), _negated=True)), _connector='OR'), name='linkrule_says_when'),
        ),
        migrations.AddConstraint(
            model_name='linkrule',
            constraint=models.CheckConstraint(condition=models.Q(('then_category__in', ['extras', 'props', 'wardrobe', 'makeup', 'vehicles', 'animals', 'stunts', 'effects', 'sound', 'set_dressing', 'minors']), models.Q(('then_name', ''), _negated=True)), name='linkrule_says_what'),
        ),
        migrations.AddConstraint(
            model_name='refusal',
            constraint=models.UniqueConstraint(condition=models.Q(('scene', None)), fields=('production', 'category', 'name'), name='refusal_once_per_title'),
        ),
        migrations.AddConstraint(
            model_name='refusal',
            constraint=models.UniqueConstraint(condition=models.Q(('scene__isnull', False)), fields=('scene', 'category', 'name'), name='refusal_once_per_scene'),
        ),
        migrations.AddConstraint(
            model_name='refusal',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['extras', 'props', 'wardrobe', 'makeup', 'vehicles', 'animals', 'stunts', 'effects', 'sound', 'set_dressing', 'minors'])), name='refusal_category_known'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(fields=('element', 'scene'), name='tag_once_per_scene'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['hand', 'script', 'linked'])), name='tag_origin_known'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', 'linked'), models.Q(('because', ''), _negated=True)), models.Q(('because', ''), ('rule', None)), _connector='OR'), name='tag_linked_says_why'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.UniqueConstraint(fields=('tag', 'digest', 'nth', 'start'), name='mark_once_per_place'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('length__gte', 1)), name='mark_has_words'),
        ),
    ]
