"""Whether the app is up: for the start-up, for monitors, and for the desk."""

from flask import Blueprint, jsonify
from sqlalchemy import text
from werkzeug.wrappers import Response

from webapp import __version__
from webapp.access import ANYONE, allow
from webapp.db import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow(ANYONE)
def healthz() -> Response:
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok", version=__version__)
