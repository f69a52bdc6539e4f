"""What lies in Ferrow's library: pictures drawn here, lines in two languages, a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from yanzhen.library.actions import set_alt, store_upload
from yanzhen.library.actions.assets import Details, describe_asset
from yanzhen.library.actions.shelving import add_folder
from yanzhen.library.actions.texts import Wording, add_text, agree_line
from yanzhen.library.models import Folder, SavedText
from yanzhen.library.models.texts import TextKind
from yanzhen.people.models import Member

WIDE, HIGH = 1200, 800


@dataclass(frozen=True)
class Picture:
    """What is drawn and said of it. ``ridge`` shapes it; ``days`` until it ends, 0 for never."""

    name: str
    folder: str
    tags: str
    alt: str
    top: tuple[int, int, int]
    low: tuple[int, int, int]
    ridge: int
    days: int = 0


PICTURES = (
    Picture("Dawn over the wing", "Seat 7A", "window, sky", "Morning light over clouds.",
            (247, 201, 160), (86, 112, 152), 1),
    Picture("Seat 7A at dusk", "Seat 7A", "window, sky", "Dark hills below a violet sky.",
            (92, 78, 130), (28, 30, 52), 2, days=12),
    Picture("The long blue hour", "Seat 7A", "window", "A blue sky above low hills.",
            (120, 170, 214), (34, 62, 104), 3),
    Picture("Repair day bench", "Repair day", "repair, battery", "A bench in warm light.",
            (232, 214, 184), (140, 98, 62), 4),
    Picture("Ana at the bench", "Repair day", "repair, people", "Somebody leans over a bench.",
            (240, 196, 120), (120, 80, 44), 5, days=20),
    Picture("Spare parts, sorted", "Repair day", "repair", "Rows of brown and sand.",
            (222, 206, 178), (94, 84, 72), 6),
    Picture("29 decibels, quiet cabin", "Product", "quiet, product", "Calm layers of grey.",
            (206, 214, 220), (70, 84, 98), 7),
    Picture("Ferrow in green", "Product", "product", "Green ridges in haze.",
            (206, 224, 196), (52, 92, 70), 8, days=-3),
    Picture("安静的客舱", "Product", "安静, 产品", "灰蓝色的层层山影。",
            (214, 222, 232), (58, 76, 104), 9),
    Picture("舷窗外的云", "Seat 7A", "舷窗, 天空", "晨光中的云层。",
            (250, 214, 190), (104, 124, 164), 10, days=25),
    Picture("Autumn route map", "Travel light", "route", "",
            (238, 190, 160), (128, 56, 44), 11),
    Picture("Travel light, key visual", "Travel light", "key visual, brand", "A pale ridge.",
            (246, 244, 238), (126, 130, 138), 12),
)  # fmt: skip
LINES: tuple[Mapping[str, str], ...] = (
    {
        "title": "A delay, first answer",
        "body": "We know that {flight} is late, and we are sorry. The next word comes by {time}.",
        "other": "航班延误，首次回应",
        "other_body": "我们已了解 {flight} 延误，深表歉意。{time} 前会再次更新。",
        "tags": "service, delay",
    },
    {
        "title": "Where batteries come from",
        "body": "Every Ferrow battery is changed with one screwdriver. The parts list is public.",
        "other": "关于电池的说明",
        "other_body": "每块 Ferrow 电池用一把螺丝刀就能更换，零件清单对外公开。",
        "tags": "product, battery",
    },
)
TEMPLATE = "New: {product}. It weighs {weight} and fits under seat 7A.\n\nWhat would you pack?"


def _drawn(picture: Picture) -> BytesIO:
    """Draw ridges in haze, no two alike."""
    top, low, ridge = picture.top, picture.low, picture.ridge
    image = Image.new("RGB", (WIDE, HIGH))
    draw = ImageDraw.Draw(image)
    for y in range(HIGH):
        share = y / HIGH
        hue = tuple(int(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        draw.line((0, y, WIDE, y), hue)
    for layer in range(1, 4):
        base = HIGH * (0.45 + 0.15 * layer)
        points = [(0.0, float(HIGH))]
        for step in range(13):
            lift = ((step * (ridge + layer) * 37 + ridge * 53) % 100) / 100
            points.append((step * WIDE / 12, base - 150 * lift / layer))
        points.append((float(WIDE), float(HIGH)))
        draw.polygon(points, tuple(int(c * (1.1 - 0.2 * layer)) for c in low))
    sun = 100 + ridge * 97 % 900
    draw.ellipse((sun, 110, sun + 120, 230), fill=tuple(min(255, c + 30) for c in top))
    out = BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.5)).save(out, "JPEG", quality=88)
    out.seek(0)
    return out


@dataclass
class Shelves:
    """Fills the library: ``keeper`` keeps it, ``agreer`` agrees on lines."""

    keeper: Member
    agreer: Member
    now: datetime

    def fill(self) -> None:
        """Add folders, pictures with their rights, lines in two languages and a template."""
        folders: dict[str, Folder] = {}
        for name in ("Travel light", "Product", "Repair day"):
            folders[name] = add_folder(name=name, parent=None, by=self.keeper, now=self.now)
        folders["Seat 7A"] = add_folder(
            name="Seat 7A", parent=folders["Travel light"], by=self.keeper, now=self.now
        )
        for number, picture in enumerate(PICTURES):
            self._add(picture, folders[picture.folder], hours_ago=len(PICTURES) - number)
        self._texts()

    def _add(self, picture: Picture, folder: Folder, *, hours_ago: int) -> None:
        moment = self.now - timedelta(hours=hours_ago)
        file = _drawn(picture)
        media = store_upload(member=self.keeper, file=file, name=f"{picture.name}.jpg", now=moment)
        if picture.alt:
            set_alt(media=media, by=self.keeper, alt=picture.alt, now=moment)
        days = picture.days
        details = Details(
            name=picture.name,
            owner=self.keeper,
            folder=folder,
            tags=picture.tags.split(", "),
            licence="licensed" if days else "own",
            release="signed" if "people" in picture.tags else "nobody",
            credit="Studio Nord" if days else "Ferrow",
            expires_at=self.now + timedelta(days=days) if days else None,
        )
        describe_asset(media.asset, details=details, revision=0, by=self.keeper, now=moment)

    def _texts(self) -> None:
        for line in LINES:
            tags = line["tags"].split(", ")
            english = self._line(Wording(line["title"], line["body"], "en", self.agreer, tags=tags))
            self._line(
                Wording(
                    line["other"],
                    line["other_body"],
                    "zh-Hans",
                    self.agreer,
                    pair=english,
                    tags=tags,
                )
            )
        wording = Wording("Product launch", TEMPLATE, "en", self.agreer, tags=["product"])
        add_text(TextKind.TEMPLATE, wording=wording, by=self.agreer, now=self.now)

    def _line(self, wording: Wording) -> SavedText:
        text = add_text(TextKind.LINE, wording=wording, by=self.agreer, now=self.now)
        return agree_line(text, revision=text.revision, by=self.agreer, now=self.now)
