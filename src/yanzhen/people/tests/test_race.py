"""Two administrators who remove each other at the same moment: one of them stays."""

import threading

import pytest
from django.db import connection

from yanzhen.people.actions.keep import LastHolder
from yanzhen.people.actions.members import change_roles
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import NOW, join, make_cast, make_user


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other():
    cast = make_cast()
    second = join(cast.workspace, make_user("Ada"), "administrator")
    creator = cast.workspace.roles.get(slug="creator")
    start, refused = threading.Barrier(2), []

    def demote(member, by):
        try:
            start.wait()
            change_roles(member, primary=creator, further=[], seen=0, by=by, now=NOW)
        except LastHolder as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    pairs = [(cast.admin, second), (second, cast.admin)]
    threads = [threading.Thread(target=demote, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    team = Member.objects.filter(workspace=cast.workspace)
    assert len(team.holding(Decision.MEMBER_ROLES)) == 1
