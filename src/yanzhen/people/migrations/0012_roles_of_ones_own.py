"""Roles in two languages, for some accounts, with a say, put away; and delegations."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0011_lead_stays"),
    ]

    operations = [
        migrations.AddField(
            model_name="role",
            name="accounts",
            field=models.JSONField(default=None, null=True),
        ),
        migrations.AddField(
            model_name="role",
            name="counts_as",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.role",
            ),
        ),
        migrations.AddField(
            model_name="role",
            name="mission_zh",
            field=models.CharField(blank=True, max_length=300, verbose_name="Mission in Chinese"),
        ),
        migrations.AddField(
            model_name="role",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="role",
            name="title_zh",
            field=models.CharField(blank=True, max_length=60, verbose_name="Title in Chinese"),
        ),
        migrations.AddField(
            model_name="role",
            name="voices",
            field=models.JSONField(default=None, null=True),
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decisions", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="Reason")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to="people.member",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_taken",
                        to="people.member",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["receiver", "ends_at"], name="delegation_of_receiver")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="delegation_has_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("receiver")), _negated=True),
                        name="delegation_between_two",
                    ),
                ],
            },
        ),
    ]
