"""Roles: what a job is for, what it may decide, and for which accounts."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.people import grants as rules
from yanzhen.people.models.workspaces import Workspace
from yanzhen.people.rights import DUTIES, Actor
from yanzhen.people.roles import SEEDS


def _in_reader_language(words: str, chinese: str, *, fall_back: bool) -> str:
    """Return the words the reader understands; ``fall_back`` gives the others before none."""
    if (get_language() or "").startswith("zh"):
        return chinese or words
    return words or (chinese if fall_back else "")


class RoleQuerySet(models.QuerySet["Role"]):
    """Named reads."""

    def visible_to(self, member: Actor) -> Self:
        """Roles of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def in_order(self) -> Self:
        """Those that stand, as the team arranged them."""
        return self.filter(retired_at=None).order_by("position", "pk")

    def retired(self) -> Self:
        """Those put away, the last first."""
        return self.filter(retired_at__isnull=False).order_by("-retired_at", "-pk")


class Role(models.Model):
    """A job in one workspace: what it is for and what it may decide.

    ``title`` and ``mission`` are empty while the seed's own words stand, so that they follow the
    reader's language; the ``_zh`` ones are for readers of Chinese. ``granted`` is a list of
    Decision slugs, ``voices`` maps others to a Voice, None while the seed's stand.

    ``accounts`` None: it holds everywhere. Otherwise a list of the numbers of the only accounts it
    holds for, which live in a room above; accounts are never deleted. ``counts_as`` is the standard
    role it is in steps of review. ``second_factor``: whoever holds it signs in with more than a
    password. ``revision`` rises with every edit.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="roles")
    slug = models.SlugField(max_length=40)
    title = models.CharField(_("Title"), max_length=60, blank=True)
    mission = models.CharField(_("Mission"), max_length=300, blank=True)
    title_zh = models.CharField(_("Title in Chinese"), max_length=60, blank=True)
    mission_zh = models.CharField(_("Mission in Chinese"), max_length=300, blank=True)
    granted = models.JSONField(default=list)
    voices = models.JSONField(null=True, default=None)
    accounts = models.JSONField(null=True, default=None)
    counts_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    second_factor = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="role_slug_once"),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def ref(self) -> Ref:
        """How the activity log names this role: in the words the actor saw."""
        return Ref("people.role", str(self.pk), self.shown_title)

    @property
    def shown_title(self) -> str:
        """The workspace's own title, or the seed's in the reader's language."""
        seed = SEEDS.get(self.slug)
        own = _in_reader_language(self.title, self.title_zh, fall_back=seed is None)
        return own or (str(seed.title) if seed else self.slug)

    @property
    def shown_mission(self) -> str:
        """The workspace's own mission, or the seed's in the reader's language."""
        seed = SEEDS.get(self.slug)
        own = _in_reader_language(self.mission, self.mission_zh, fall_back=seed is None)
        return own or (str(seed.mission) if seed else "")

    @property
    def standard(self) -> bool:
        """Tell whether it is one of the roles every workspace starts with."""
        return self.slug in SEEDS

    @property
    def shown_voices(self) -> dict[str, str]:
        """What it has a say in without deciding: Voice by slug, the workspace's or the seed's."""
        seed = SEEDS.get(self.slug)
        own: dict[str, str] | None = self.voices
        if own is None:
            own = {d.value: str(v) for d, v in seed.voices.items()} if seed else {}
        return {slug: voice for slug, voice in own.items() if slug not in self.granted}

    @property
    def measured_by(self) -> tuple[str, ...]:
        """The slugs of its measures; a role that counts as a standard one has that one's."""
        own = SEEDS.get(self.slug)
        if own is None and self.counts_as is not None:
            own = SEEDS.get(self.counts_as.slug)
        return own.measured_by if own else ()

    @property
    def grant(self) -> rules.Grant:
        """What it gives, as plain values."""
        counted = {self.pk} if self.counts_as_id is None else {self.pk, self.counts_as_id}
        return rules.Grant(
            decisions=frozenset(self.granted),
            accounts=None if self.accounts is None else frozenset(self.accounts),
            roles=frozenset(counted),
        )

    @property
    def duty_statement(self) -> list[str]:
        """The duties that follow from the decisions, in the reader's language and table order."""
        return [str(duty.sentence) for d, duty in DUTIES.items() if d.value in self.granted]
