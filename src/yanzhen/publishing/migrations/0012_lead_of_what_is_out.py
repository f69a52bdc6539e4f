"""Copy from the log who had the lead when each post went out."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def copy_leads(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Give each delivery the lead that its event is stamped with."""
    event = apps.get_model("activity", "Event")
    delivery = apps.get_model("publishing", "Delivery")
    rows = event.objects.filter(kind="publishing.published").order_by("pk")
    for data in rows.values_list("data", flat=True).iterator(chunk_size=2000):
        if "lead" in data:
            found = delivery.objects.filter(pk=data["delivery"], lead=None)
            found.update(lead_id=int(data["lead"]["id"]))


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0011_last_look"),
        ("activity", "0003_stamp_of_the_lead"),
    ]

    operations = [migrations.RunPython(copy_leads, migrations.RunPython.noop)]
