import delivery.models
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('delivery', '0001_initial'), ('delivery', '0002_initial')]

    initial = True

    dependencies = [
        ('postproduction', '0001_squashed'),
        ('studio', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Platform',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('code', models.SlugField(verbose_name='code')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('adapter', models.CharField(choices=[('folder', 'Hand-over folder')], default='folder', max_length=20, verbose_name='sent by')),
                ('review_days', models.PositiveSmallIntegerField(default=3, verbose_name='usual review (working days)')),
                ('studio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='platforms', to='studio.studio', verbose_name='studio')),
            ],
            options={
                'verbose_name': 'platform',
                'verbose_name_plural': 'platforms',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('studio', 'code'), name='platform_code_once')],
            },
        ),
        migrations.CreateModel(
            name='Spec',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('from_date', models.DateField(verbose_name='in force from')),
                ('rules', models.JSONField(validators=[delivery.models.validate_rules], verbose_name='rules')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('platform', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='specs', to='delivery.platform', verbose_name='platform')),
            ],
            options={
                'verbose_name': 'spec',
                'verbose_name_plural': 'specs',
                'ordering': ['platform_id', '-from_date'],
                'constraints': [models.UniqueConstraint(fields=('platform', 'from_date'), name='spec_once_per_date')],
            },
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('state', models.CharField(choices=[('draft', 'Being put together'), ('sending', 'Being sent'), ('sent', 'Sent'), ('accepted', 'Accepted'), ('rejected', 'Rejected'), ('live', 'On air'), ('taken_down', 'Taken down')], default='draft', max_length=12, verbose_name='title')),
                ('round', models.PositiveIntegerField(default=0, verbose_name='round')),
                ('synopsis', models.CharField(blank=True, max_length=1000, verbose_name='synopsis')),
                ('tagline', models.CharField(blank=True, max_length=120, verbose_name='tagline')),
                ('findings', models.JSONField(blank=True, default=list, verbose_name='findings on the title')),
                ('due_date', models.DateField(blank=True, null=True, verbose_name='due')),
                ('inspected_at', models.DateTimeField(blank=True, null=True, verbose_name='inspected')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('state_before', models.CharField(blank=True, editable=False, max_length=12)),
                ('send_error', models.CharField(blank=True, max_length=300, verbose_name='why the last send failed')),
                ('live_at', models.DateTimeField(blank=True, null=True, verbose_name='on air since')),
                ('production', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='packages', to='studio.production', verbose_name='production')),
                ('platform', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='delivery.platform', verbose_name='platform')),
                ('spec', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.spec', verbose_name='spec')),
            ],
            options={
                'verbose_name': 'package',
                'verbose_name_plural': 'packages',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('production', 'platform'), name='package_once_per_platform'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'sending', 'sent', 'accepted', 'rejected', 'live', 'taken_down'])), name='package_state_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'sending']), ('sent_at__isnull', False), _connector='OR'), name='package_sent_at_once_sent'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), models.Q(('state_before', ''), _negated=True)), models.Q(models.Q(('state', 'sending'), _negated=True), ('state_before', '')), _connector='OR'), name='package_sending_knows_the_way_back'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'live'), _negated=True), ('live_at__isnull', False), _connector='OR'), name='package_live_has_moment')],
            },
        ),
        migrations.CreateModel(
            name='Deliverable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_index=True, verbose_name='changed')),
                ('state', models.CharField(choices=[('open', 'Open'), ('failed', 'Failed inspection'), ('ready', 'Inspected'), ('sent', 'In review'), ('redeliver', 'Redelivery asked for'), ('accepted', 'Accepted'), ('taken_down', 'Taken down')], default='open', max_length=12, verbose_name='state')),
                ('round', models.PositiveIntegerField(default=0, verbose_name='round')),
                ('findings', models.JSONField(blank=True, default=list, verbose_name='findings')),
                ('override_reason', models.CharField(blank=True, max_length=300, verbose_name='sent all the same because')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name="the platform's reason")),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliverables', to='studio.episode', verbose_name='episode')),
                ('master', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliverables', to='postproduction.master', verbose_name='master')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliverables', to='delivery.package', verbose_name='package')),
            ],
            options={
                'verbose_name': 'deliverable',
                'verbose_name_plural': 'deliverables',
                'ordering': ['package_id', 'episode__number'],
                'indexes': [models.Index(fields=['updated_at', 'id'], name='deliverable_changes')],
                'constraints': [models.UniqueConstraint(fields=('package', 'episode'), name='deliverable_once_per_package'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'failed', 'ready', 'sent', 'redeliver', 'accepted', 'taken_down'])), name='deliverable_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['sent', 'accepted']), _negated=True), models.Q(('master__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='deliverable_sent_has_master'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['ready', 'failed']), _negated=True), ('master__isnull', False), _connector='OR'), name='deliverable_inspected_has_master')],
            },
        ),
        migrations.CreateModel(
            name='Takedown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='takedowns', to='delivery.package', verbose_name='package')),
            ],
            options={
                'verbose_name': 'takedown',
                'verbose_name_plural': 'takedowns',
                'constraints': [models.UniqueConstraint(fields=('package',), name='takedown_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='takedown_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=120, verbose_name="the platform's own name for it")),
                ('code', models.CharField(choices=[('accepted', 'Accepted'), ('refused', 'Refused')], max_length=10, verbose_name='verdict')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('evidence', models.CharField(blank=True, max_length=300, verbose_name='evidence')),
                ('round', models.PositiveIntegerField(verbose_name='round')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('deliverable', models.ForeignKey(blank=True, help_text='Empty: on the title.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='delivery.deliverable', verbose_name='deliverable')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='delivery.package', verbose_name='package')),
            ],
            options={
                'verbose_name': 'verdict',
                'verbose_name_plural': 'verdicts',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('package', 'external_id'), name='verdict_heard_once'), models.CheckConstraint(condition=models.Q(models.Q(('code', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='verdict_refusal_says_why'), models.CheckConstraint(condition=models.Q(('code__in', ['accepted', 'refused'])), name='verdict_code_known'), models.CheckConstraint(condition=models.Q(('external_id', ''), _negated=True), name='verdict_has_name')],
            },
        ),
    ]
