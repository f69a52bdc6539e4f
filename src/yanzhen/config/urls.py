"""Every address of the site, room by room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("yanzhen.web.urls")),
    path("", include("yanzhen.people.urls")),
    path("", include("yanzhen.signin.urls")),
    path("", include("yanzhen.notify.urls")),
    path("", include("yanzhen.channels.urls")),
    path("", include("yanzhen.library.urls")),
    path("", include("yanzhen.brand.urls")),
    path("", include("yanzhen.duty.urls")),
    path("", include("yanzhen.planning.urls")),
    path("", include("yanzhen.discussion.urls")),
    path("", include("yanzhen.review.urls")),
    path("", include("yanzhen.publishing.urls")),
    path("", include("yanzhen.tasks.urls")),
    path("", include("yanzhen.ideas.urls")),
    path("", include("yanzhen.handoff.urls")),
    path("", include("yanzhen.search.urls")),
    path("", include("yanzhen.onboarding.urls")),
]

handler400 = "yanzhen.web.refusals.bad_request"
handler403 = "yanzhen.web.refusals.forbidden"
handler404 = "yanzhen.web.refusals.not_found"
handler500 = "yanzhen.web.refusals.broken"
