"""The comment of review is no longer needed: the task has that of the discussion."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tasks", "0004_follow_the_comment")]
    operations = [migrations.RemoveField(model_name="task", name="earlier")]
