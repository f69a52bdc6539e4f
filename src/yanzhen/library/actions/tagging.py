"""Tags and the words a search looks through; what the verbs of assets and texts share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yanzhen.kernel.text import clean_text
from yanzhen.library.models import MOST_WORDS, Asset, MediaFile, SavedText, Tag
from yanzhen.library.searching import fold, words_of

MOST_TAGS = 20


def tags_of(workspace_id: int, names: Iterable[str]) -> list[Tag]:
    """Return the workspace's tags of these names, made where they are new; for a transaction."""
    wanted: dict[str, str] = {}
    for name in names:
        said = " ".join(clean_text(name).lstrip("#＃").split())[:40]
        if key := fold(said)[:40]:
            wanted.setdefault(key, said)
    keys = list(wanted)[:MOST_TAGS]
    Tag.objects.bulk_create(
        [Tag(workspace_id=workspace_id, key=key, name=wanted[key]) for key in keys],
        ignore_conflicts=True,
    )
    rows = {tag.key: tag for tag in Tag.objects.filter(workspace_id=workspace_id, key__in=keys)}
    return [rows[key] for key in keys]


def index_assets(assets: Sequence[Asset]) -> None:
    """Write anew the words by which these assets are found; for the caller's transaction."""
    alts: dict[int, list[str]] = {}
    said: dict[int, str] = {}
    files = MediaFile.objects.filter(asset__in=assets, current=True)
    for asset_id, name, alt, words in files.values_list("asset_id", "name", "alt", "said"):
        alts[asset_id], said[asset_id] = [name, alt], words
    for asset in Asset.objects.filter(pk__in=[a.pk for a in assets]).prefetch_related("tags"):
        tags = [tag.name for tag in asset.tags.all()]
        parts = [asset.name, *alts.get(asset.pk, []), *tags, asset.credit, asset.description]
        # What a document says comes last: it is cut first where there is too much.
        parts.append(said.get(asset.pk, ""))
        Asset.objects.filter(pk=asset.pk).update(words=words_of(parts, MOST_WORDS))


def index_text(text: SavedText) -> None:
    """Write anew the words by which a text is found; for the caller's transaction."""
    parts = [text.title, *(tag.name for tag in text.tags.all()), text.body]
    SavedText.objects.filter(pk=text.pk).update(words=words_of(parts, MOST_WORDS))
