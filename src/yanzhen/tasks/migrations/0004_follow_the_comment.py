"""Let every task follow its comment into the discussions.

Backwards, a comment that was made since has no place in review yet, so the task brings it along.
"""

from django.db import migrations


def follow(apps, schema_editor):
    task = apps.get_model("tasks", "Task")
    for each in list(task.objects.exclude(comment=None).select_related("comment")):
        task.objects.filter(pk=each.pk).update(said=each.comment.moved_id)


def follow_back(apps, schema_editor):
    task = apps.get_model("tasks", "Task")
    old = apps.get_model("review", "Comment")
    for each in list(task.objects.exclude(said=None).select_related("said__thread")):
        said = each.said
        earlier = old.objects.filter(moved=said).first()
        if earlier is None:
            earlier = old.objects.create(
                post_id=said.thread.post_id,
                author_id=said.author_id,
                body=said.body,
                at=said.at,
                moved=said,
            )
        task.objects.filter(pk=each.pk).update(comment=earlier, said=None)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0003_comment_of_a_discussion")]
    operations = [migrations.RunPython(follow, follow_back)]
