"""Who may talk to the bot, and who may order it about."""

from collections.abc import Collection


class Access:
    """Until there are access rules: the owners, or everyone.

    Args:
        owners: such as ``telegram:123``: the platform, and what it calls the person.
        open_to_all: whether everyone else is answered too.
    """

    def __init__(self, owners: Collection[str], *, open_to_all: bool) -> None:
        self._owners = frozenset(owners)
        self._open_to_all = open_to_all

    @property
    def anyone(self) -> bool:
        """Whether there is anyone who is answered."""
        return self._open_to_all or bool(self._owners)

    def allows(self, platform: str, native_id: str) -> bool:
        """Say whether a person is answered."""
        return self._open_to_all or self.is_admin(platform, native_id)

    def is_admin(self, platform: str, native_id: str) -> bool:
        """Say whether a person may do what concerns others: the owners may."""
        return f"{platform}:{native_id}" in self._owners
