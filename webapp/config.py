"""Settings: defaults, then `instance/config.py`, then the environment (`CLAIMTAG_*`); read here and nowhere else."""

import hashlib
import os
import re
import secrets
import shlex
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Config
from platformdirs import user_data_path

from webapp.domain.errors import BadSetting

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent

DEVELOPMENT_SECRET = "development only"

SESSION_LIFETIME = timedelta(days=30)
"""How long a device stays signed in."""

DEFAULTS: dict[str, Any] = {
    "BACKUP_DIR": None,  # where daily backups go; `backups` in the instance folder, unless set
    "BASE_URL": None,  # https://claimtag.example.org: what links are built from when the app is served to others
    "SERVED_AT": "http://127.0.0.1:8765",  # set by `serve` to where it listens
    "HOSTS": (),  # names by which others reach this server, besides the machine's own and that of BASE_URL
    "DATABASE_URL": None,  # the SQLite file in the instance folder, unless set
    "SECRET_KEY": None,  # made at the first start, unless set
    "LOG": "text",  # a line for each request: text, json or off
    "LOG_DIR": None,  # folder of the log files; `logs` in the instance folder, unless set; - is standard error
    "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 6 * 1024 * 1024,
    "PERMANENT_SESSION_LIFETIME": SESSION_LIFETIME,
    "SESSION_REFRESH_EACH_REQUEST": False,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SQLALCHEMY_TRACK_MODIFICATIONS": False,
    "TRUSTED_PROXY": None,  # the address of a proxy, believed about where a request came from and whether over TLS
    "WTF_CSRF_TIME_LIMIT": None,  # the default hour breaks autosave on an open page
}
FROM_ENVIRONMENT = ("BACKUP_DIR", "BASE_URL", "DATABASE_URL", "HOSTS", "LOG", "LOG_DIR", "SECRET_KEY", "TRUSTED_PROXY")


def instance_path() -> Path:
    """Where the data lies: `CLAIMTAG_INSTANCE`, else the checkout's `instance/`, else the user's data folder."""
    if named := os.environ.get("CLAIMTAG_INSTANCE"):
        return Path(named).resolve()
    if in_checkout():
        return CHECKOUT / "instance"
    return user_data_path("claimtag")


def in_checkout() -> bool:
    """Whether the package lies in a checkout, and not among the packages of a Python."""
    return (CHECKOUT / "pyproject.toml").exists()


def command(*words: str) -> str:
    """How a person types one of our commands here: through `run.py` in a checkout, by its name once installed."""
    return f"{'python3 run.py' if in_checkout() else 'claimtag'} {shlex.join(words)}"


def resources(name: str) -> Path:
    """The folder of templates, static files, seeds or docs: inside the installed package, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else CHECKOUT / name


def load(config: Config, instance: Path, overrides: dict[str, Any] | None = None) -> None:
    """Fill the app's settings, weakest first, and make the secret key if there is none yet."""
    instance.mkdir(parents=True, exist_ok=True)
    config.from_mapping(DEFAULTS)
    try:
        config.from_pyfile(str(instance / "config.py"), silent=True)
    except SyntaxError as error:
        raise BadSetting(f"{instance / 'config.py'}, line {error.lineno}: {error.msg}.") from None
    for name in FROM_ENVIRONMENT:
        if value := os.environ.get(f"CLAIMTAG_{name}"):
            config[name] = value
    config.from_mapping(overrides or {})

    config["SECRET_KEY"] = config["SECRET_KEY"] or secret_key(instance)
    if config["SECRET_KEY"] == DEVELOPMENT_SECRET and not config.get("DEBUG"):
        raise BadSetting("The development secret is set; remove it from the settings and a real one is made.")
    _explain(instance)
    config["INSTANCE"] = instance
    config["BACKUP_DIR"] = Path(config["BACKUP_DIR"] or instance / "backups").absolute()
    config["HOSTS"] = listed(config["HOSTS"])
    config["DATABASE_URL"] = config["DATABASE_URL"] or f"sqlite:///{instance / 'claimtag.sqlite'}"
    config["SQLALCHEMY_DATABASE_URI"] = config["DATABASE_URL"]
    # Cookies and localStorage ignore or share ports in different ways; the id keeps two instances apart in both.
    config["INSTANCE_ID"] = hashlib.sha256(config["SECRET_KEY"].encode()).hexdigest()[:8]
    config["SESSION_COOKIE_NAME"] = f"claimtag_{config['INSTANCE_ID']}"
    config["SESSION_COOKIE_SECURE"] = str(config["BASE_URL"] or "").startswith("https://")


def _explain(instance: Path) -> None:
    """Say in the folder itself what people who look into it need to know before they copy it."""
    readme = instance / "README.txt"
    if not readme.exists():
        with suppress(OSError):
            readme.write_text(README)


README = f"""All the data of Claimtag lies in this folder.

claimtag.sqlite and, while it is in use, claimtag.sqlite-wal and claimtag.sqlite-shm are one database.
Do not copy claimtag.sqlite by hand (cp, a synchronised folder, a file manager) while Claimtag runs: the
newest answers stand in claimtag.sqlite-wal, the copy lacks them, and SQLite still calls it whole.

    {command("backup", "FILE")}     writes everything into one file, also while Claimtag runs
    {command("restore", "FILE")}    puts such a file in the database's place; stop Claimtag before
    {command("doctor")}          looks over everything and says what to do

backups/    the backups made every day
secret_key  signs the sessions; keep it to yourself
claimtag.sqlite.before-...    copies from before an update, the newest of each kept
claimtag.sqlite.replaced-...  what a restore moved aside; delete it when you no longer need it
"""


def process_environment(more: dict[str, str]) -> dict[str, str]:
    """The environment of this process and some more, for a program that it starts."""
    return {**os.environ, **more}


def listed(hosts: str | Iterable[str] | None) -> tuple[str, ...]:
    """The setting HOSTS; from the environment it comes as words with spaces or commas between them."""
    words = re.split(r"[\s,]+", hosts) if isinstance(hosts, str) else hosts or ()
    return tuple(word for word in words if word)


def base_url(config: Config) -> str:
    """The address that links for people are built from: the configured one, or where the server listens."""
    return str(config["BASE_URL"] or config["SERVED_AT"]).rstrip("/")


def secret_key(instance: Path) -> str:
    """The key in `secret_key`, made when missing; readable by its owner alone."""
    path = instance / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    key = path.read_text().strip()
    if not key:
        raise BadSetting(f"{path} is empty; delete it and a new key is made (everyone has to sign in again).")
    return key
