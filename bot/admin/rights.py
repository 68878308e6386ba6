"""Who may decide about whom: owners about all but themselves, admins about those below them."""

from dataclasses import dataclass

from bot.access import Access
from bot.admin.errors import Refusal
from bot.message import PersonKey
from storage.records import PersonRole

IN_CHARGE = frozenset({PersonRole.OWNER, PersonRole.ADMIN})
"""Roles that give rights over others."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something.

    Attributes:
        role: theirs.
        person: who they are; None: whoever sits at the machine.
    """

    role: PersonRole | None
    person: PersonKey | None


SHELL = Actor(PersonRole.OWNER, None)
"""Who sits at the machine: who has the files has everything."""


def check(access: Access, by: Actor, person: PersonKey, role: PersonRole | None) -> None:
    """Let pass who may decide about a person that has a role.

    Raises:
        Refusal: they may not.
    """
    check_in_charge(by)
    if by.person == person:
        raise Refusal("admin.yourself")
    if access.is_fixed(person.platform, person.native_id):
        raise Refusal("admin.fixed", person=person)
    if role in IN_CHARGE:
        check_owner(by)


def check_in_charge(by: Actor) -> None:
    """Let owners and admins pass.

    Raises:
        Refusal: it is none.
    """
    if by.role not in IN_CHARGE:
        raise Refusal("command.not_admin", command="/admin")


def check_owner(by: Actor) -> None:
    """Let owners pass.

    Raises:
        Refusal: it is none.
    """
    if by.role is not PersonRole.OWNER:
        raise Refusal("admin.owners_only")
