from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0033_topic_priority'),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='regression_percent',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How much of each budget klark may use to ask the model about past corrections after a change. 0: none.', verbose_name='budget for trying the regression set, in percent'),
        ),
    ]
