"""A wish to lift a freeze keeps what became of it; a gate keeps what had left before it closed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_grant_delete_and_budget"),
        ("publishing", "0005_look_ups_and_resends"),
    ]

    operations = [
        migrations.RenameField(model_name="thaw", old_name="confirmed_by", new_name="closed_by"),
        migrations.AddField(
            model_name="gate", name="left", field=models.JSONField(blank=True, default=list)
        ),
        migrations.AddField(
            model_name="thaw", name="note", field=models.CharField(blank=True, max_length=300)
        ),
        migrations.AddField(
            model_name="thaw",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("confirmed", "Lifted"),
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                    ("overtaken", "Frozen again"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="thaw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("outcome", "")),
                    models.Q(
                        ("closed_at__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="thaw_closed_has_outcome",
            ),
        ),
    ]
