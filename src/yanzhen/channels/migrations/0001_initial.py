import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0002_alter_invitation_invited_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_version", models.PositiveIntegerField(default=0, editable=False)),
                ("state_since_at", models.DateTimeField()),
                ("platform", models.CharField(default="x", max_length=20)),
                ("handle", models.CharField(max_length=50, verbose_name="Handle")),
                ("name", models.CharField(max_length=100, verbose_name="Name")),
                ("remote_id", models.CharField(max_length=40)),
                ("avatar_url", models.URLField(blank=True, max_length=500)),
                ("premium", models.BooleanField(default=False, verbose_name="Premium")),
                ("premium_override", models.BooleanField(blank=True, null=True)),
                ("zone", models.CharField(default="UTC", max_length=64, verbose_name="Time zone")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="Language")),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("main", "Blue"),
                            ("de", "Amber"),
                            ("care", "Green"),
                            ("zh", "Plum"),
                        ],
                        default="main",
                        max_length=10,
                        verbose_name="Colour",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("connected", "Connected"),
                            ("reconnect", "Needs reconnecting"),
                            ("disconnected", "Disconnected"),
                        ],
                        default="disconnected",
                        max_length=20,
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "refused",
                                "X no longer accepts this connection. Connect the account again.",
                            ),
                            (
                                "answer_lost",
                                "X renewed the connection but its answer never arrived. Connect the account again.",
                            ),
                            (
                                "app_changed",
                                "The X app was replaced. Connect the account again through the new one.",
                            ),
                            (
                                "app_refused",
                                "X refuses the X app itself. Check client ID and client secret.",
                            ),
                            (
                                "wrong_account",
                                "The stored tokens belong to another account. Connect the account again.",
                            ),
                            (
                                "sealed",
                                "The stored tokens cannot be opened. Put back the keys folder, or connect again.",
                            ),
                            (
                                "elsewhere",
                                "This connection belongs to another server than the one in use now. Connect it again.",
                            ),
                            (
                                "forbidden",
                                "X says this account may not do that. See on X whether it is locked or suspended.",
                            ),
                            ("no_credits", "The X app has no credits left. Buy credits at X."),
                            ("rate_limited", "X asked us to wait. The next check comes by itself."),
                            ("unreachable", "X did not answer. The next check comes by itself."),
                        ],
                        max_length=20,
                    ),
                ),
                ("problem_detail", models.CharField(blank=True, max_length=500)),
                ("origin", models.CharField(max_length=200)),
                (
                    "connected_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.member",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="people.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Connecting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.CharField(max_length=64, unique=True)),
                ("platform", models.CharField(default="x", max_length=20)),
                ("origin", models.CharField(max_length=200)),
                ("client_id", models.CharField(max_length=200)),
                ("redirect_uri", models.CharField(max_length=500)),
                ("sealed_verifier", models.BinaryField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="channels.account",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.member",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("client_id", models.CharField(blank=True, max_length=200)),
                ("sealed", models.BinaryField()),
                ("scopes", models.CharField(blank=True, max_length=300)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("generation", models.PositiveIntegerField(default=1)),
                ("refreshing_until_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("check_due_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credential",
                        to="channels.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeveloperApp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("platform", models.CharField(default="x", max_length=20)),
                ("origin", models.CharField(max_length=200)),
                ("client_id", models.CharField(max_length=200)),
                ("confidential", models.BooleanField()),
                ("sealed", models.BinaryField()),
                ("changed_at", models.DateTimeField()),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="x_apps",
                        to="people.workspace",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("workspace", "origin", "remote_id"), name="account_once_per_workspace"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["connected", "reconnect", "disconnected"])),
                name="account_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expires_at", None), ("kind", "oauth1")),
                    models.Q(("expires_at__isnull", False), ("kind", "oauth2")),
                    _connector="OR",
                ),
                name="credential_kind_and_expiry",
            ),
        ),
        migrations.AddConstraint(
            model_name="developerapp",
            constraint=models.UniqueConstraint(
                fields=("workspace", "platform", "origin"), name="developer_app_once"
            ),
        ),
    ]
