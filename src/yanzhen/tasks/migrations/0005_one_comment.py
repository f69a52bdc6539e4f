"""The comment of a task is that of the discussion, and has its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tasks", "0004_follow_the_comment")]
    operations = [
        migrations.RemoveField(model_name="task", name="comment"),
        migrations.RenameField(model_name="task", old_name="said", new_name="comment"),
    ]
