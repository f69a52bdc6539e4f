"""From now on no file is without an asset."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0003_an_asset_for_each_file")]
    operations = [
        migrations.AlterField(
            model_name="mediafile",
            name="asset",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="library.asset",
            ),
        ),
    ]
