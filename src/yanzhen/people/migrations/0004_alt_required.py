"""Let a workspace ask for alt text."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_grant_delete_and_budget")]
    operations = [
        migrations.AddField(
            model_name="workspace",
            name="alt_required",
            field=models.BooleanField(default=True, verbose_name="Pictures need alt text"),
        ),
    ]
