"""Keep the words of each draft as they are searched, and write those of the drafts there are."""

from django.db import migrations, models

# Should the folding change, a later migration writes them anew; this one may then use newer code.
from yanzhen.planning.wording import words_of


def write(apps, schema_editor):
    Draft = apps.get_model("planning", "Draft")
    for pk, texts in Draft.objects.values_list("pk", "texts").iterator(chunk_size=500):
        Draft.objects.filter(pk=pk).update(words=words_of(texts))


class Migration(migrations.Migration):
    dependencies = [("planning", "0003_fingerprint")]
    operations = [
        migrations.AddField(
            model_name="draft",
            name="words",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
