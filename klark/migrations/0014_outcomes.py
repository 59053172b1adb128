import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0013_api'),
    ]

    operations = [
        migrations.AddField(
            model_name='outcome',
            name='kept',
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name='Aftermath',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agent_at', models.DateTimeField(null=True)),
                ('agent_kept', models.FloatField(null=True)),
                ('reopened_at', models.DateTimeField(null=True)),
                ('is_over', models.BooleanField(null=True)),
                ('satisfaction', models.CharField(blank=True, max_length=10)),
                ('read_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('draft', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='aftermath', to='klark.draft')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='klark.tenant')),
            ],
            options={
                'verbose_name': 'aftermath',
                'verbose_name_plural': 'aftermaths',
            },
        ),
    ]
