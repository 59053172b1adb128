from django.db import migrations, models

VERDICTS = [('same', 'says the same'), ('partly', 'the draft lacks something'), ('contradicts', 'contradicts the draft'), ('beside', 'tells the customer nothing'), ('untold', 'could not be compared')]


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0025_export'),
    ]

    operations = [
        migrations.AddField(
            model_name='aftermath',
            name='agent_verdict',
            field=models.CharField(blank=True, choices=VERDICTS, db_default='', default='', max_length=11),
        ),
        migrations.AddField(
            model_name='aftermath',
            name='compared_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='outcome',
            name='compared_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='outcome',
            name='values_changed',
            field=models.BooleanField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='outcome',
            name='verdict',
            field=models.CharField(blank=True, choices=VERDICTS, db_default='', default='', editable=False, max_length=11),
        ),
    ]
