"""The flow a workspace agreed on: its steps, and the self-check its authors sign."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.review.states import GuestRule, StepKind

#: What the seeded steps and self-check points say in the reader's language, by their slug.
STEP_TITLES: dict[str, str | Promise] = {
    "self": pgettext_lazy("review step", "Self-check"),
    "lead": pgettext_lazy("review step", "Team lead"),
    "final": pgettext_lazy("review step", "Final review"),
}
CHECK_TEXTS: dict[str, str | Promise] = {
    "true": _("Every claim is true, and we can show it."),
    "voice": _("It sounds like us."),
    "links": _("Links, names and handles are right."),
    "language": _("Spelling and punctuation are clean."),
    "rights": _("We may use everything in it."),
    "timing": _("It is the right thing to say at that hour."),
}


class FlowQuerySet(models.QuerySet["Flow"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Flows of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)


#: How long before its minute the lead's last look at a post may open, in minutes.
LOOK_SHORTEST, LOOK_LONGEST = 15, 24 * 60


class Flow(models.Model):
    """The steps every post of a workspace goes through; one active flow for each workspace.

    ``look_minutes``: the lead looks once more before a post goes out, from so many minutes before
    its time on; None when nobody does. ``look_own``: also at what they wrote themselves.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="flows")
    name = models.CharField(_("Name"), max_length=80)
    active = models.BooleanField(default=True)
    look_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    look_own = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    objects = FlowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(look_minutes=None)
                | Q(look_minutes__gte=LOOK_SHORTEST, look_minutes__lte=LOOK_LONGEST),
                name="flow_look_minutes_fit",
            ),
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(active=True), name="one_active_flow"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this flow."""
        return Ref("review.flow", str(self.pk), self.name)


class Step(models.Model):
    """One level of a flow. ``quorum`` members must pass it within ``hours`` of its start.

    ``slug`` names a seeded step whose title follows the reader's language; ``title`` overrides it.
    A self step has no role; every other has one. ``guests``: whether a guest may decide it too.
    """

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=20, blank=True)
    title = models.CharField(pgettext_lazy("review step", "Title"), max_length=60, blank=True)
    kind = models.CharField(max_length=10, choices=StepKind, default=StepKind.ROLE)
    role = models.ForeignKey(
        Role, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quorum = models.PositiveSmallIntegerField(_("People who must pass it"), default=1)
    hours = models.DecimalField(
        pgettext_lazy("review step", "Hours"), max_digits=5, decimal_places=2, default=6
    )
    guests = models.CharField(max_length=4, choices=GuestRule, default=GuestRule.NO)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["flow", "position"], name="step_position_once"),
            models.CheckConstraint(
                condition=Q(kind=StepKind.SELF, role=None)
                | Q(kind=StepKind.ROLE, role__isnull=False),
                name="step_role_when_needed",
            ),
            models.CheckConstraint(
                condition=Q(guests=GuestRule.NO)
                | Q(kind=StepKind.ROLE, guests__in=[GuestRule.YES, GuestRule.LAST]),
                name="step_guests_known",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """The workspace's own title, or the seeded one in the reader's language."""
        return self.title or str(STEP_TITLES.get(self.slug, self.slug))


class CheckPoint(models.Model):
    """One point of the self-check the author signs."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="check_points")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=20, blank=True)
    text = models.CharField(_("Point"), max_length=200, blank=True)

    def __str__(self) -> str:
        return self.shown_text

    @property
    def shown_text(self) -> str:
        """The workspace's own words, or the seeded ones in the reader's language."""
        return self.text or str(CHECK_TEXTS.get(self.slug, self.slug))
