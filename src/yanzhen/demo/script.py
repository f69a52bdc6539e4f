"""What Ferrow says, day by day around today. Data only; times are relative to the first start."""

from __future__ import annotations

from dataclasses import dataclass

PUBLISHED, SCHEDULED, PASSED = "published", "scheduled", "passed"
FINAL, LEAD, RETURNED, DRAFT, HELD = "final", "lead", "returned", "draft", "held"


@dataclass(frozen=True)
class Scene:
    """One post. ``day`` counts from today, ``hour`` is "HH:MM" in the account's zone ("" for none).

    "+H:MM" counts from now instead. ``stage`` is how far it has come, ``hours_waiting`` how long
    its level has had it already. ``before`` was returned once with ``asked``; ``note`` goes with the
    last decision.
    """

    day: int
    hour: str
    account: str
    author: str
    stage: str
    texts: tuple[str, ...]
    title: str = ""
    campaign: str = "travel-light"
    hours_waiting: float = 1.0
    note: str = ""
    before: tuple[str, ...] = ()
    asked: str = ""


THEMES = ("Travel light", "Repair, don’t replace", "Quiet at home")
FOCUSES = ("Pack smaller", "Sleep on the plane", "Repair week", "Homecoming", "Desk and silence")
CAMPAIGNS = (("Travel light", "travel-light"), ("Repair day", "repair-day"), ("Service", "service"))

SCENES: tuple[Scene, ...] = (
    Scene(
        -20,
        "10:00",
        "main",
        "maya",
        PUBLISHED,
        (
            "This month is for travelling light. One bag, one charger, and earbuds that last from"
            " Shanghai to Munich. What is the one thing you never leave out?",
        ),
        "A month for travelling light",
    ),
    Scene(
        -19,
        "08:00",
        "zh",
        "zhou",
        PUBLISHED,
        ("一个充电头，出门够用。手机、耳机、相机，轮流来，谁也不抢。",),
        "一个充电头，出门够用",
    ),
    Scene(
        -18,
        "12:00",
        "de",
        "aylin",
        PUBLISHED,
        (
            "Was wirklich ins Handgepäck gehört: Pass, Zahnbürste, Kopfhörer. Über den Rest lässt sich"
            " reden.",
        ),
        "Was wirklich ins Handgepäck gehört",
    ),
    Scene(
        -17,
        "18:00",
        "main",
        "maya",
        PUBLISHED,
        (
            "One charger, three devices, no arguments.",
            "How we tested it: three phones at 4%, one hour, one socket behind a hotel bed.",
            "Result: 71, 68 and 74%. The hotel bed was fine, thank you for asking.",
        ),
        "One charger, three devices",
    ),
    Scene(
        -15,
        "09:30",
        "de",
        "aylin",
        PUBLISHED,
        ("Frankfurt, Gleis 9, kein Netzteil. Der Aero 2 hält trotzdem bis Wien.",),
        "Frankfurt, Gleis 9",
    ),
    Scene(
        -14,
        "10:00",
        "main",
        "jonas",
        PUBLISHED,
        (
            "Friday unpack with Joon, who flies 200 days a year: “I stopped packing cables. I pack"
            " one.”",
        ),
        "Friday unpack with Joon",
    ),
    Scene(
        -13,
        "12:00",
        "zh",
        "zhou",
        PUBLISHED,
        ("行李箱里少一根线，心里就少一个结。今天出门，你带了几根？",),
        "行李箱里少一根线",
    ),
    Scene(
        -12,
        "16:00",
        "care",
        "jonas",
        PUBLISHED,
        (
            "How to read your case light: white is full, amber is under 20%, and blinking means it is"
            " looking for your phone. Hold the button for 3 seconds to help it.",
        ),
        "How to read your case light",
        "service",
    ),
    Scene(
        -10,
        "10:15",
        "main",
        "maya",
        PUBLISHED,
        (
            "Pack smaller, says Ines from our repair bench: “People bring me the case in a case in a"
            " case.”",
        ),
        "Pack smaller: Ines from repairs",
    ),
    Scene(
        -8,
        "12:30",
        "de",
        "aylin",
        PUBLISHED,
        ("Schlafen über Grönland. Fünf Stunden, ein Kissen, 29 dB weniger.",),
        "Schlafen über Grönland",
    ),
    Scene(
        -7,
        "10:00",
        "main",
        "maya",
        PUBLISHED,
        ("This week: sleep on the plane. Tell us your worst seat and we will lend it a pair.",),
        "Sleep on the plane, day one",
    ),
    Scene(
        -6,
        "20:00",
        "zh",
        "zhou",
        PUBLISHED,
        ("红眼航班的人，请举手。今晚十点，我们放一张专门为你做的歌单。",),
        "红眼航班的人",
    ),
    Scene(
        -5,
        "09:00",
        "care",
        "jonas",
        PUBLISHED,
        (
            "Firmware 2.3 is rolling out. If the left bud stops charging after it, put both in the"
            " case, close it for ten seconds, open it again. Still stuck? Write to us here.",
        ),
        "Firmware 2.3: what to do",
        "service",
    ),
    Scene(
        -4,
        "11:00",
        "main",
        "aylin",
        PUBLISHED,
        ("Weekend reading: a short history of the tangled cable. It is older than you think.",),
        "A short history of the tangled cable",
    ),
    Scene(
        -3,
        "12:00",
        "de",
        "aylin",
        PUBLISHED,
        ("Akku leer am Gate? 5 Minuten laden, 2 Stunden hören.",),
        "Akku leer am Gate?",
    ),
    Scene(
        -2,
        "18:00",
        "main",
        "maya",
        PUBLISHED,
        (
            "Seat 7A, row of three crying babies. We took Aero 2 and a decibel meter.",
            "Boarding: 74 dB. Taxi: 81. Baby in row 8: 91.",
            "With Aero 2 in: 52, 55, 63. Nobody beats row 8.",
        ),
        "Seat 7A, part one",
    ),
    Scene(
        -1,
        "08:00",
        "zh",
        "zhou",
        PUBLISHED,
        ("候机三小时，电量还剩一整天。轻装出行，从少带一个充电器开始。",),
        "候机三小时",
    ),
    Scene(
        0,
        "05:30",
        "de",
        "aylin",
        PUBLISHED,
        ("Kabelsalat im Handgepäck? Ein Case, ein Kabel, fertig.",),
        "Kabelsalat im Handgepäck?",
    ),
    Scene(
        0,
        "+1:10",
        "main",
        "maya",
        SCHEDULED,
        (
            "How we measure quiet. A thread, with the raw numbers.",
            "1. A cabin, not a lab. Engines at 84 dB, seat 7A, meter taped to the headrest.",
            "2. Ten minutes with nothing, ten with Aero 2, ten with the cheap pair from the airport.",
            "3. All numbers, unrounded: ferrow.example/quiet",
        ),
        "How we measure quiet",
    ),
    Scene(
        0,
        "+2:30",
        "care",
        "jonas",
        HELD,
        ("Firmware 2.3.1 is out: what changed, and what we fixed.",),
        "Firmware 2.3.1 is out",
        "service",
        note="Waits for the heat reports.",
    ),
    Scene(
        0,
        "+3:20",
        "main",
        "aylin",
        FINAL,
        (
            "Repair day: watch Ana swap an Aero 2 battery in four minutes. No glue, two screws, one"
            " spudger.",
        ),
        "Repair day: Ana swaps a battery",
        "repair-day",
        3.0,
    ),
    Scene(
        0,
        "+5:00",
        "zh",
        "zhou",
        SCHEDULED,
        ("靠窗的座位更吵吗？我们量了：靠窗 84 分贝，靠过道 82 分贝，第八排的宝宝 91 分贝。",),
        "靠窗的座位更吵吗",
    ),
    Scene(
        1,
        "10:00",
        "main",
        "zhou",
        FINAL,
        (
            "Seat 7A, part two. Window seat, engines at 84 dB, and the baby in row 8 has found her"
            " voice.\n\nWe flew Shanghai to Munich with four pairs of Aero 2 and one decibel meter."
            " Here is what was left of the noise:",
            "Cruise: 84 dB outside, 55 inside.\nMeal trolley: 79, then 52.\nBaby in row 8: 91, then"
            " 63. Nobody beats row 8.\n\nRaw numbers and method: ferrow.example/quiet",
            "Our lab says 32 dB quieter. In the air we got 27 to 29, depending on seat, sleep and how"
            " well the tip fits. If yours whistle when you chew, try the next size up. #TravelLight",
        ),
        "Seat 7A, part two: the window seat",
        hours_waiting=1.0,
    ),
    Scene(
        1,
        "17:00",
        "main",
        "maya",
        FINAL,
        (
            "Nine hours, no landing in sight. We asked composer Sora Lund to write one long evening"
            " for people who cannot sleep sitting up.\n\nNo drops. No lyrics. It gets quieter by 1 dB"
            " every ten minutes, so you will not notice it leave.",
            "Made for Aero 2 and for the middle seat. Free for everyone, any headphones:"
            " ferrow.example/nine-hours",
        ),
        "Sleep on the plane: a 9‑hour playlist with Sora Lund",
        hours_waiting=6.4,
        before=(
            "Nine hours, no landing in sight. The revolutionary new sleep playlist from composer"
            " Sora Lund is finally here.\n\nNo drops. No lyrics. Amazing quality.",
            "Made for Aero 2 and for the middle seat. Free for everyone, any headphones:"
            " ferrow.example/nine-hours",
        ),
        asked="Who is it for? And no “revolutionary”: show, do not rank.",
    ),
    Scene(
        1,
        "12:00",
        "zh",
        "zhou",
        SCHEDULED,
        ("空乘的随身包里有什么？护手霜、备用丝袜、一副充满电的耳机。",),
        "空乘的随身包",
    ),
    Scene(
        2,
        "09:30",
        "de",
        "aylin",
        LEAD,
        ("Leise sind nur die anderen. Wir messen lieber nach.",),
        "Leise sind nur die anderen",
        hours_waiting=0.6,
    ),
    Scene(
        2,
        "18:00",
        "main",
        "jonas",
        SCHEDULED,
        ("Ear tips, sizes, and a map of your ear. The small ones are in the box for a reason.",),
        "Ear tips, sizes, and a map",
    ),
    Scene(
        3,
        "10:00",
        "main",
        "aylin",
        LEAD,
        (
            "Friday unpack: cabin crew. Four people, four bags, one rule: utilize every pocket, carry"
            " nothing you cannot lift up a ladder.",
        ),
        "Friday unpack: cabin crew",
        hours_waiting=4.2,
    ),
    Scene(
        3,
        "12:00",
        "zh",
        "zhou",
        RETURNED,
        ("全世界最安静的降噪耳机，没有之一。",),
        "全世界最安静",
        note="“最”字不能用，给个数字。",
    ),
    Scene(
        4,
        "11:00",
        "main",
        "maya",
        DRAFT,
        ("Weekend: window or aisle? Wrong answers only.",),
        "Weekend: window or aisle?",
    ),
    Scene(
        6,
        "10:00",
        "main",
        "aylin",
        LEAD,
        ("Repair, don’t replace. From today every Aero 2 part has a price and a page.",),
        "Repair, don’t replace",
        "repair-day",
        0.3,
    ),
    Scene(
        6,
        "12:00",
        "de",
        "aylin",
        DRAFT,
        ("Vier Minuten, ein Akku. Ana zeigt, wie es geht.",),
        "Vier Minuten, ein Akku",
        "repair-day",
    ),
    Scene(
        6,
        "16:00",
        "care",
        "jonas",
        SCHEDULED,
        (
            "The spare parts list is updated: tips, nets, batteries, and the tiny spring of the case.",
        ),
        "Spare parts list, updated",
        "service",
    ),
    Scene(
        7, "08:00", "zh", "zhou", DRAFT, ("修一修，再用三年。",), "修一修，再用三年", "repair-day"
    ),
    Scene(
        8,
        "",
        "main",
        "maya",
        PASSED,
        ("A letter from a customer whose first pair is nine years old and on its third battery.",),
        "A letter about a nine-year-old pair",
        "repair-day",
    ),
    Scene(
        9,
        "09:30",
        "de",
        "aylin",
        DRAFT,
        ("Reparatur-Café in Kreuzberg: bring deine alten Kopfhörer mit.",),
        "Reparatur-Café in Kreuzberg",
        "repair-day",
    ),
    Scene(
        12,
        "10:00",
        "main",
        "maya",
        DRAFT,
        ("Homecoming: the playlist for the last hour of a long flight.",),
        "Homecoming",
    ),
    Scene(
        0,
        "",
        "main",
        "jonas",
        DRAFT,
        ("What would you ask a sound engineer over lunch? We booked one.",),
        "Lunch with a sound engineer",
    ),
    Scene(0, "", "zh", "zhou", DRAFT, ("",), "新年返乡：车厢里的声音地图"),
)
