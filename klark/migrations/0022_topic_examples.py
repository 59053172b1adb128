from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0021_triage_dial'),
    ]

    operations = [
        migrations.AddField(
            model_name='topic',
            name='examples',
            field=models.JSONField(blank=True, default=list, help_text='What customers wrote about it, as a list; personal data masked.', verbose_name='examples'),
        ),
    ]
