"""Give the seeded roles of existing workspaces the two decisions about the library."""

from django.db import migrations

NEW = {
    "strategist": ["library.edit"],
    "creator": ["library.edit"],
    "crisis_coordinator": ["line.agree"],
    "team_lead": ["library.edit", "line.agree"],
    "brand_manager": ["library.edit", "line.agree"],
}


def grant(apps, schema_editor):
    Role = apps.get_model("people", "Role")
    for role in Role.objects.filter(slug__in=NEW):
        missing = [slug for slug in NEW[role.slug] if slug not in role.granted]
        if missing:
            Role.objects.filter(pk=role.pk).update(granted=[*role.granted, *missing])


def take_back(apps, schema_editor):
    Role = apps.get_model("people", "Role")
    for role in Role.objects.filter(slug__in=NEW):
        kept = [slug for slug in role.granted if slug not in NEW[role.slug]]
        Role.objects.filter(pk=role.pk).update(granted=kept)


class Migration(migrations.Migration):
    dependencies = [("people", "0006_grant_task_direct")]
    operations = [migrations.RunPython(grant, take_back)]
