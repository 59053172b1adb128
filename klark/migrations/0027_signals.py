from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0026_same'),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='mood',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=10),
        ),
        # trends compare the moods of the last twelve weeks
        migrations.RunSQL(
            "UPDATE klark_draft SET mood = left(record #>> '{triage,mood}', 10)"
            " WHERE created_at > now() - interval '85 days' AND record #>> '{triage,mood}' IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
