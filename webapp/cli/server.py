"""Commands that start the server and let people in."""

import socket
import sys
import tempfile
import threading
import webbrowser
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask

from webapp import demo, logs, server_lock, serving, visibility
from webapp.accounts import actions as accounts
from webapp.accounts import queries as people
from webapp.app import create_app
from webapp.cli.apps import app_until_the_end, prepared_app
from webapp.cli.group import main
from webapp.config import base_url, command
from webapp.db import database_file, db, now
from webapp.models import User, Via
from webapp.reruns import again
from webapp.worker import DailyBackups, start_on_demand, work

DEFAULT_PORT = 8765
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port, or the next free one.")
@click.option("--no-browser", is_flag=True, help="Print the sign-in link and open nothing.")
def serve(host: str, port: int, no_browser: bool) -> None:
    """Start the server and open it in the browser, signed in."""
    started_at = now()
    app = app_until_the_end()
    with app.app_context():
        if file := database_file():
            server_lock.take(file, "serves it")
        owner = serving.set_up()
        alone = serving.is_loopback(host)
        if not alone and not people.somebody_has_a_password():
            raise click.ClickException(
                f"Others can reach {host}, so an account with a password must exist first: "
                f"{command('user', 'password', owner.name)}"
            )
        listener = _listener(app, host, port)
        if file:
            server_lock.tell(file, f"serves it at {app.config['SERVED_AT']}")
        link = sign_in_link(app, owner)
    click.echo(f"Claimtag is ready. This link signs {owner.name} in, once, within 15 minutes:\n\n    {link}\n")
    click.echo(f"Ctrl+C stops it; `{command('link')}` prints another link.")
    sys.stdout.flush()
    if not no_browser:
        threading.Timer(0.2, webbrowser.open, [link]).start()
    start_on_demand(app, started_at)
    serving.serve_forever(app, listener)


def _listener(app: Flask, host: str, port: int) -> socket.socket:
    """A listening socket on the port, or the next free one, and the app told where that is."""
    try:
        listener, is_wanted = serving.bound_socket(host, port)
    except OSError as refused:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {refused.strerror or refused}.") from None
    bound = listener.getsockname()[1]
    if not is_wanted and port:
        click.echo(f"Port {port} is taken, so this is port {bound}.")
    app.config["SERVED_AT"] = f"http://{_reachable(host)}:{bound}"
    return listener


@main.command(name="demo")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port, or the next free one.")
@click.option("--no-browser", is_flag=True, help="Print the sign-in links and open nothing.")
def demo_(port: int, no_browser: bool) -> None:
    """Serve a made-up project, with four analysts' tags, from a database that is thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="claimtag-demo-", ignore_cleanup_errors=True) as folder:
        app = create_app(Path(folder), demo.settings(Path(folder)))
        serving.migrate(app)
        with app.app_context():
            supervisor = demo.fill()
            listener = _listener(app, "127.0.0.1", port)
            link = f"{base_url(app.config)}/sign-in/{accounts.new_link(supervisor)}?next={demo.START}"
            analyst = people.user_named(demo.ANALYSTS[0].name)
            other = f"{base_url(app.config)}/sign-in/{accounts.new_link(analyst)}"
            db.session.remove()
        click.echo(f"The demo is ready. This link signs its supervisor in, once, within 15 minutes:\n\n    {link}\n")
        click.echo(f"To see it as an analyst does, in another browser: {other}")
        click.echo("Ctrl+C stops it and throws everything away.")
        sys.stdout.flush()
        if not no_browser:
            threading.Timer(0.2, webbrowser.open, [link]).start()
        threading.Thread(target=work, args=(app, False), daemon=True).start()
        serving.serve_forever(app, listener)


def sign_in_link(app: Flask, user: User) -> str:
    """A fresh one-time link that leads to the article to go on with."""
    address = f"{base_url(app.config)}/sign-in/{again(accounts.new_link, user)}"
    for article_id in visibility.ids_to_go_on_with(visibility.actor_for(user, Via.SHELL)):
        return f"{address}?next=/articles/{article_id}"
    return address


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "localhost"
    return f"[{host}]" if ":" in host else host


@main.command()
@click.argument("user", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Host the server listens on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port the server listens on.")
def link(user: str | None, host: str, port: int) -> None:
    """Print a one-time sign-in link for USER, or for the person who set the app up."""
    app = prepared_app()
    with app.app_context():
        person = people.user_named(user) if user else people.first_user() or serving.set_up()
        app.config["SERVED_AT"] = f"http://{_reachable(host)}:{port}"
        click.echo(sign_in_link(app, person))


@main.command()
@click.option("--until-closed", is_flag=True, help="Stop when standard input closes.")
@click.option("--until-idle", type=float, help="Stop when no work has come for so many seconds; makes no backups.")
def worker(until_closed: bool, until_idle: float | None) -> None:
    """Do long work, such as imports, and a backup every day, until stopped. `serve` starts one when there is work."""
    app = app_until_the_end()
    logs.start(app.config, "worker")
    # Started by hand it does not know what the server's own start has copied, and drops no copy.
    daily = DailyBackups(app.config["BACKUP_DIR"], LONG_AGO) if until_idle is None else None
    work(app, until_closed, daily, until_idle)
