from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0011_writing_kit"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(
            model_name="savedview",
            name="saved_view_name_once",
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=Q(removed_at=None),
                fields=("owner", "page", "name"),
                name="saved_view_name_once",
            ),
        ),
    ]
