from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0034_regression_share'),
    ]

    operations = [
        migrations.AddField(
            model_name='topic',
            name='most_priority',
            field=models.CharField(blank=True, choices=[('low', 'low'), ('normal', 'normal'), ('high', 'high')], db_default='', default='', help_text='klark takes its tickets for at most so urgent, sensitive ones aside. Empty: no limit.', max_length=10, verbose_name='highest priority'),
        ),
    ]
