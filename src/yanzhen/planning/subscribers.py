"""What planning does, and whom it tells, when something is announced: in that transaction."""

from __future__ import annotations

from django.urls import reverse

from yanzhen.activity.feed import Told
from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import within
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.wiring import tells
from yanzhen.people.events import MEMBER_LEFT, OTHERS_ENDED, PASSWORD_SET
from yanzhen.planning.actions.linking import revoke_links_of
from yanzhen.planning.events import EMBARGO_SET, EMBARGO_WISHED
from yanzhen.planning.models import Post
from yanzhen.planning.queries_embargo import insiders, may_embargo
from yanzhen.signin.events import FACTORS_RESET


def _tell_wish(event: Told) -> None:
    """One on the list wants the embargo looser: whoever else on it could confirm that."""
    post = Post.objects.get(pk=event.subject_id)
    others = [
        member
        for member in insiders(post).active().with_roles()
        if str(member.pk) != event.actor_id and may_embargo(member, post)
    ]
    url = f"{reverse('post', args=[post.pk])}#embargo"
    tell(event, members=others, url=url, urgent=True)


def _tell_list(event: Told) -> None:
    """Whoever is on the list knows more than others now, and should know that they do."""
    post = Post.objects.get(pk=event.subject_id)
    others = insiders(post).exclude(pk=event.actor_id)
    tell(event, members=others, url=f"{reverse('post', args=[post.pk])}#embargo")


tells(EMBARGO_WISHED, listener=_tell_wish)
tells(EMBARGO_SET, listener=_tell_list)


def _revoke_links(event: Told) -> None:
    """Whoever leaves takes no way in with them, and finds none again on coming back.

    So do the links of somebody whose session another may have had: they may have made some.
    """
    by = Ref(event.actor_type, event.actor_id, event.actor_label)
    revoke_links_of(int(event.subject_id), by=by, now=event.at)


for kind in (MEMBER_LEFT, PASSWORD_SET, OTHERS_ENDED, FACTORS_RESET):
    within(kind, _revoke_links)
