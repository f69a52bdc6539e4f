from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # Apart from the step before: PostgreSQL makes no index on rows changed in the same transaction.
    dependencies = [("people", "0014_delegations_told")]

    operations = [
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(
                condition=Q(ended_at=None, over_at=None),
                fields=["ends_at"],
                name="delegation_to_tell",
            ),
        ),
    ]
