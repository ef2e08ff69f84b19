import django.core.validators
import django.db.models.deletion
import postproduction.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('postproduction', '0001_initial'), ('postproduction', '0002_initial')]

    initial = True

    dependencies = [
        ('studio', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pipeline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('work_kind', models.CharField(choices=[('live', 'Live action'), ('ai', 'AI / manju'), ('digital_human', 'Digital human'), ('localised', 'Localised version')], default='live', max_length=20, verbose_name='kind of work')),
                ('steps', models.JSONField(validators=[postproduction.models.validate_steps], verbose_name='steps')),
                ('minutes_per_day', models.PositiveIntegerField(default=120, help_text='Due dates are counted with it: a department works on several episodes side by side.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='minutes a department gives one episode a day')),
                ('studio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pipelines', to='studio.studio', verbose_name='studio')),
            ],
            options={
                'verbose_name': 'post pipeline',
                'verbose_name_plural': 'post pipelines',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('studio', 'name'), name='pipeline_name_once'), models.CheckConstraint(condition=models.Q(('minutes_per_day__gte', 1)), name='pipeline_has_minutes')],
            },
        ),
        migrations.CreateModel(
            name='Master',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('file', models.FileField(max_length=200, upload_to='masters/%Y/%m', verbose_name='video file')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('sha256', models.CharField(max_length=64, verbose_name='checksum')),
                ('facts', models.JSONField(default=dict, verbose_name='measured')),
                ('state', models.CharField(choices=[('checking', 'Being checked'), ('refused', 'Refused'), ('ready', 'Ready to approve'), ('approved', 'Approved')], default='checking', max_length=10, verbose_name='state')),
                ('refusal_code', models.CharField(blank=True, max_length=40, verbose_name='why refused')),
                ('refusal_params', models.JSONField(blank=True, default=dict, verbose_name='details of the refusal')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='masters', to='studio.episode', verbose_name='episode')),
            ],
            options={
                'verbose_name': 'master',
                'verbose_name_plural': 'masters',
                'ordering': ['episode_id', '-version'],
                'constraints': [models.UniqueConstraint(fields=('episode', 'version'), name='master_version_once'), models.UniqueConstraint(fields=('episode', 'sha256'), name='master_file_once'), models.CheckConstraint(condition=models.Q(('state__in', ['checking', 'refused', 'ready', 'approved'])), name='master_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_at', None)), _connector='OR'), name='master_approved_at_iff_approved'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), models.Q(('refusal_code', ''), _negated=True)), models.Q(models.Q(('state', 'refused'), _negated=True), ('refusal_code', '')), _connector='OR'), name='master_refusal_says_why')],
            },
        ),
        migrations.CreateModel(
            name='EpisodePost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('steps', models.JSONField(default=list, verbose_name='steps')),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('due_date', models.DateField(blank=True, null=True, verbose_name='due')),
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='post', to='studio.episode', verbose_name='episode')),
                ('pipeline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postproduction.pipeline', verbose_name='pipeline')),
            ],
            options={
                'verbose_name': 'episode in post',
                'verbose_name_plural': 'episodes in post',
            },
        ),
        migrations.CreateModel(
            name='PostTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('step', models.CharField(max_length=40, verbose_name='step')),
                ('step_name', models.CharField(max_length=80, verbose_name='name')),
                ('department', models.CharField(blank=True, max_length=40, verbose_name='department')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='place in the order')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('ready', 'Ready'), ('working', 'In work'), ('done', 'Done')], default='waiting', max_length=10, verbose_name='state')),
                ('due_date', models.DateField(blank=True, null=True, verbose_name='due')),
                ('minutes_planned', models.PositiveIntegerField(default=60, verbose_name='minutes planned')),
                ('minutes_worked', models.PositiveIntegerField(default=0, verbose_name='minutes worked')),
                ('round', models.PositiveIntegerField(default=1, verbose_name='round')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='post_tasks', to='studio.person', verbose_name='assigned to')),
                ('episode_post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='postproduction.episodepost', verbose_name='episode in post')),
            ],
            options={
                'verbose_name': 'post task',
                'verbose_name_plural': 'post tasks',
                'ordering': ['episode_post_id', 'position'],
                'indexes': [models.Index(fields=['state', 'due_date'], name='post_task_due')],
                'constraints': [models.UniqueConstraint(fields=('episode_post', 'step'), name='post_task_once_per_episode'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'ready', 'working', 'done'])), name='post_task_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('finished_at', None)), _connector='OR'), name='post_task_finished_at_iff_done'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'working'), _negated=True), ('started_at__isnull', False), _connector='OR'), name='post_task_working_has_start')],
            },
        ),
    ]
