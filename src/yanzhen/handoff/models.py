"""Handovers, what is written in them, and the form they follow."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.handoff import pages
from yanzhen.handoff.captions import captions_of
from yanzhen.handoff.states import OPEN, HandoverState, Light, SectionKind
from yanzhen.kernel.machine import StatefulModel
from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member, Workspace

TEXT_LENGTH = 500
NOTE_LENGTH = 2000
TITLE_LENGTH = 120
SECTION_LENGTH = 60
READ_BACK_LENGTH = 300
CAPTIONS_LENGTH = 8000
#: Carried over so often, a point is flagged: somebody should decide about it.
FLAGGED_AT = 3

#: What the seeded sections are called in the reader's language, by their slug.
SECTION_TITLES: dict[str, str | Promise] = {
    "actions": pgettext_lazy("handoff section", "To do"),
    "if_then": pgettext_lazy("handoff section", "If this happens"),
    "not_say": pgettext_lazy("handoff section", "Do not say"),
    "watch": pgettext_lazy("handoff section", "Keep an eye on"),
}


class SectionQuerySet(models.QuerySet["Section"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Sections of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def in_order(self) -> Self:
        """As they stand on the form."""
        return self.order_by("position", "pk")


class Section(models.Model):
    """One part of the form that every handover of a workspace follows.

    ``title`` is empty while the seed's own word stands, so that it follows the reader's language.
    A ``required`` section needs a point, or a word that there is nothing. One that is not ``used``
    stays on the handovers that had it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="sections")
    slug = models.SlugField(max_length=20, blank=True)
    title = models.CharField(
        pgettext_lazy("handoff section", "Title"), max_length=SECTION_LENGTH, blank=True
    )
    kind = models.CharField(max_length=8, choices=SectionKind, default=SectionKind.LIST)
    required = models.BooleanField(default=False)
    used = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()

    objects = SectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SectionKind.values), name="handoff_section_kind"
            ),
            models.CheckConstraint(
                condition=~Q(title="") | ~Q(slug=""), name="handoff_section_named"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "position"], name="handoff_sections")]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """The workspace's own word, or the seed's in the reader's language."""
        return self.title or str(SECTION_TITLES.get(self.slug, self.slug))


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Handovers of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def open(self) -> Self:
        """Being written or waiting; a workspace has one at most."""
        return self.filter(state__in=OPEN)

    def with_names(self) -> Self:
        """With whom it goes from and to, and who decided."""
        return self.select_related("outgoing__user", "receiver__user", "decided_by__user")

    def newest_first(self) -> Self:
        """In the order the history shows them."""
        return self.order_by("-due_at", "-pk")

    def saying(self, term: str) -> Self:
        """Those in whose words ``term`` stands; two Chinese characters are found as well."""
        items = Item.objects.filter(Q(text__icontains=term) | Q(then__icontains=term))
        attached = Attachment.objects.filter(
            Q(title__icontains=term) | Q(page_title__icontains=term) | Q(captions__icontains=term)
        )
        return self.filter(
            Q(note__icontains=term)
            | Q(read_back__icontains=term)
            | Q(reason__icontains=term)
            | Q(outgoing__user__name__icontains=term)
            | Q(receiver__user__name__icontains=term)
            | Q(pk__in=items.values("handover_id"))
            | Q(pk__in=attached.values("handover_id"))
        )


class Handover(StatefulModel):
    """The log of one shift, from ``outgoing`` (None: nobody led before) to ``receiver``.

    ``from_at`` is when the shift began, ``due_at`` when the next one does, ``until_at`` when that
    one ends (None: open). ``facts`` are the numbers of posts and steps as they stood when it was
    sent, see facts. ``nothing`` are the sections of which somebody said that there is nothing.
    ``decided_by`` may be another than the receiver: whoever accepted in their stead.
    ``revision`` rises with every change of what it says.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="handovers")
    state = models.CharField(max_length=10, choices=HandoverState, default=HandoverState.DRAFT)
    outgoing = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    receiver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    light = models.CharField(max_length=5, choices=Light, default=Light.GREEN)
    note = models.TextField(max_length=NOTE_LENGTH, blank=True)
    nothing = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    from_at = models.DateTimeField()
    due_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    read_back = models.CharField(max_length=READ_BACK_LENGTH, blank=True)
    reason = models.CharField(max_length=READ_BACK_LENGTH, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(state__in=OPEN), name="handoff_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=HandoverState.values), name="handoff_state_known"
            ),
            models.CheckConstraint(condition=Q(light__in=Light.values), name="handoff_light_known"),
            models.CheckConstraint(
                condition=~Q(state=HandoverState.ACCEPTED)
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(read_back="")),
                name="handoff_accepted_read_back",
            ),
            models.CheckConstraint(
                condition=~Q(state=HandoverState.REFUSED)
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name="handoff_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=HandoverState.WAITING) | Q(sent_at__isnull=False),
                name="handoff_waiting_was_sent",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "-due_at"], name="handoff_history")]

    def __str__(self) -> str:
        return f"to member {self.receiver_id}, due {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def ref(self) -> Ref:
        """How the activity log names this handover: by who should take the lead."""
        return Ref("handoff.handover", str(self.pk), self.receiver.user.name)


class Item(models.Model):
    """One point of a section. ``then`` is the second half of an if-then; ``owner`` and ``due_at``
    are an action's.

    ``origin`` is the point it was carried from, and ``carried`` how many handovers it has been
    through before this one. ``ticked_at`` is when the receiver said they had read it.
    """

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="items")
    text = models.CharField(max_length=TEXT_LENGTH)
    then = models.CharField(max_length=TEXT_LENGTH, blank=True)
    owner = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    carried = models.PositiveSmallIntegerField(default=0)
    origin = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ticked_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["handover", "section"], name="handoff_items")]

    def __str__(self) -> str:
        return self.text

    @property
    def orphaned(self) -> bool:
        """Whether it is still to be done, by somebody who has left; the owner must be loaded."""
        return self.owner is not None and not self.owner.active and self.done_at is None

    @property
    def flagged(self) -> bool:
        """Whether it was carried over so often that somebody should decide about it."""
        return self.carried >= FLAGGED_AT


class Attachment(models.Model):
    """A recorded video (``media``) or a document somewhere else (``url``), by its title.

    ``captions`` is what a video says, in words. ``title`` may be empty for a link: then it is
    called what its page calls itself. ``page_title`` and ``page_text`` are what the page says of
    itself, looked up in the background at ``look_at`` (None: not again), after ``looks`` looks.
    """

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="attachments")
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    page_title = models.CharField(max_length=pages.TITLE_LENGTH, blank=True, editable=False)
    page_text = models.CharField(max_length=pages.TEXT_LENGTH, blank=True, editable=False)
    looks = models.PositiveSmallIntegerField(default=0, editable=False)
    look_at = models.DateTimeField(null=True, blank=True, editable=False)
    url = models.URLField(max_length=500, blank=True)
    media = models.ForeignKey(
        MediaFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    captions = models.TextField(max_length=CAPTIONS_LENGTH, blank=True)
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(url="", media__isnull=False) | (~Q(url="") & Q(media=None)),
                name="handoff_attached_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="handoff_looks"
            )
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """What it is called: the typed title, the page's own, or where it lies."""
        return self.title or self.page_title or urlsplit(self.url).netloc

    @property
    def loom(self) -> str:
        """The number of the Loom video it is, "" for anything else."""
        return pages.loom_of(self.url)

    @property
    def timed(self) -> bool:
        """Whether the words have times, so that they can run along with the video."""
        return bool(captions_of(self.captions))


class Paging(models.Model):
    """That somebody was paged because nobody had accepted: one rung of the ladder, once."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="pagings")
    rung = models.PositiveSmallIntegerField()
    members = models.ManyToManyField(Member, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "rung"], name="handoff_paged_once"),
        ]

    def __str__(self) -> str:
        return f"rung {self.rung} of handover {self.handover_id}"
