"""The lead stays with somebody, and events are stamped with who has it from now on."""

import django.db.models.deletion
from django.db import migrations, models


def stamp(apps, schema_editor):
    Workspace = apps.get_model("people", "Workspace")
    ChainHead = apps.get_model("activity", "ChainHead")
    for workspace in Workspace.objects.exclude(lead=None).select_related("lead__user"):
        ChainHead.objects.filter(workspace_id=workspace.pk).update(
            lead_id=str(workspace.lead_id), lead_label=workspace.lead.user.name
        )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_grant_duty"),
        ("activity", "0003_stamp_of_the_lead"),
    ]

    operations = [
        migrations.AlterField(
            model_name="workspace",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="people.member",
            ),
        ),
        migrations.RunPython(stamp, migrations.RunPython.noop),
    ]
