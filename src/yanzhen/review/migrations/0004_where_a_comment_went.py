"""A place to note which comment of a discussion one of review's became."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("discussion", "0001_initial"),
        ("review", "0003_seed_fast_lane"),
    ]
    operations = [
        migrations.AddField(
            model_name="comment",
            name="moved",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="discussion.comment",
            ),
        ),
    ]
