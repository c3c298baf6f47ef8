"""The table of contents: settings, database, guard, then the features in the order of the work."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

from webapp import (
    access,
    body_limits,
    compression,
    config,
    errors,
    health,
    jobs,
    logs,
    problems,
    save_queue,
    templating,
)
from webapp.accounts.routes import bp as accounts
from webapp.adjudication.routes import bp as adjudication
from webapp.api.claims import bp as api_claims
from webapp.api.routes import bp as api
from webapp.articles.actions import IMPORT, run_import
from webapp.articles.routes import bp as articles
from webapp.audit.routes import bp as audit
from webapp.claims.routes import bp as claims
from webapp.codebooks.routes import bp as codebooks
from webapp.coming_in.routes import bp as coming_in
from webapp.db import db, engine_options, prepare_engine, reads_only
from webapp.export.packages_kept import run_package
from webapp.export.routes import bp as export
from webapp.front_door import FrontDoor
from webapp.help.routes import bp as help_
from webapp.ids import RowId
from webapp.inbox.routes import bp as inbox
from webapp.logs import RequestLog
from webapp.models import PACKAGE
from webapp.profiles.routes import bp as profiles
from webapp.projects.routes import bp as projects
from webapp.reading.routes import bp as reading
from webapp.repair.routes import bp as repair
from webapp.review.routes import bp as review
from webapp.rounds.routes import bp as rounds
from webapp.save_queue import QueueingFlask
from webapp.search.routes import bp as search
from webapp.session_cookie import SessionCookie
from webapp.sources.routes import bp as sources
from webapp.stability.routes import bp as stability
from webapp.tagging.routes import bp as tagging
from webapp.team.routes import bp as team

ASKING = frozenset({"GET", "HEAD", "OPTIONS"})


class Claimtag(QueueingFlask):
    """The app, in which a request that only asks cannot change anything."""

    def full_dispatch_request(self) -> Response:
        if request.method not in ASKING:
            return super().full_dispatch_request()
        with reads_only():
            return super().full_dispatch_request()

    def log_exception(self, exc_info: logs.ExceptionInfo) -> None:
        logs.tell_failure(exc_info)


def create_app(instance: Path | None = None, settings: dict[str, Any] | None = None) -> Flask:
    """The app over the data of one instance folder; `settings` override those of files and environment."""
    instance = instance or config.instance_path()
    app = Claimtag(
        "webapp",
        instance_path=str(instance),
        static_folder=None,
        template_folder=str(config.resources("templates")),
    )
    config.load(app.config, instance, settings)

    app.session_interface = SessionCookie()
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    app.url_map.converters["int"] = RowId
    app.url_map.merge_slashes = False  # its redirects would take the host from the request
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    save_queue.init_app(app)
    Migrate(app, db, directory=str(config.PACKAGE / "migrations"))
    logs.init_app(app)
    body_limits.init_app(app)
    # The guard comes before the check against forgery, which reads the form: strangers upload nothing.
    access.init_app(app)
    csrf = CSRFProtect(app)
    for by_header in (api, api_claims):  # whose calls carry the token in a header, which the guard checks
        csrf.exempt(by_header)
    errors.init_app(app)
    templating.init_app(app)
    health.init_app(app)
    for feature in (
        accounts,
        projects,
        articles,
        repair,
        tagging,
        codebooks,
        sources,
        claims,
        search,
        review,
        adjudication,
        reading,
        profiles,
        rounds,
        stability,
        export,
        coming_in,
        team,
        inbox,
        help_,
        audit,
        api,
        api_claims,
    ):
        app.register_blueprint(feature)
    jobs.register(IMPORT, run_import)
    jobs.register(PACKAGE, _make_package)
    app.after_request(_keep_out_of_caches)
    compression.init_app(app)
    app.wsgi_app = RequestLog(FrontDoor(app.wsgi_app, app.config))  # type: ignore[method-assign]
    return app


def _make_package(job_id: int) -> None:
    run_package(Path(current_app.instance_path), job_id)


def _keep_out_of_caches(response: Response) -> Response:
    if response.mimetype in ("text/html", "application/json", problems.MEDIA_TYPE):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
