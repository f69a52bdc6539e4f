"""Who has the lead stands on the head of the chain, so that every event can carry it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="chainhead",
            name="lead_id",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="chainhead",
            name="lead_label",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
