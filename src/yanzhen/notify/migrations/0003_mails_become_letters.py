"""What notices owed as mails becomes letters; a mail under way is tried by whoever comes next."""

from django.db import migrations

BATCH = 500
STATES = {"due": "due", "sent": "sent", "failed": "dead"}


def move(apps, schema_editor):
    Notice = apps.get_model("notify", "Notice")
    Letter = apps.get_model("notify", "Letter")
    letters = []
    for notice in Notice.objects.exclude(mail="").iterator(chunk_size=BATCH):
        state = STATES[notice.mail]
        letters.append(
            Letter(
                workspace_id=notice.workspace_id,
                way="mail",
                notice_id=notice.pk,
                member_id=notice.member_id,
                event=notice.event,
                kind=notice.kind,
                urgent=notice.urgent,
                url=notice.url,
                state=state,
                owed_at=notice.at,
                due_at=notice.mail_due_at or notice.at,
                tries=notice.mail_tries,
                error=notice.mail_error,
                settled_at=None if state == "due" else (notice.mail_due_at or notice.at),
            )
        )
        if len(letters) >= BATCH:
            Letter.objects.bulk_create(letters)
            letters = []
    Letter.objects.bulk_create(letters)


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0002_letters"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
