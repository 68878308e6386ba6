"""Who is answered, and who may order the bot about: decided from what is known, without waiting."""

from collections.abc import Collection, Iterable, Iterator

from bot.message import Author, ChatKey, Platform, Visitor
from storage.records import Chat, Person, PersonRole, Rule

_IN_CHARGE = frozenset({PersonRole.OWNER, PersonRole.ADMIN})
_LET_IN = frozenset({PersonRole.ADMIN, PersonRole.MEMBER})
"""Given by somebody else; who becomes the owner by a code is told so."""


class Access:
    """The roles of people and the rules for places, as they were last read.

    A person is a platform and what it calls them: the same number on two platforms is two people.

    Attributes:
        newcomers: who was let in, and nothing was granted to before; whoever welcomes them takes
            them out.

    Args:
        owners: such as ``telegram:123``, whatever is stored.
        open_to_all: whether all others are answered too.
    """

    def __init__(self, owners: Collection[str], *, open_to_all: bool) -> None:
        self._fixed = {_person(*owner.split(":", 1)) for owner in owners}
        self._open_to_all = open_to_all
        self._roles: dict[tuple[str, str], PersonRole] | None = None
        self.newcomers: set[tuple[str, str]] = set()
        self._rules: dict[tuple[str, str], bool] = {}

    def know(self, people: Iterable[Person], rules: Iterable[Rule]) -> None:
        """Learn what is stored, in place of what was known before."""
        roles = {(one.platform, one.native_id): one.role for one in people if one.role is not None}
        if self._roles is not None:
            unknown = roles.keys() - self._roles.keys() - self._fixed
            self.newcomers |= {one for one in unknown if roles[one] in _LET_IN}
        self._roles = roles
        self._rules = {(one.platform, one.native_id): one.allowed for one in rules}

    def own(self, platform: str, native_id: str) -> None:
        """Learn that somebody is an owner, whatever is stored: their platform says so."""
        self._fixed.add(_person(platform, native_id))

    def is_fixed(self, platform: str, native_id: str) -> bool:
        """Say whether somebody is an owner by settings or by their platform."""
        return (platform, native_id) in self._fixed

    def role(self, platform: str, native_id: str) -> PersonRole | None:
        """Return what somebody was made; None: nothing was."""
        if self.is_fixed(platform, native_id):
            return PersonRole.OWNER
        return (self._roles or {}).get((platform, native_id))

    def is_admin(self, platform: str, native_id: str) -> bool:
        """Say whether somebody may do what concerns others: owners and admins may."""
        return self.role(platform, native_id) in _IN_CHARGE

    def owners(self) -> list[tuple[str, str]]:
        """Return all owners: platform, and what it calls them."""
        return self._with_role({PersonRole.OWNER})

    def admins(self) -> list[tuple[str, str]]:
        """Return all who may order the bot about, owners among them."""
        return self._with_role(_IN_CHARGE)

    def _with_role(self, roles: Collection[PersonRole]) -> list[tuple[str, str]]:
        stored = (one for one, role in (self._roles or {}).items() if role in roles)
        return sorted({*self._fixed, *stored})

    def allows(self, visitor: Visitor) -> bool:
        """Say whether somebody is answered where they are.

        Blocked people are answered nowhere, those in charge everywhere. In private a person needs
        to be let in; where many talk, the place.
        """
        platform, native_id = visitor.chat.platform, visitor.author.native_id
        role = self.role(platform, native_id)
        if role is PersonRole.BLOCKED or role in _IN_CHARGE:
            return role is not PersonRole.BLOCKED
        if visitor.kind == "private":
            return role is PersonRole.MEMBER or self._open_to_all
        rule = self.place(platform, visitor.chat.native_id)
        return self._open_to_all if rule is None else rule

    def answers(self, chat: Chat, native_id: str) -> bool:
        """Say whether ``allows`` holds for somebody, by their native id, in a chat as stored."""
        where = ChatKey(Platform(chat.platform), chat.native_id)
        return self.allows(Visitor(where, chat.kind, Author(native_id, "")))

    def place(self, platform: str, native_id: str) -> bool | None:
        """Say whether a place is let in; None: nobody has decided.

        What was decided for the smallest place that it is in counts: a channel before its server.
        """
        for place in _around(native_id):
            rule = self._rules.get((platform, place))
            if rule is not None:
                return rule
        return None


def _person(platform: str, native_id: str) -> tuple[str, str]:
    return str(platform), native_id


def _around(native_id: str) -> Iterator[str]:
    """Yield a place and all that it is in, smallest first: ``A/B`` is in ``A``."""
    while native_id:
        yield native_id
        native_id = native_id.rpartition("/")[0]
