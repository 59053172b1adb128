from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0034_regression_share'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='tenant',
            options={'ordering': ('name',), 'verbose_name': 'company', 'verbose_name_plural': 'companies'},
        ),
        migrations.AddField(
            model_name='topic',
            name='highest_priority',
            field=models.CharField(blank=True, choices=[('normal', 'normal'), ('high', 'high')], db_default='', default='', help_text='Highest priority of its tickets, sensitive ones aside. Empty: no limit.', max_length=10, verbose_name='highest priority'),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='act',
            field=models.CharField(choices=[('logged in', 'logged in'), ('logged out', 'logged out'), ('saw', 'saw'), ('approved', 'approved'), ('edited', 'edited and approved'), ('added', 'sent an addition'), ('rejected', 'rejected'), ('regenerated', 'regenerated'), ('taken back', 'took an approval back'), ('handed over', 'handed over'), ('took', 'took a draft'), ('gave back', 'gave a draft back'), ('snoozed', 'snoozed a draft'), ('woke', 'brought a snoozed draft back'), ('tried again', 'tried again'), ('marked sent', 'marked as sent'), ('stopped', 'stopped klark'), ('released', 'released what was stopped'), ('climbed', 'let klark go further'), ('fell', 'took klark a step back'), ('judged', 'judged a draft'), ('wrote', 'wrote to the ticket'), ('policy', 'saved a policy'), ('connection', 'changed a connection'), ('secrets', 'changed secrets'), ('topic', 'changed a topic'), ('source', 'changed a source'), ('article', 'changed an article'), ('user', 'changed a user'), ('membership', 'changed a membership'), ('tenant', 'changed a company'), ('exported', "gave out a person's data"), ('training', 'exported drafts to train a model'), ('dismissed', 'dismissed a suggestion'), ('case', 'changed the regression set'), ('erased', "erased a person's data"), ('keys', 'rotated the keys'), ('token', 'changed an API token'), ('webhook', 'changed an outgoing webhook'), ('asked', 'asked klark a question')], max_length=20, verbose_name='what'),
        ),
        migrations.AlterField(
            model_name='topic',
            name='priority',
            field=models.CharField(blank=True, choices=[('normal', 'normal'), ('high', 'high'), ('urgent', 'urgent')], db_default='', default='', help_text='Lowest priority of its tickets. Empty: no limit.', max_length=10, verbose_name='lowest priority'),
        ),
    ]
