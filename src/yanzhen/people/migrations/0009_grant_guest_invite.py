"""Let the seeded roles that speak with clients and lawyers invite guests, in existing workspaces."""

from django.db import migrations

NEW = "guest.invite"
ROLES = ["strategist", "team_lead", "brand_manager", "administrator"]


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
    dependencies = [("people", "0008_grant_post_fast")]
    operations = [migrations.RunPython(grant, take_back)]
