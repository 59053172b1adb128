"""The brand of a drafted article."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0025_export'),
    ]

    operations = [
        migrations.AddField(
            model_name='draftedarticle',
            name='brand',
            field=models.CharField(blank=True, max_length=40, verbose_name='brand'),
        ),
    ]
