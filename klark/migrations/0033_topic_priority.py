from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0032_urgency'),
    ]

    operations = [
        migrations.AddField(
            model_name='correction',
            name='by_reviewer',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='topic',
            name='priority',
            field=models.CharField(blank=True, choices=[('normal', 'normal'), ('high', 'high'), ('urgent', 'urgent')], db_default='', default='', help_text='Tickets about it count as at least so urgent, in the queue and in notes. Empty: each as it is.', max_length=10, verbose_name='priority'),
        ),
    ]
