"""Give every file that is there an asset of its own: what people call it, and whose it is."""

import unicodedata

from django.db import migrations


def shelve(apps, schema_editor):
    Asset = apps.get_model("library", "Asset")
    MediaFile = apps.get_model("library", "MediaFile")
    for media in MediaFile.objects.filter(asset=None).iterator():
        words = [
            " ".join(unicodedata.normalize("NFKC", each).casefold().split())
            for each in (media.name, media.alt)
        ]
        media.asset = Asset.objects.create(
            workspace_id=media.workspace_id,
            name=media.name,
            owner_id=media.uploaded_by_id,
            words="\n".join(filter(None, words)),
        )
        media.save(update_fields=["asset"])


class Migration(migrations.Migration):
    dependencies = [("library", "0002_assets_and_texts")]
    operations = [migrations.RunPython(shelve, migrations.RunPython.noop)]
