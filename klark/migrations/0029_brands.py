from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0028_comparing'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='brands',
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
    ]
