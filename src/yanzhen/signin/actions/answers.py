"""Answers of SAML providers: kept from the post that brings them to the page that takes them, once.

A browser brings an answer by a post from another site, without its cookies. So it is proven and
kept first, and taken by the next request, which knows whose browser it is.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from yanzhen.signin.models import SamlAnswer
from yanzhen.signin.oidc import AnswerRefused, Claims
from yanzhen.signin.providers import SamlProvider
from yanzhen.signin.saml import Answer

#: Between the post and the page.
TAKEN_WITHIN = timedelta(minutes=2)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def keep_answer(provider_id: str, answer: Answer, *, now: datetime) -> str:
    """Keep a proven answer, and return the secret by which it is taken.

    Raises AnswerRefused for one that was brought before: the row stays for as long as anybody
    would believe it.
    """
    SamlAnswer.objects.filter(ends_at__lt=now).delete()
    key = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            SamlAnswer.objects.create(
                provider=provider_id,
                assertion=answer.assertion,
                key_hash=_hash(key),
                asked=answer.asked,
                claims=asdict(answer.claims),
                brought_at=now,
                ends_at=answer.ends_at,
            )
    except IntegrityError:
        raise AnswerRefused("brought before") from None
    return key


@transaction.atomic
def take_answer(provider: SamlProvider, key: str, *, asked: str, now: datetime) -> Claims:
    """Return what an answer says, once. ``asked`` is this very browser's question, "" for none.

    Raises AnswerRefused when there is none, it was taken, it lay for too long, or it is for another
    question; one for no question counts where the operator switched that on.
    """
    rows = SamlAnswer.objects.filter(provider=provider.id, key_hash=_hash(key), taken_at=None)
    row = rows.filter(brought_at__gt=now - TAKEN_WITHIN).first()
    if row is None:
        raise AnswerRefused("there is nothing to take")
    if not (row.asked == asked if row.asked else provider.unsolicited):
        raise AnswerRefused("not the answer to this question")
    if not rows.update(taken_at=now, claims={}):
        raise AnswerRefused("taken at this moment")
    groups = row.claims["groups"]
    return Claims(**{**row.claims, "groups": None if groups is None else tuple(groups)})
