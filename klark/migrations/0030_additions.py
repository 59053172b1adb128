from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0029_brands'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditentry',
            name='act',
            field=models.CharField(choices=[('logged in', 'logged in'), ('logged out', 'logged out'), ('saw', 'saw'), ('approved', 'approved'), ('edited', 'edited and approved'), ('added', 'sent an addition'), ('rejected', 'rejected'), ('regenerated', 'regenerated'), ('taken back', 'took an approval back'), ('handed over', 'handed over'), ('took', 'took a draft'), ('gave back', 'gave a draft back'), ('snoozed', 'snoozed a draft'), ('woke', 'brought a snoozed draft back'), ('tried again', 'tried again'), ('marked sent', 'marked as sent'), ('stopped', 'stopped klark'), ('released', 'released what was stopped'), ('climbed', 'let klark go further'), ('fell', 'took klark a step back'), ('judged', 'judged a draft'), ('wrote', 'wrote to the ticket'), ('policy', 'saved a policy'), ('connection', 'changed a connection'), ('secrets', 'changed secrets'), ('topic', 'changed a topic'), ('source', 'changed a source'), ('article', 'changed an article'), ('user', 'changed a user'), ('membership', 'changed a membership'), ('tenant', 'changed a tenant'), ('exported', "gave out a person's data"), ('training', 'exported drafts to train a model'), ('dismissed', 'dismissed a suggestion'), ('case', 'changed the regression set'), ('erased', "erased a person's data"), ('keys', 'rotated the keys'), ('token', 'changed an API token'), ('webhook', 'changed an outgoing webhook'), ('asked', 'asked klark a question')], max_length=20, verbose_name='what'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='adds',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AlterField(
            model_name='outcome',
            name='kind',
            field=models.CharField(choices=[('approved', 'approved'), ('edited', 'edited and approved'), ('added', 'sent an addition'), ('rejected', 'rejected'), ('regenerated', 'regenerated'), ('escalated', 'handed over'), ('overtaken', 'a person was faster'), ('replaced', 'the customer wrote again'), ('other_readers', 'others would have read it: drafted anew'), ('gone', 'the ticket is gone'), ('source_changed', 'its article changed: drafted anew')], max_length=20, verbose_name='outcome'),
        ),
    ]
