from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0017_replay'),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='minutes_saved',
            field=models.PositiveSmallIntegerField(default=0, help_text='For the overview. 0: the time saved is not counted.', verbose_name='minutes that a sent draft saves'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['tenant', 'decided_at'], name='decision_by_time'),
        ),
    ]
