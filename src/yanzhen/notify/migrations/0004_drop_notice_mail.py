"""Notices keep no mails of their own any more: 0003 moved them into letters."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0003_mails_become_letters"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_mail_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_due_mail_has_time",
        ),
        migrations.RemoveIndex(
            model_name="notice",
            name="notice_mail",
        ),
        migrations.RemoveField(
            model_name="notice",
            name="mail",
        ),
        migrations.RemoveField(
            model_name="notice",
            name="mail_due_at",
        ),
        migrations.RemoveField(
            model_name="notice",
            name="mail_error",
        ),
        migrations.RemoveField(
            model_name="notice",
            name="mail_tries",
        ),
    ]
