"""Give existing workspaces the sections a new one starts with."""

from django.db import migrations

SECTIONS = [
    ("actions", "actions", True),
    ("if_then", "if_then", False),
    ("not_say", "list", False),
    ("watch", "list", False),
]


def seed(apps, schema_editor):
    Workspace = apps.get_model("people", "Workspace")
    Section = apps.get_model("handoff", "Section")
    for workspace in Workspace.objects.filter(sections=None):
        for position, (slug, kind, required) in enumerate(SECTIONS):
            Section.objects.create(
                workspace=workspace, slug=slug, kind=kind, required=required, position=position
            )


class Migration(migrations.Migration):
    dependencies = [("handoff", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
