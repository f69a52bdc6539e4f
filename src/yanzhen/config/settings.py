"""Django's settings, assembled from config.env. Nothing here reads the environment itself."""

from __future__ import annotations

import secrets
import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from yanzhen.config import env as env_module
from yanzhen.signin.providers import BadProviders
from yanzhen.signin.providers import read as read_providers

# One set of zone rules for all of it: those of the locked tzdata package, not the machine's own.
zoneinfo.reset_tzpath(to=())
ENV = env_module.read()
PACKAGE = Path(__file__).resolve().parents[1]
DATA = ENV.data.resolve()
DATA.mkdir(parents=True, exist_ok=True)
for _folder in ("keys", "media", "incoming", "logs"):
    (DATA / _folder).mkdir(exist_ok=True, mode=0o700)


def _secret_key() -> str:
    if ENV.secret_key:
        return ENV.secret_key
    path = DATA / "keys" / "session.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def _database() -> dict[str, Any]:
    if not ENV.database_url:
        return {
            "ENGINE": "yanzhen.kernel.sqlite",
            "NAME": DATA / "yanzhen.sqlite3",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                # FULL, not NORMAL: a send intent that a power cut can lose is a double post.
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                    "PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY;"
                ),
            },
            # In-memory test databases share one cache and lock whole tables between threads.
            "TEST": {"NAME": DATA / "test.sqlite3"},
        }
    url = urlsplit(ENV.database_url)
    if url.scheme not in ("postgres", "postgresql"):
        raise env_module.BadSetting(
            "YANZHEN_DATABASE_URL must start with postgres:// or be empty for SQLite."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": url.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _media_store() -> dict[str, Any]:
    if ENV.s3_bucket:
        return {
            "BACKEND": "yanzhen.library.s3.S3Storage",
            "OPTIONS": {
                "bucket": ENV.s3_bucket,
                "endpoint": ENV.s3_endpoint,
                "region": ENV.s3_region,
                "key_id": ENV.s3_key_id,
                "key_secret": ENV.s3_key_secret,
                "addressing": ENV.s3_addressing,
            },
        }
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(DATA / "media"),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def _providers() -> str:
    try:
        read_providers(ENV.sign_in)
    except BadProviders as bad:
        raise env_module.BadSetting(str(bad)) from None
    return ENV.sign_in


SECRET_KEY = _secret_key()
DEBUG = ENV.debug
BASE_URL = ENV.base_url.rstrip("/")
_secure = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [h.strip() for h in ENV.hosts.split(",") if h.strip()]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ROOT_URLCONF = "yanzhen.config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "template_partials",
    "yanzhen.jobs",
    "yanzhen.activity",
    "yanzhen.people",
    "yanzhen.signin",
    "yanzhen.channels",
    "yanzhen.library",
    "yanzhen.brand",
    "yanzhen.notify",
    "yanzhen.duty",
    "yanzhen.planning",
    "yanzhen.discussion",
    "yanzhen.review",
    "yanzhen.publishing",
    "yanzhen.tasks",
    "yanzhen.ideas",
    "yanzhen.handoff",
    "yanzhen.search",
    "yanzhen.onboarding",
    "yanzhen.web",
    "yanzhen.demo",
    "yanzhen.config",
    # After the rooms: of two translations of one string, that of the earlier app is shown.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "yanzhen.web.edge.EdgeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "yanzhen.web.form_cookie.FormCookieMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yanzhen.people.membership.MembershipMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "yanzhen.web.toasts.ToastMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yanzhen.people.gate.DoorMiddleware",
    "yanzhen.signin.middleware.SecondFactorMiddleware",
    "yanzhen.signin.middleware.ProofMiddleware",
    "yanzhen.web.refusals.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yanzhen.web.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "yanzhen.web.templatetags.parts",
            ],
        },
    }
]

DATABASES = {"default": _database()}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}
SESSION_COOKIE_NAME = "yanzhen_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _secure
CSRF_COOKIE_NAME = "yanzhen_csrf"
CSRF_COOKIE_SECURE = _secure
CSRF_FAILURE_VIEW = "yanzhen.web.refusals.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # Geometry comes in as custom properties on elements; see DESIGN.md, no style sheet does.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        # A recording is looked at before it is sent.
        "media-src": [SELF, "blob:"],
        # Loom's player, in a sandbox and only when somebody opens it.
        "frame-src": ["https://www.loom.com"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "yanzhen.signin.accounts.AccountAdapter"
MFA_ADAPTER = "yanzhen.signin.accounts.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODE_DIGITS = 10
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "sign-in"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "100/m/ip",
    "login_failed": "10/5m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/h/key",
    "change_password": "5/m/user",
    # Codes of the second step, and proofs asked for in between.
    "second_factor": "6/5m/key",
    "prove": "6/5m/user",
    "passkey": "20/m/ip",
    "elsewhere": "20/m/ip",
    # An office comes in from one address in the morning; a bad answer costs a signature check.
    "elsewhere_answer": "120/m/ip",
    "scim": "600/m/key",
    "scim_refused": "20/m/ip",
    # By a guest's link; pages and pictures, and addresses of no link from one place.
    "guest_writes": "20/10m/key",
    "guest_reads": "600/10m/key",
    "guest_guesses": "60/10m/ip",
    # By a calendar's link: calendars ask a few times an hour, the busiest every minute.
    "feed_reads": "60/10m/key",
}
SIGN_IN_PROVIDERS = _providers()
PASSWORD_RESET_TIMEOUT = 2 * 3600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LANGUAGE_COOKIE_NAME = "yanzhen_language"
USE_I18N = True
# The kernel is no app, so its sentences are found here.
LOCALE_PATHS = [PACKAGE / "kernel" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "web" / "collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Outside every web root: files leave only through library/views, which ask who is there.
    "media": _media_store(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA / "media"
# On the same disk as the store, so that a file is moved there whole or not at all.
FILE_UPLOAD_TEMP_DIR = DATA / "incoming"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

_mail = urlsplit(ENV.mail_url)
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if ENV.mail_url
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
DEFAULT_FROM_EMAIL = ENV.mail_from
#: Seconds for each step of talking to the mail server; a hanging one must not hang the loop.
EMAIL_TIMEOUT = 10

YANZHEN_ADAPTERS = "yanzhen.config.adapters"
YANZHEN_TELLING = "yanzhen.config.telling"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "yanzhen.config.log_lines.Line",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENV.log_level.upper()},
    "loggers": {
        # httpx logs whole addresses at info; sign-in addresses carry codes.
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "WARNING"},
        # oauthlib writes what it signs, access tokens among it, at debug.
        "oauthlib": {"level": "WARNING"},
        # So do botocore and what it sends with: signed requests, whole.
        "boto3": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
        "s3transfer": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
        # Its own handler would write addresses whole, secrets included.
        "uvicorn.access": {"handlers": ["console"], "propagate": False},
    },
}
