"""What was held because it missed its time is now in a state of its own."""

from django.db import migrations


def to_missed(apps, schema_editor):
    Delivery = apps.get_model("publishing", "Delivery")
    Delivery.objects.filter(state="held", hold_reason="stale").update(
        state="missed", hold_reason="", hold_note=""
    )


def to_held(apps, schema_editor):
    Delivery = apps.get_model("publishing", "Delivery")
    Delivery.objects.filter(state="missed").update(state="held", hold_reason="stale")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_engine")]
    operations = [migrations.RunPython(to_missed, to_held)]
