"""Commands about people."""

import click

from webapp.accounts import actions as accounts
from webapp.accounts import queries as people
from webapp.cli.apps import prepared_app, project_called
from webapp.cli.group import main
from webapp.config import base_url
from webapp.first_run import ensure_first_things
from webapp.models import SHELL, Role
from webapp.projects import actions as projects
from webapp.reruns import again


@main.group()
def user() -> None:
    """People: add, deactivate, list, and set a password."""


@user.command(name="add")
@click.argument("name")
@click.option("--admin", is_flag=True, help="May manage people and projects.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given more than once.",
)
def user_add(name: str, admin: bool, roles: tuple[str, ...]) -> None:
    """Add a person called NAME to the first project, as an analyst unless roles are named."""
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        person = again(accounts.add_user, name, is_admin=admin)
        project = project_called(None)
        held = {Role(role) for role in roles} or {Role.ANALYST}
        member = again(projects.add_member, project, person, held)
        click.echo(f"Added {person.name}, {member.coder_code} in “{project.name}”.")
        click.echo("With this link the person sets a password, once, within a day:")
        click.echo(f"{base_url(app.config)}/invitation/{again(accounts.new_invitation, person, SHELL)}")


@user.command(name="deactivate")
@click.argument("name")
def user_deactivate(name: str) -> None:
    """Deactivate the person called NAME; their work stays."""
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        person = people.user_named(name)
        again(accounts.set_active, person, False, SHELL)
        click.echo(f"{person.name} is deactivated.")


@user.command(name="password")
@click.argument("name")
@click.password_option(help="Asked for when left out.")
def user_password(name: str, password: str) -> None:
    """Set the password of the person called NAME and end their sessions."""
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        person = people.user_named(name)
        again(accounts.set_password, person, password)
        click.echo(f"The password of {person.name} is set.")


@user.command(name="list")
def user_list() -> None:
    """List the people."""
    app = prepared_app()
    with app.app_context():
        ensure_first_things()
        for person in people.all_users():
            marks = ["admin"] * person.is_admin + ["deactivated"] * (not person.is_active)
            click.echo("\t".join([person.name, *marks]))
