"""A task comes from a comment of a discussion; that of review stays until it is found there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0001_initial"),
        ("review", "0005_comments_become_discussions"),
        ("tasks", "0002_first_columns"),
    ]
    operations = [
        migrations.AddField(
            model_name="task",
            name="said",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="tasks",
                to="discussion.comment",
            ),
        ),
    ]
