"""Tell the library what hangs on the posts that are there."""

from django.db import migrations
from django.db.models import F


def note(apps, schema_editor):
    Draft = apps.get_model("planning", "Draft")
    Segment = apps.get_model("planning", "Segment")
    MediaFile = apps.get_model("library", "MediaFile")
    Use = apps.get_model("library", "Use")
    there = set(MediaFile.objects.values_list("pk", flat=True))
    hung = set()
    for post, extras in Draft.objects.values_list("post_id", "extras").iterator():
        hung |= {(post, use["media"]) for extra in extras for use in extra.get("media", [])}
    kept = Segment.objects.filter(version__post__version=F("version_id"))
    for post, extra in kept.values_list("version__post_id", "extras").iterator():
        hung |= {(post, use["media"]) for use in extra.get("media", [])}
    Use.objects.bulk_create(
        [
            Use(media_id=media, subject_type="planning.post", subject_id=str(post))
            for post, media in sorted(hung)
            if media in there
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0004_words"),
        ("library", "0004_every_file_has_an_asset"),
    ]
    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
