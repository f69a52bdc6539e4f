"""Accounts that are there from the start."""

from __future__ import annotations

from typing import Any

# They are there so that the pages and the consent screen are not empty.
FIRST_USERS: tuple[dict[str, Any], ...] = (
    {
        "username": "Ferrow",
        "name": "Ferrow",
        "description": "Bags and gear for people who keep moving.",
        "location": "Shanghai, Berlin, San Francisco",
        "premium": True,
        "verified_type": "business",
        "followers": 48_200,
    },
    {
        "username": "Ferrow_ZH",
        "name": "Ferrow 中文",
        "description": "给一直在路上的人做包。",
        "location": "上海",
        "verified_type": "business",
        "followers": 21_700,
    },
    {
        "username": "FerrowDE",
        "name": "Ferrow Deutschland",
        "description": "Taschen für alle, die unterwegs sind.",
        "location": "Berlin",
        "verified_type": "business",
        "followers": 9_400,
    },
    {
        "username": "FerrowCare",
        "name": "Ferrow Care",
        "description": "Repairs and questions, Monday to Saturday.",
        "location": "San Francisco",
        "verified_type": "business",
        "followers": 3_100,
    },
    {
        "username": "tessa_vdk",
        "name": "Tessa van Dijk",
        "description": "Trains over planes.",
        "followers": 812,
    },
    {
        "username": "siyuan_li",
        "name": "李思远",
        "description": "周末骑车，平日画图。",
        "followers": 1_930,
    },
    {
        "username": "markus_hdl",
        "name": "Markus Händel",
        "description": "Berlin. Photos.",
        "followers": 540,
    },
    {
        "username": "gear_atlas",
        "name": "Gear Atlas",
        "description": "We test bags so you do not have to.",
        "followers": 66_000,
    },
)
