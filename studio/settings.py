"""Settings, read from the environment; every default starts a studio on one laptop.

KAIJI_DATA     folder of database, media, broker files (default: var/ beside manage.py)
DATABASE_URL   postgres://user:password@host/name (default: SQLite in KAIJI_DATA)
REDIS_URL      redis://host:6379/0 (default: broker files and cache table)
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("KAIJI_DATA") or BASE_DIR / "var").resolve()


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(int(default))).strip().lower() in {"1", "true", "yes", "on"}


def _secret_key() -> str:
    """The key from the environment, else one made on the first start and kept beside the data."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = DATA_DIR / "secret_key"
    try:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Web, worker and clockwork may start at the same moment: whoever links first has made the key, and nobody
            # reads one half written.
            draft = path.with_name(f"secret_key.{os.getpid()}")
            with open(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {DATA_DIR} cannot be written ({error.strerror}). "
            "Make it writable or point KAIJI_DATA at another folder."
        ) from None


SECRET_KEY = _secret_key()
# Keys of before: what was signed or sealed under them still opens.
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
DEBUG = _flag("DEBUG")
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
SITE_URL = os.environ.get("SITE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")

INSTALLED_APPS = [
    # Its default configuration would put its own admin site in place of ours, without our roles.
    "unfold.apps.BasicAppConfig",
    "studio.apps.KaijiAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_htmx",
    "studio.apps.StudioConfig",
    "scripts_app",
    "compliance",
    "scheduling",
    "shooting",
    "postproduction",
    "delivery",
    "finance",
    "dashboard",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "studio.middleware.ContentSecurityPolicyMiddleware",
    "studio.middleware.ApiLane",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "studio.middleware.StudioMiddleware",
]
ROOT_URLCONF = "studio.urls"
WSGI_APPLICATION = "studio.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "studio.context.shell",
            ],
        },
    }
]


# --- data -------------------------------------------------------------------------------------------------------
def _database_of(url: str) -> dict[str, Any]:
    try:
        return dict(dj_database_url.parse(url))
    except (ValueError, KeyError):
        raise ImproperlyConfigured(
            "DATABASE_URL is not an address of a database. Write it like postgres://user:password@host:5432/name, "
            "or leave it out for a file of our own."
        ) from None


DATABASES: dict[str, dict[str, Any]] = {
    "default": _database_of(os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'kaiji.sqlite3'}")
}
_database = DATABASES["default"]
if "sqlite" in _database["ENGINE"]:
    _database["OPTIONS"] = {
        # A deferred transaction that turns into a write fails at once when another writer is ahead; an immediate
        # one waits its turn for `timeout` seconds.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
else:
    # A connection per request costs 10 ms; planning the five-table joins of the lists again each time 1.2 ms.
    _database["CONN_MAX_AGE"] = None
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {}).update(
        {
            "server_side_binding": True,
            "prepare_threshold": 2,
            "options": "-c plan_cache_mode=force_generic_plan",
        }
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        # The rate limits of sign-in live in the cache, so it must be one for all processes.
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "studio_cache"}
    )
}

# --- jobs -------------------------------------------------------------------------------------------------------
BROKER_DIR = DATA_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"socket_timeout": 5, "socket_connect_timeout": 5}
else:
    CELERY_BROKER_URL = "filesystem://localhost//"  # kombu warns about an address without a host
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the jobs table carries the truth; a lost message is sent again by the sweeper
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
JOB_LEASE_SECONDS = int(os.environ.get("KAIJI_JOB_LEASE_SECONDS", "60"))
JOB_RESEND_SECONDS = int(os.environ.get("KAIJI_JOB_RESEND_SECONDS", "30"))
JOB_SWEEP_SECONDS = float(os.environ.get("KAIJI_JOB_SWEEP_SECONDS", "5"))
JOB_BACKOFF_SECONDS = int(os.environ.get("KAIJI_JOB_BACKOFF_SECONDS", "10"))

# --- people, languages, times -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "studio.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "/accounts/login/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by a studio's owner, not by strangers
ACCOUNT_ADAPTER = "studio.accounts.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Kaiji"
# Accounts are made by the owner, who knows the address; nobody verifies it by a mail first.
MFA_ALLOW_UNVERIFIED_EMAIL = True

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "kaiji_language"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Kaiji <kaiji@localhost>")

# --- files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"  # never served as such: files go out through doors that check access
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SCRIPT_UPLOAD_LIMIT = 20 * 1024 * 1024
# Scripts that were read and that nobody took over or dropped are cleared after so many days without a decision.
SCRIPT_READING_DAYS = int(os.environ.get("KAIJI_SCRIPT_READING_DAYS", "30"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 210  # a script may come as one file per episode, see scripts_app.gathering
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # a shoot day of 60 scenes posts some ten fields each

# --- safety -----------------------------------------------------------------------------------------------------
SECURE_SSL = _flag("SECURE_SSL")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL
SECURE_SSL_REDIRECT = SECURE_SSL
# Health checks come from inside, past the proxy that ends TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
# Limits on tries count by the address of the visitor, not of the proxy: the last one it added is true.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _flag("BEHIND_PROXY") else 0
X_FRAME_OPTIONS = "DENY"
# The setting name is Django 6's, so that its own middleware can take over.
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "font-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}

# --- API --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "studio.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["studio.api.permissions.VerbPermission"],
    "DEFAULT_RENDERER_CLASSES": ["studio.api.renderers.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "studio.api.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "studio.api.problems.ProblemFormatter",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kaiji API",
    "DESCRIPTION": "Scripts, shoots, post, delivery and money of a micro-drama studio.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Every room has its states; without names of their own they would be numbered.
    "ENUM_NAME_OVERRIDES": {
        "JobStateEnum": "studio.choices.JobState",
        "SceneStateEnum": "scripts_app.choices.SceneState",
        "RoundKindEnum": "scripts_app.choices.RoundKind",
        "SourceKindEnum": "scripts_app.choices.SourceKind",
        "FilingKindEnum": "compliance.choices.FilingKind",
        "FilingStateEnum": "compliance.choices.FilingState",
        "BoardStateEnum": "scheduling.choices.BoardState",
        "BookingStateEnum": "scheduling.choices.BookingState",
        "ShootDayStateEnum": "scheduling.choices.ShootDayState",
        "CallSheetStateEnum": "scheduling.choices.CallSheetState",
        "ReportStateEnum": "shooting.choices.ReportState",
        "TaskStateEnum": "postproduction.choices.TaskState",
        "MasterStateEnum": "postproduction.choices.MasterState",
        "PackageStateEnum": "delivery.choices.PackageState",
        "DeliverableStateEnum": "delivery.choices.DeliverableState",
        "StatementStateEnum": "finance.choices.StatementState",
        "SettlementStateEnum": "finance.choices.SettlementState",
        "PayoutStateEnum": "finance.choices.PayoutState",
        "PurchaseStateEnum": "finance.choices.PurchaseState",
        "StatementBatchStateEnum": "finance.choices.FileState",
        "BankBatchStateEnum": "finance.choices.BatchState",
        "SettlementKindEnum": "finance.choices.SettlementKind",
        "AccountEnum": "finance.choices.Account",
        "CostAccountEnum": "finance.choices.COST_ACCOUNT_CHOICES",
        "ExtrasKindEnum": "shooting.choices.ExtrasKind",
        "UnitEnum": "scheduling.choices.Unit",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "studio.api.problems.document_problems",
    ],
}
PAGE_SIZE = 100

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"refusals": {"()": "studio.logs.PlainRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}

UNFOLD = {
    "SITE_TITLE": "Kaiji 开机",
    "SITE_HEADER": "Kaiji 开机",
    "SITE_SUBHEADER": _("Studio desk"),
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SIDEBAR": {"show_search": True, "show_all_applications": False, "navigation": "studio.admin_site.navigation"},
    "SITE_ICON": lambda request: static("icons/kaiji.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("icons/kaiji.svg")},
    ],
    "STYLES": [lambda request: static("css/admin.css")],
    "COLORS": {},
}
