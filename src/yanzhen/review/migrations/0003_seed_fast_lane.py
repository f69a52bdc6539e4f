"""Give existing workspaces a fast lane that asks the people of their flow, all at once."""

from django.db import migrations

REASONS = ["topic", "news", "correction", "service"]


def seed(apps, schema_editor):
    Flow = apps.get_model("review", "Flow")
    FastLane = apps.get_model("review", "FastLane")
    FastStep = apps.get_model("review", "FastStep")
    FastReason = apps.get_model("review", "FastReason")
    for flow in Flow.objects.filter(active=True):
        lane, made = FastLane.objects.get_or_create(workspace_id=flow.workspace_id)
        if not made:
            continue
        steps = flow.steps.filter(kind="role").order_by("position")
        for position, step in enumerate(steps):
            FastStep.objects.create(
                lane=lane,
                position=position,
                slug=step.slug,
                title=step.title,
                role_id=step.role_id,
                quorum=step.quorum,
            )
        for position, slug in enumerate(REASONS):
            FastReason.objects.create(lane=lane, position=position, slug=slug)


class Migration(migrations.Migration):
    dependencies = [("review", "0002_fast_lane")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
