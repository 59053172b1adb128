from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('klark', '0030_additions'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='urgency',
            field=models.SmallIntegerField(db_default=2, default=2, editable=False),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['tenant', 'urgency', 'customer_wrote_at', 'draft'], include=('snoozed_until',), name='delivery_by_urgency'),
        ),
        # what may wait again is listed by its ticket's urgency, as klark.values.triage tells it
        migrations.RunSQL(
            "UPDATE klark_delivery AS row SET urgency = CASE draft.record #>> '{triage,priority}' WHEN 'urgent' THEN 0 ELSE 1 END"
            " FROM klark_draft AS draft WHERE draft.id = row.draft_id AND row.state IN ('waiting', 'due', 'parked')"
            " AND (draft.record #>> '{triage,priority}' IN ('urgent', 'high') OR draft.mood = 'angry')",
            migrations.RunSQL.noop,
        ),
    ]
