"""Give the seeded roles of existing workspaces the two decisions that are new."""

from django.db import migrations

NEW = {
    "crisis_coordinator": ["publish.delete"],
    "team_lead": ["publish.delete"],
    "brand_manager": ["publish.delete", "budget.set"],
    "administrator": ["budget.set"],
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
    dependencies = [("people", "0002_alter_invitation_invited_by")]
    operations = [migrations.RunPython(grant, take_back)]
