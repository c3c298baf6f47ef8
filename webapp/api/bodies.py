"""What a script or program sends: a JSON object."""

from typing import Any

from flask import request

from webapp.domain.errors import BadAnswer


def json_body() -> dict[str, Any]:
    """The JSON object sent. Raises BadAnswer for anything else."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # nested deeper than any answer is
        body = None
    if not isinstance(body, dict):
        raise BadAnswer("The body must be a JSON object.")
    return body
