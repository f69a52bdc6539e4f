"""Let whoever says who has the lead keep the rota too, as they did before it had its own right."""

from django.db import migrations

OLD, NEW = "lead.set", "duty.keep"


def grant(apps, schema_editor):
    Role = apps.get_model("people", "Role")
    for role in Role.objects.all():
        if OLD in role.granted and NEW not in role.granted:
            Role.objects.filter(pk=role.pk).update(granted=[*role.granted, NEW])


def take_back(apps, schema_editor):
    Role = apps.get_model("people", "Role")
    for role in Role.objects.all():
        kept = [slug for slug in role.granted if slug != NEW]
        Role.objects.filter(pk=role.pk).update(granted=kept)


class Migration(migrations.Migration):
    dependencies = [("people", "0009_grant_guest_invite")]
    operations = [migrations.RunPython(grant, take_back)]
