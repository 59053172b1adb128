from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0027_signals'),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='compare_percent',
            field=models.PositiveSmallIntegerField(default=10, help_text='How much of each budget the judge may use to say whether edits and answers say the same. 0: none.', verbose_name='budget for comparing what people wrote, in percent'),
        ),
    ]
