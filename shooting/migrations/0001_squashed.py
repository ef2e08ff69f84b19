import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('shooting', '0001_initial'), ('shooting', '0002_initial'), ('shooting', '0003_meals_and_extras')]

    initial = True

    dependencies = [
        ('scheduling', '0001_squashed'),
        ('scripts_app', '0001_squashed'),
        ('studio', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('approved', 'Approved')], default='draft', max_length=10, verbose_name='state')),
                ('version', models.BigIntegerField(default=1, editable=False)),
                ('call_minute', models.PositiveIntegerField(blank=True, null=True, verbose_name='call')),
                ('first_shot_minute', models.PositiveIntegerField(blank=True, null=True, verbose_name='first shot')),
                ('meal_minute', models.PositiveIntegerField(blank=True, null=True, verbose_name='meal')),
                ('meal_end_minute', models.PositiveIntegerField(blank=True, null=True, verbose_name='end of the meal')),
                ('second_meal_minute', models.PositiveIntegerField(blank=True, null=True, verbose_name='second meal')),
                ('second_meal_end_minute', models.PositiveIntegerField(blank=True, null=True, verbose_name='end of the second meal')),
                ('wrap_minute', models.PositiveIntegerField(blank=True, null=True, verbose_name='wrap')),
                ('weather', models.CharField(blank=True, choices=[('clear', 'Clear'), ('cloudy', 'Cloudy'), ('rain', 'Rain'), ('snow', 'Snow'), ('wind', 'Strong wind'), ('fog', 'Fog / haze')], max_length=10, verbose_name='weather')),
                ('notes', models.TextField(blank=True, verbose_name='notes')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='submitted')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('shoot_day', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='report', to='scheduling.shootday', verbose_name='shoot day')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by')),
            ],
            options={
                'verbose_name': 'daily report',
                'verbose_name_plural': 'daily reports',
                'ordering': ['-shoot_day__date'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'approved'])), name='daily_report_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_at', None)), _connector='OR'), name='daily_report_approved_at_iff_approved'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('call_minute__isnull', False), ('wrap_minute__isnull', False)), _connector='OR'), name='daily_report_submitted_has_times'), models.CheckConstraint(condition=models.Q(('call_minute', None), ('wrap_minute', None), ('wrap_minute__gt', models.F('call_minute')), _connector='OR'), name='daily_report_wraps_after_call'), models.CheckConstraint(condition=models.Q(('meal_end_minute', None), models.Q(('meal_end_minute__gt', models.F('meal_minute')), ('meal_minute__isnull', False)), _connector='OR'), name='daily_report_meal_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('second_meal_minute', None), models.Q(('meal_end_minute__isnull', False), ('second_meal_minute__gte', models.F('meal_end_minute'))), _connector='OR'), name='daily_report_second_meal_after_first'), models.CheckConstraint(condition=models.Q(('second_meal_end_minute', None), models.Q(('second_meal_end_minute__gt', models.F('second_meal_minute')), ('second_meal_minute__isnull', False)), _connector='OR'), name='daily_report_second_meal_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='ExtrasCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='place in the order')),
                ('kind', models.CharField(choices=[('extra', 'Extra'), ('featured', 'Featured extra'), ('stunt', 'Stunt')], max_length=8, verbose_name='kind')),
                ('heads', models.PositiveIntegerField(verbose_name='heads')),
                ('call_minute', models.PositiveIntegerField(verbose_name='call')),
                ('wrap_minute', models.PositiveIntegerField(verbose_name='wrap')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='note')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extras', to='shooting.dailyreport', verbose_name='daily report')),
            ],
            options={
                'verbose_name': 'extras on a report',
                'verbose_name_plural': 'extras on reports',
                'ordering': ['report_id', 'position'],
                'constraints': [models.UniqueConstraint(fields=('report', 'position'), name='extras_count_one_row_per_place'), models.CheckConstraint(condition=models.Q(('kind__in', ['extra', 'featured', 'stunt'])), name='extras_count_kind_known'), models.CheckConstraint(condition=models.Q(('heads__gt', 0)), name='extras_count_has_heads'), models.CheckConstraint(condition=models.Q(('wrap_minute__gt', models.F('call_minute'))), name='extras_count_wraps_after_call')],
            },
        ),
        migrations.CreateModel(
            name='SceneReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='place in the order')),
                ('result', models.CharField(choices=[('shot', 'Shot'), ('part', 'Part shot'), ('owed', 'Owed')], max_length=6, verbose_name='result')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('setups', models.PositiveIntegerField(blank=True, null=True, verbose_name='setups')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scenes', to='shooting.dailyreport', verbose_name='daily report')),
                ('scene', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='scripts_app.scene', verbose_name='scene')),
            ],
            options={
                'verbose_name': 'scene on a report',
                'verbose_name_plural': 'scenes on reports',
                'ordering': ['report_id', 'position'],
                'constraints': [models.UniqueConstraint(fields=('report', 'scene'), name='scene_report_once_per_day'), models.CheckConstraint(condition=models.Q(('result__in', ['shot', 'part', 'owed'])), name='scene_report_result_known')],
            },
        ),
        migrations.CreateModel(
            name='TimeSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call_minute', models.PositiveIntegerField(verbose_name='call')),
                ('wrap_minute', models.PositiveIntegerField(verbose_name='wrap')),
                ('typed', models.BooleanField(default=False, editable=False, verbose_name='typed')),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='time_sheets', to='studio.engagement', verbose_name='person')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='time_sheets', to='shooting.dailyreport', verbose_name='daily report')),
            ],
            options={
                'verbose_name': 'time sheet',
                'verbose_name_plural': 'time sheets',
                'ordering': ['report_id', 'id'],
                'constraints': [models.UniqueConstraint(fields=('report', 'engagement'), name='time_sheet_once_per_day'), models.CheckConstraint(condition=models.Q(('wrap_minute__gt', models.F('call_minute'))), name='time_sheet_wraps_after_call')],
            },
        ),
    ]
