from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Now


def nothing_late(apps, schema_editor):
    """What began or ended before this is told by nobody now: it would be old news."""
    rows = apps.get_model("people", "Delegation").objects
    rows.update(begun_at=F("starts_at"), over_at=F("ended_at"))
    ago = Now()
    rows.filter(starts_at__gt=ago).update(begun_at=None)
    rows.filter(ended_at=None, ends_at__lte=ago).update(over_at=F("ends_at"))


class Migration(migrations.Migration):
    dependencies = [("people", "0013_second_factor")]

    operations = [
        *(
            migrations.AddField(
                model_name="delegation",
                name=name,
                field=models.DateTimeField(blank=True, null=True),
            )
            for name in ("begun_at", "warned_at", "over_at")
        ),
        migrations.RunPython(nothing_late, migrations.RunPython.noop),
    ]
