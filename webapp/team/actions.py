"""Writes about a team: people added and taken in from a list, and work handed out to all of them."""

from dataclasses import dataclass

from webapp.accounts.actions import add_user, new_invitation
from webapp.domain.assignment import check_overlap
from webapp.domain.errors import BadAccount, BadTeam
from webapp.domain.team import team_from
from webapp.models import Actor, Project, Role, User
from webapp.projects.actions import Wish, add_member, carry_out, planned, set_standing_plan
from webapp.projects.queries import analysts_of, members_of, size_of
from webapp.team import queries


@dataclass(frozen=True)
class Invited:
    """Somebody who still has to choose a password, and the token of the link by which they do."""

    name: str
    token: str


def take_in(project: Project, text: str, by: Actor) -> tuple[int, list[Invited]]:
    """Take the people of a pasted list into the project; those whom there are not yet are added first.

    Returns how many they are, and the invitations of those without a password. Raises BadTeam before anything is
    written where a line says nothing; BadAccount where a name was taken meanwhile.
    """
    listed = team_from(text, [role.value for role in Role])
    known = queries.people_named([one.name for one in listed])
    if gone := [name for name, user in known.items() if not user.is_active]:
        raise BadTeam([f"“{name}” is deactivated; reactivate the person under People first." for name in gone])
    invited = []
    for one in listed:
        person = known.get(one.name) or add_user(one.name, by=by)
        add_member(project, person, {Role(role) for role in one.roles} | _held(project, person), by)
        if person.password_hash is None:
            invited.append(Invited(person.name, new_invitation(person, by)))
    return len(listed), invited


def _held(project: Project, person: User) -> set[Role]:
    """What the person does in the project already, which a list does not take from them."""
    found = [member.roles for member in members_of(project) if member.user_id == person.id]
    return found[0] if found else set()


def invite_again(project: Project, user_id: int, by: Actor) -> Invited:
    """A new link for a member who has not chosen a password yet. Raises BadAccount."""
    for member in members_of(project):
        person = member.user
        if member.user_id == user_id and person.is_active and person.password_hash is None:
            return Invited(person.name, new_invitation(person, by))
    raise BadAccount("This person signs in already, or is not in the team; reload the page.")


def hand_out_evenly(project: Project, overlap: int, by: Actor, *, also_new: bool = False) -> int:
    """Hand out by plan whatever is missing so that each article has so many analysts; `also_new` makes it the rule for
    articles to come. Raises BadPlan, BadProject.
    """
    check_overlap(overlap)
    count = 0
    if size_of(project).articles:
        wish = Wish([member.user_id for member in analysts_of(project)], overlap)
        expected = len(planned(project, wish).plan.new)
        count = carry_out(project, wish, expected, by) if expected else 0
    set_standing_plan(project, overlap if also_new else None, by)
    return count
