"""What speaks to a phone, as a platform's room would."""

from bot.delivery.outlet import Outlet, Say
from bot.delivery.replies import LiveReplies
from bot.message import Platform
from bot.phrases import Phrasebook
from bot.platforms.outbox import Letter, Outbox
from bot.platforms.speaking import Speaker
from bot.reply import Reply
from tests.doubles.outlet import PhoneOutlet
from tests.doubles.showing import Showing
from tests.doubles.telegram_dialogue import ScriptedDialogue

PHRASES = Phrasebook.load()


class PhoneSpeaker(Speaker[str]):
    """Speaks to the phone of a showing.

    Attributes:
        showing: where answers are shown.
        dialogue: knows languages.
        replied: what the bot said itself, and where.
        whispered: what it said to somebody alone.
        opened: where answers went, in which language, of which exchange.
    """

    def __init__(self) -> None:
        self.showing = Showing()
        self.dialogue = ScriptedDialogue(Platform.DISCORD)
        self.replied: list[tuple[str, str]] = []
        self.whispered: list[tuple[str, str]] = []
        self.opened: list[tuple[str, str, int]] = []
        time = self.showing.time.time
        replies = LiveReplies(self.showing.ledger, self.dialogue.undeliverable, time)
        super().__init__(Outbox(time, _nobody_left), replies, self.dialogue, PHRASES)

    def reply(self, place: str, reply: Reply) -> None:
        if reply.text:
            self.replied.append((place, reply.text))

    def whisper(self, person: str, reply: Reply) -> None:
        if reply.text:
            self.whispered.append((person, reply.text))

    def _outlet(self, place: str, say: Say, exchange_id: int) -> Outlet:
        self.opened.append((place, say("button.stop"), exchange_id))
        return PhoneOutlet(self.showing.phone, self.showing.pace)


async def _nobody_left(_letter: Letter) -> None:
    raise AssertionError
