"""What the brands of the street keep beside their posts: files, tasks, ideas, rules, words."""

from __future__ import annotations

from datetime import timedelta

from yanzhen.brand.actions.drafting import add_rule
from yanzhen.brand.actions.publishing import publish_framework
from yanzhen.brand.tests.frame import rule as brand_rule
from yanzhen.discussion.actions.settling import resolve_thread
from yanzhen.discussion.actions.talking import open_thread
from yanzhen.handoff.actions.attaching import add_link
from yanzhen.handoff.actions.filling import Point
from yanzhen.handoff.actions.filling import add_item as add_point
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.actions.sending import send_handover
from yanzhen.handoff.models import Handover
from yanzhen.ideas.actions.ideas import Wish as IdeaWish
from yanzhen.ideas.actions.ideas import add_idea, move_idea
from yanzhen.library.actions import set_subtitles
from yanzhen.library.actions.assets import Change, change_assets
from yanzhen.library.actions.shelving import add_folder
from yanzhen.library.actions.texts import Wording, add_text
from yanzhen.library.models.texts import TextKind
from yanzhen.library.tests import makers
from yanzhen.people.actions.workspaces import set_lead
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.equipping import (
    EndingWords,
    LinkRuleWords,
    keep_ending,
    keep_link_rule,
)
from yanzhen.planning.actions.keeping import keep_view
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.models import (
    BulkRun,
    EndingKind,
)
from yanzhen.tasks.actions.making import Wish, create_task
from yanzhen.tasks.actions.moving import archive_task
from yanzhen.tasks.actions.parts import add_item, add_need
from yanzhen.web.tests.house import (
    AUTHOR,
    SRT,
    House,
)


def keep_things(house: House) -> None:
    author, post = house.people[AUTHOR], house.posts["draft"]
    house.view = keep_view(name="Entwürfe", query="stage=draft", shared=True, by=author, now=NOW)
    kept = {"post": post.pk, "campaign": None, "seen": None}
    analyst = house.people["analyst"]
    thought = add_idea(wish=IdeaWish(title="Ein Gedanke"), by=analyst, now=NOW)
    house.idea = move_idea(thought, move="brief", by=analyst, now=NOW)
    house.moved = BulkRun.objects.create(member=author, what="campaign", kept=[kept], made_at=NOW)


def fill_library(house: House) -> None:
    """Add a picture and a video with subtitles; the picture's size tells the brands apart."""
    creator = house.people["creator"]
    size = (60 + house.workspace.pk % 40, 40)
    house.image = makers.upload(creator, makers.image("PNG", size=size), "geese.png")
    house.video = makers.upload(creator, makers.PLAIN_MP4, "geese.mp4")
    house.subtitles = set_subtitles(
        media=house.video, by=creator, language="de", label="Deutsch", text=SRT, now=NOW
    )
    house.folder = add_folder(name="Reise", parent=None, by=creator, now=NOW)
    house.tagged = change_assets(
        [house.image.asset], change=Change("tag", tags=["Gans"]), by=creator, now=NOW
    )
    wording = Wording(title="Verspätung", body="Es tut uns leid.", language="de", owner=creator)
    house.line = add_text(TextKind.LINE, wording=wording, by=creator, now=NOW)
    signature = EndingWords(EndingKind.SIGNATURE, "Gruß", "— Ferrow", house.account)
    house.ending = keep_ending(None, words=signature, revision=0, by=creator, now=NOW)
    tags = LinkRuleWords(["ferrow.com"], "x", "social", "{campaign}", "", house.account)
    planner = house.people["strategist"]
    house.link_rule = keep_link_rule(None, words=tags, revision=0, by=planner, now=NOW)
    hung = {"media": [{"media": house.image.pk, "sha256": "", "alt": "Gänse"}]}
    house.pictured = create_post(
        account=house.account, by=creator, texts=["Ein Bild."], extras=[hung], now=NOW
    )


def fill_tasks(house: House) -> None:
    analyst = house.people["analyst"]
    wish = Wish(title="Zahlen holen", assignee=analyst)
    house.task = create_task(analyst, wish=wish, post=house.posts["draft"], now=NOW)
    add_item(house.task, by=analyst, text="Fragen", now=NOW)
    other = create_task(analyst, wish=wish, now=NOW)
    add_need(house.task, by=analyst, on=other, now=NOW)
    house.deleted_task = archive_task(create_task(analyst, wish=wish, now=NOW), by=analyst, now=NOW)


def hand_over(house: House) -> None:
    lead, revision = house.people["team_lead"], house.workspace.revision
    # Past its hour, so that whoever decides about stuck posts is told beside the lead.
    begun, until = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    set_lead(house.workspace, member=lead, until=until, seen=revision, by=lead, now=begun)
    opened = open_handover(
        house.workspace, to=house.people["analyst"], due_at=NOW, by=lead, now=NOW
    )
    section = house.workspace.sections.get(slug="actions")
    add_point(opened, section, point=Point("Anrufen"), by=lead)
    add_link(opened, title="Notizen", url="https://notes.example/", by=lead, now=NOW)
    send_handover(opened, by=lead, now=NOW)
    house.handover = Handover.objects.get(pk=opened.pk)


def discuss(house: House) -> None:
    post, author = house.posts["draft"], house.people[AUTHOR]
    house.said = open_thread(post, by=author, body="Passt das?", now=NOW)
    house.settled = open_thread(post, by=author, body="Passt.", now=NOW).thread
    resolve_thread(house.settled, by=author, now=NOW)


def write_framework(house: House) -> None:
    """Publish one rule and write another into the draft; the names tell the brands apart."""
    by = house.people["brand_manager"]
    name = house.workspace.name
    add_rule(brand_rule("never", f"{name} words", "Zauberei"), by=by, now=NOW)
    house.framework = publish_framework(note=f"{name} begins", seen=1, by=by, now=NOW)
    house.rule = add_rule(brand_rule("never", f"{name} more", "Hexerei"), by=by, now=NOW)
