"""Let the seeded roles that direct the team's work direct its tasks, in existing workspaces."""

from django.db import migrations

NEW = "task.direct"
ROLES = ["strategist", "crisis_coordinator", "team_lead", "brand_manager"]


def grant(apps, schema_editor):
    Role = apps.get_model("people", "Role")
    for role in Role.objects.filter(slug__in=ROLES):
        if NEW not in role.granted:
            Role.objects.filter(pk=role.pk).update(granted=[*role.granted, NEW])


def take_back(apps, schema_editor):
    Role = apps.get_model("people", "Role")
    for role in Role.objects.filter(slug__in=ROLES):
        kept = [slug for slug in role.granted if slug != NEW]
        Role.objects.filter(pk=role.pk).update(granted=kept)


class Migration(migrations.Migration):
    dependencies = [("people", "0005_grant_brand")]
    operations = [migrations.RunPython(grant, take_back)]
