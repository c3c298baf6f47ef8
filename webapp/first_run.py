"""What every installation starts with: a person, a project with the codebook, and the sample article."""

import getpass

from webapp.accounts.actions import LONGEST_NAME, add_user
from webapp.accounts.queries import first_user
from webapp.articles.actions import import_upload
from webapp.articles.queries import has_articles
from webapp.config import resources
from webapp.domain import codebook
from webapp.domain.errors import BadAccount
from webapp.domain.intake.description import Description
from webapp.domain.plain_text import clear_name
from webapp.models import User
from webapp.projects.actions import ensure_first_project

SAMPLE = "000_0b380e8ba8603edd.txt"
SAMPLE_DESCRIPTION = Description(title="Russian air force chief in Tehran", outlet="debkafile", published="2013-10")


def ensure_first_things() -> User:
    """The person for whom the app was set up, after making whatever is not there yet; twice changes nothing."""
    owner = first_user() or add_user(_login_name(), is_admin=True)
    project = ensure_first_project(owner, codebook.first_text(), codebook.FIRST_VERSION)
    if not has_articles():
        upload = (resources("seeds") / SAMPLE).read_bytes()
        import_upload(project, owner, upload, SAMPLE, SAMPLE_DESCRIPTION)
    return owner


def _login_name() -> str:
    try:
        return clear_name(getpass.getuser(), LONGEST_NAME, BadAccount) or "owner"
    except (KeyError, ImportError, OSError, BadAccount):  # a container may run as a user without a name
        return "owner"
