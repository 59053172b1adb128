
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0014_outcomes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='act',
            field=models.CharField(choices=[('logged in', 'logged in'), ('logged out', 'logged out'), ('saw', 'saw'), ('approved', 'approved'), ('edited', 'edited and approved'), ('rejected', 'rejected'), ('regenerated', 'regenerated'), ('taken back', 'took an approval back'), ('handed over', 'handed over'), ('tried again', 'tried again'), ('marked sent', 'marked as sent'), ('stopped', 'stopped klark'), ('released', 'released what was stopped'), ('climbed', 'let klark go further'), ('fell', 'took klark a step back'), ('judged', 'judged a draft'), ('wrote', 'wrote to the ticket'), ('policy', 'saved a policy'), ('connection', 'changed a connection'), ('secrets', 'changed secrets'), ('topic', 'changed a topic'), ('source', 'changed a source'), ('article', 'changed an article'), ('user', 'changed a user'), ('membership', 'changed a membership'), ('tenant', 'changed a tenant'), ('exported', "gave out a person's data"), ('erased', "erased a person's data"), ('keys', 'rotated the keys'), ('token', 'changed an API token'), ('webhook', 'changed an outgoing webhook'), ('asked', 'asked klark a question')], max_length=20, verbose_name='what'),
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('content', models.BinaryField()),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('digest', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField(auto_now=True, verbose_name='added')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='klark.source')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='klark.tenant')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ('name',),
                'constraints': [models.UniqueConstraint(fields=('source', 'name'), name='document_name_once')],
            },
        ),
    ]
