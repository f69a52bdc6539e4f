from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_grant_guest_invite")]

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
