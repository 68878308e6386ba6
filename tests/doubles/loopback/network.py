"""Where a server can be reached, and the network in front of it, which can fail."""

from tests.doubles.loopback.door import Door


class Network:
    """What a test does to the network."""

    _door: Door | None = None

    def open_at(self, door: Door) -> None:
        """Say where it can be reached."""
        self._door = door

    @property
    def door(self) -> Door:
        """Where it can be reached."""
        assert self._door is not None, "not served yet"
        return self._door

    def down(self) -> None:
        """Let the network fail: connections break, and new ones are refused."""
        self._doubt()
        self.door.down()

    def black_hole(self) -> None:
        """Let the network take everything and give nothing back."""
        self._doubt()
        self.door.swallow()

    def go_stale(self) -> None:
        """Never answer on the connections that are open now, as after a sleep; new ones work."""
        self._doubt()
        self.door.silence()

    def up(self) -> None:
        """Let the network work again after ``down`` or ``black_hole``."""
        self.door.up()

    def _doubt(self) -> None:
        """Note, where a rule depends on it, that the bot cannot know what it has done."""
