from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0012_roles_of_ones_own")]

    operations = [
        migrations.AddField(
            model_name="role",
            name="second_factor",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="workspace",
            name="second_factor",
            field=models.BooleanField(default=False),
        ),
    ]
