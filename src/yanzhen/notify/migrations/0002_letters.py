import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notify", "0001_initial"),
        ("people", "0009_grant_guest_invite"),
    ]

    operations = [
        migrations.CreateModel(
            name="Knock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("answer", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail"),
                            ("slack", "Slack, direct"),
                            ("outlet", "Outlet"),
                        ],
                        max_length=8,
                    ),
                ),
                ("event", models.BigIntegerField(blank=True, null=True)),
                ("kind", models.CharField(max_length=80)),
                ("urgent", models.BooleanField(default=False)),
                ("url", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("sent", "Sent"),
                            ("dead", "Dead"),
                            ("dropped", "Dropped"),
                        ],
                        default="due",
                        max_length=8,
                    ),
                ),
                ("owed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("held", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("extra", models.JSONField(default=dict)),
                ("remote", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Manner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="Quiet from")),
                (
                    "quiet_until",
                    models.TimeField(blank=True, null=True, verbose_name="Quiet until"),
                ),
                ("digest_at", models.TimeField(blank=True, null=True, verbose_name="Digest at")),
            ],
        ),
        migrations.CreateModel(
            name="Outlet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("slack", "Slack channel"),
                            ("teams", "Microsoft Teams"),
                            ("webhook", "Webhook"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("address", models.CharField(blank=True, max_length=500)),
                ("shown", models.CharField(blank=True, max_length=200)),
                ("sealed", models.BinaryField(default=b"")),
                ("sealed_before", models.BinaryField(default=b"")),
                ("before_until_at", models.DateTimeField(blank=True, null=True)),
                (
                    "language",
                    models.CharField(default="en", max_length=10, verbose_name="Language"),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("never", "Nothing"),
                            ("urgent", "Only urgent"),
                            ("all", "Everything"),
                        ],
                        default="all",
                        max_length=8,
                        verbose_name="How much",
                    ),
                ),
                ("topics", models.JSONField(default=list)),
                ("active", models.BooleanField(default=True, verbose_name="Tells news")),
                ("created_at", models.DateTimeField()),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=40)),
                (
                    "way",
                    models.CharField(
                        choices=[("mail", "E-mail"), ("slack", "Slack, direct")], max_length=8
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("never", "Nothing"),
                            ("urgent", "Only urgent"),
                            ("all", "Everything"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SlackLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slack_user", models.CharField(max_length=40)),
                ("nonce", models.CharField(max_length=40, unique=True)),
                ("linked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SlackTeam",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True)),
                ("sealed_token", models.BinaryField()),
                ("locked_secret", models.TextField()),
                ("connected_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="knock",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.workspace"
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="letters",
                to="people.member",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="notice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="letters",
                to="notify.notice",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="rewrites",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="notify.letter",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.workspace"
            ),
        ),
        migrations.AddField(
            model_name="manner",
            name="member",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="manner",
                to="people.member",
            ),
        ),
        migrations.AddField(
            model_name="outlet",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="outlets",
                to="people.workspace",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="outlet",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="letters",
                to="notify.outlet",
            ),
        ),
        migrations.AddField(
            model_name="preference",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="preferences",
                to="people.member",
            ),
        ),
        migrations.AddField(
            model_name="slacklink",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="slack_links",
                to="people.member",
            ),
        ),
        migrations.AddField(
            model_name="slacklink",
            name="workspace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.workspace"
            ),
        ),
        migrations.AddField(
            model_name="slackteam",
            name="connected_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.member"
            ),
        ),
        migrations.AddField(
            model_name="slackteam",
            name="workspace",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="slack",
                to="people.workspace",
            ),
        ),
        migrations.AddIndex(
            model_name="knock",
            index=models.Index(fields=["at"], name="knock_age"),
        ),
        migrations.AddConstraint(
            model_name="knock",
            constraint=models.UniqueConstraint(fields=("workspace", "key"), name="knock_once"),
        ),
        migrations.AddConstraint(
            model_name="manner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from", None), ("quiet_until", None)),
                    models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                    _connector="OR",
                ),
                name="manner_quiet_both_or_neither",
            ),
        ),
        migrations.AddConstraint(
            model_name="outlet",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["slack", "teams", "webhook"])),
                name="outlet_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("state", "due")), fields=["way", "due_at"], name="letter_due"
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("state", "dead")),
                fields=["workspace", "-settled_at"],
                name="letter_dead",
            ),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["event"], name="letter_of_event"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["settled_at"], name="letter_age"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("notice__isnull", False), ("rewrites", None)),
                fields=("notice", "way"),
                name="letter_once_for_a_notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("event__isnull", False), ("outlet__isnull", False), ("rewrites", None)
                ),
                fields=("outlet", "event"),
                name="letter_once_for_an_outlet",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["due", "sent", "dead", "dropped"])),
                name="letter_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.UniqueConstraint(
                fields=("member", "topic", "way"), name="preference_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["never", "urgent", "all"])),
                name="preference_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="slacklink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("workspace", "slack_user"),
                name="slack_user_linked_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="slacklink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("member",),
                name="member_linked_once",
            ),
        ),
    ]
