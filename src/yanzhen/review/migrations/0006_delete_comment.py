"""The comments are discussions now, and no task points here any more.

Backwards, the table comes back empty: the words stay in the discussions, where every page shows
them.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0005_comments_become_discussions"),
        # The last thing that pointed at this table.
        ("tasks", "0005_one_comment"),
    ]
    operations = [migrations.DeleteModel(name="Comment")]
