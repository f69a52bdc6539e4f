"""What Ferrow has said before today."""

from __future__ import annotations

from yanzhen.demo.scene import PUBLISHED, Scene

PAST: tuple[Scene, ...] = (
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
)
