"""Keep a fingerprint of what each post says, and compute it for those that are there."""

from django.db import migrations, models

# Should likeness change its sums, a later migration computes them anew; this one may then use the
# newer code, for a fingerprint only narrows down what is compared.
from yanzhen.planning.likeness import fingerprint


def compute(apps, schema_editor):
    Draft = apps.get_model("planning", "Draft")
    Post = apps.get_model("planning", "Post")
    for post_id, texts in Draft.objects.values_list("post_id", "texts").iterator(chunk_size=500):
        Post.objects.filter(pk=post_id).update(fingerprint=fingerprint(texts))


class Migration(migrations.Migration):
    dependencies = [("planning", "0002_contents")]
    operations = [
        migrations.AddField(
            model_name="post",
            name="fingerprint",
            field=models.BinaryField(blank=True, default=bytes),
        ),
        migrations.RunPython(compute, migrations.RunPython.noop),
    ]
