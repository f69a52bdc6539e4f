"""Addresses of the rota."""

from __future__ import annotations

from django.urls import path

from yanzhen.duty.views import (
    fairness,
    keeping,
    links,
    overlap,
    rota,
    sites,
    starting,
    swaps,
    turns,
    zones,
)

urlpatterns = [
    path("duty/", rota.duty, name="duty"),
    path("duty/start/", starting.duty_start, name="duty-start"),
    path("duty/settings/", keeping.duty_settings, name="duty-settings"),
    path("duty/layers/new/", keeping.duty_layer_new, name="duty-layer-new"),
    path("duty/layers/<int:pk>/", keeping.duty_layer, name="duty-layer"),
    path("duty/layers/<int:pk>/end/", keeping.duty_layer_end, name="duty-layer-end"),
    path("duty/layers/<int:pk>/reopen/", keeping.duty_layer_reopen, name="duty-layer-reopen"),
    path("duty/places/new/", sites.duty_site_new, name="duty-site-new"),
    path("duty/places/<int:pk>/", sites.duty_site, name="duty-site"),
    path("duty/places/<int:pk>/calendar/", sites.duty_calendar, name="duty-calendar"),
    path("duty/places/<int:pk>/holidays/", sites.duty_holidays, name="duty-holidays"),
    path("duty/places/<int:pk>/remove/", sites.duty_site_remove, name="duty-site-remove"),
    path("duty/override/", turns.duty_override, name="duty-override"),
    path(
        "duty/override/<int:pk>/withdraw/",
        turns.duty_override_withdraw,
        name="duty-override-withdraw",
    ),
    path("duty/leave/", turns.duty_leave, name="duty-leave"),
    path("duty/leave/import/", turns.duty_leave_import, name="duty-leave-import"),
    path("duty/leave/<int:pk>/cancel/", turns.duty_leave_cancel, name="duty-leave-cancel"),
    path("duty/swaps/", swaps.duty_swaps, name="duty-swaps"),
    path("duty/swaps/new/", swaps.duty_swap_new, name="duty-swap-new"),
    path("duty/swaps/<int:pk>/take/", swaps.duty_swap_take, name="duty-swap-take"),
    path("duty/swaps/<int:pk>/decline/", swaps.duty_swap_decline, name="duty-swap-decline"),
    path("duty/swaps/<int:pk>/withdraw/", swaps.duty_swap_withdraw, name="duty-swap-withdraw"),
    path("duty/fairness/", fairness.duty_fairness, name="duty-fairness"),
    path("duty/zones/", zones.duty_zones, name="duty-zones"),
    path("duty/overlap/", overlap.duty_overlap, name="duty-overlap"),
    path("duty/links/", links.duty_links, name="duty-links"),
    path("duty/links/<int:pk>/revoke/", links.duty_link_revoke, name="duty-link-revoke"),
    path("duty/feed/<str:secret>.ics", links.duty_feed, name="duty-feed"),
]
