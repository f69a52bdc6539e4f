"""Let what was said in review be a discussion of its post: one for each version it was said of.

A discussion of a post that is out, or dropped, asks nothing any more and comes in resolved. Nobody
is told: everybody has read these words where they stood. Backwards, the copies go whose originals
are still there; a discussion that was answered since stays, without them.
"""

from django.db import migrations

OVER = ("published", "dropped")


def move(apps, schema_editor):
    old = apps.get_model("review", "Comment")
    comments = apps.get_model("discussion", "Comment")
    found = {}
    rows = old.objects.filter(moved=None).select_related("post", "version").order_by("at", "pk")
    for each in list(rows):
        key = (each.post_id, each.version_id)
        if key not in found:
            found[key] = _thread(apps, each)
        said = comments.objects.create(
            thread=found[key], author_id=each.author_id, body=each.body, at=each.at
        )
        old.objects.filter(pk=each.pk).update(moved=said)


def _thread(apps, first):
    post = first.post
    over = post.state in OVER
    return apps.get_model("discussion", "Thread").objects.create(
        workspace_id=post.workspace_id,
        post=post,
        version=first.version.number if first.version else None,
        state="resolved" if over else "open",
        state_since_at=max(post.state_since_at, first.at) if over else first.at,
        created_at=first.at,
    )


def move_back(apps, schema_editor):
    moved = apps.get_model("review", "Comment").objects.exclude(moved=None)
    comments = apps.get_model("discussion", "Comment")
    comments.objects.filter(pk__in=moved.values("moved")).delete()
    apps.get_model("discussion", "Thread").objects.filter(comments=None).delete()


class Migration(migrations.Migration):
    dependencies = [("review", "0004_where_a_comment_went")]
    operations = [migrations.RunPython(move, move_back)]
