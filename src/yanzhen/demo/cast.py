"""Who works at Ferrow, and on which accounts. Data only."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "travel-light-24"  # noqa: S105 -- printed at every start; the demo has no secrets
MAIL = "ferrow.example"


@dataclass(frozen=True)
class Person:
    """A member: ``key`` names them in the script and starts their email address."""

    key: str
    name: str
    city: str
    zone: str
    language: str
    role: str
    further: tuple[str, ...] = ()
    day: tuple[str, str] = ("10:00", "19:00")

    @property
    def email(self) -> str:
        """How they sign in."""
        return f"{self.key}@{MAIL}"


SHANGHAI, BERLIN, PACIFIC = "Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles"

PEOPLE: tuple[Person, ...] = (
    Person("lena", "Lena Hoffmann", "Berlin", BERLIN, "en", "brand_manager"),
    Person("lin", "林悦", "Shanghai", SHANGHAI, "zh-hans", "team_lead", ("strategist",)),
    Person("zhou", "周一然", "Shanghai", SHANGHAI, "zh-hans", "creator"),
    Person("maya", "Maya Torres", "San Francisco", PACIFIC, "en", "creator", ("strategist",)),
    Person("priya", "Priya Nair", "San Francisco", PACIFIC, "en", "team_lead"),
    Person("jonas", "Jonas Weber", "Berlin", BERLIN, "en", "community_manager", ("creator",)),
    Person("aylin", "Aylin Demir", "Berlin", BERLIN, "en", "creator"),
    Person("sam", "Sam Okafor", "San Francisco", PACIFIC, "en", "crisis_coordinator"),
    Person("chen", "陈默", "Shanghai", SHANGHAI, "zh-hans", "analyst"),
    Person("ada", "Ada Lindqvist", "Berlin", BERLIN, "en", "administrator"),
)

#: The three who show the whole way of a post, named first when the demo starts.
SHOWN_FIRST = ("zhou", "lin", "lena")


@dataclass(frozen=True)
class Channel:
    """An X account of the brand; ``key`` names it in the script and paints it."""

    key: str
    handle: str
    name: str
    zone: str
    language: str


CHANNELS: tuple[Channel, ...] = (
    Channel("main", "Ferrow", "Ferrow", BERLIN, "en"),
    Channel("de", "FerrowDE", "Ferrow Deutschland", BERLIN, "de"),
    Channel("zh", "Ferrow_ZH", "Ferrow 中国", SHANGHAI, "zh-hans"),
    Channel("care", "FerrowCare", "Ferrow Care", PACIFIC, "en"),
)
