"""Give existing workspaces the four columns a new one starts with."""

from django.db import migrations

STATES = ["todo", "doing", "waiting", "done"]


def seed(apps, schema_editor):
    Workspace = apps.get_model("people", "Workspace")
    Column = apps.get_model("tasks", "Column")
    for workspace in Workspace.objects.filter(task_columns=None):
        for position, state in enumerate(STATES):
            Column.objects.create(workspace=workspace, state=state, position=position)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
