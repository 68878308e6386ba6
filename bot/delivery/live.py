"""One answer on its way to a person, from the first notice to the last edit."""

import logging
from collections.abc import Awaitable, Callable

from bot.delivery.attempts import Attempts
from bot.delivery.ending import ending, remark
from bot.delivery.indicator import typing_meanwhile
from bot.delivery.ledger import NOTICE, Notes
from bot.delivery.messages import Messages, Step
from bot.delivery.nonces import Nonces
from bot.delivery.outlet import Button, DeliveryError, FloodError, Outlet, PlaceGoneError, Say
from bot.delivery.pace import Time, never
from bot.delivery.picture import Picture, growing, notice
from bot.delivery.progress import progress_line
from bot.delivery.stream import AnswerStream, Ended, Phase, Snapshot

_log = logging.getLogger("ostro.delivery")

_NOTICE_SECONDS = 1.5
"""What passes sooner than this has no notice: it would only flash."""
_TO_DELIVER = frozenset({Ended.STOP, Ended.LENGTH, Ended.CUT, Ended.BROKEN, Ended.EXPIRED})
"""Endings after which what is stored, an answer or an offer to answer, waits to be delivered."""


class LiveReply:
    """Shows one answer: a notice before it, its text while it grows, and all of it in the end.

    At each moment there is a picture of what should stand in the messages; the reply goes there
    step by step, in turns that the place allows. What fails is tried again towards the picture of
    then, so that the latest text wins and nothing is lost.

    Args:
        stream: the answer.
        outlet: where it goes.
        say: phrases in the chat's language.
        notes: where the messages of this exchange are noted.
        nonces: what messages are called when they are sent.
        time: the clock, and the way to wait.
        earlier: waits until answers that begun before this one in the same place are shown.
    """

    def __init__(
        self,
        stream: AnswerStream,
        outlet: Outlet,
        say: Say,
        notes: Notes,
        nonces: Nonces,
        time: Time,
        earlier: Callable[[], Awaitable[None]],
    ) -> None:
        self._stream = stream
        self._outlet = outlet
        self._pace = outlet.pace
        self._say = say
        self._notes = notes
        self._time = time
        self._earlier = earlier
        self._messages = Messages(stream, outlet, notes, nonces)
        self._attempts = Attempts(self._messages, outlet.pace, time)
        self._said = ""

    async def show(self) -> None:
        """Show the answer up to its end, and note that it was seen where it is complete.

        Raises:
            PlaceGoneError: nobody is there to receive it.
            DeliveryError: its end is refused again and again.
        """
        await self._messages.recall()
        async with typing_meanwhile(self._stream, self._outlet, self._time):
            await self._preview()
        await self._finish(self._stream.latest)

    async def _preview(self) -> None:
        """Show what passes. Where that is refused the rest is not shown before the end."""
        try:
            await self._while_it_grows()
        except PlaceGoneError:
            raise
        except DeliveryError as error:
            _log.warning(
                "exchange %d: nothing more is shown until its end: %s",
                self._stream.exchange_id,
                error,
            )
            async for _ in self._stream.snapshots():
                pass
            self._attempts = Attempts(self._messages, self._pace, self._time)

    async def _while_it_grows(self) -> None:
        async for _ in self._stream.snapshots():
            while not self._ended():
                await self._let_earlier_end()
                step = self._messages.step(self._picture(self._stream.latest))
                if step is None:
                    break
                if await self._passing_turn(step):
                    await self._take_if_still(step)

    async def _finish(self, last: Snapshot) -> None:
        await self._let_earlier_end()
        picture = self._last_picture(last)
        while (step := self._messages.step(picture)) is not None:
            await self._turn(step)
            await self._try(step, over=never)
        if last.ended in _TO_DELIVER:
            await self._notes.delivered(last.revision)
        elif last.ended is not Ended.PAUSED:
            await self._notes.shown(last.revision)

    def _ended(self) -> bool:
        return self._stream.latest.ended is not None

    def _line(self) -> str | None:
        return progress_line(self._stream.latest, self._say)

    async def _let_earlier_end(self) -> None:
        if has_begun(self._stream.latest):
            await self._earlier()

    # What should be there

    def _picture(self, now: Snapshot) -> Picture:
        """While it goes on: what an earlier run or work left stays until there is a new text."""
        picture: Picture = self._messages.kept()
        line = progress_line(now, self._say)
        if now.phase is Phase.ANSWERING:
            parts = growing(now.text, self._outlet.split, line)
            first = parts.get(0)
            if first is not None and (first.opening is not None or 0 in self._messages):
                return {part: None for part in picture if part != NOTICE} | parts
        return picture if line is None else {**picture, **notice(line, Button.STOP)}

    def _last_picture(self, last: Snapshot) -> Picture:
        if last.ended in {Ended.PAUSED, Ended.CANCELLED}:
            # The text is empty where other work had begun: what it was to replace is still there.
            last = last._replace(text=last.text.strip() or self._said)
            if not last.text or 0 not in self._messages:
                return self._unbegun_picture(last)
        keeps = self._outlet.keeps_buttons
        return ending(last, self._say, self._outlet.split, keeps_buttons=keeps)

    def _unbegun_picture(self, last: Snapshot) -> Picture:
        picture: Picture = self._messages.kept()
        if NOTICE not in picture:
            return picture
        if last.ended is Ended.PAUSED:
            return {**picture, **notice(remark(last, self._say, blank=True))}
        return {part: None for part in picture if part != NOTICE}

    # How it gets there

    async def _passing_turn(self, step: Step) -> bool:
        """Wait for the turn of what passes; False: it has passed."""
        if step.part == NOTICE and step.content is not None:
            lasts = not step.anew or await self._time.wait(_NOTICE_SECONDS, self._has_no_line)
            return lasts and await self._pace.preview(self._has_no_line)
        if step.anew or step.content is None:
            await self._turn(step)
            return True
        return await self._pace.preview(self._ended)

    def _has_no_line(self) -> bool:
        return self._line() is None

    async def _turn(self, step: Step) -> None:
        if step.content is None:
            await self._pace.allowed()  # platforms do not count what is removed
        else:
            await self._pace.turn()

    async def _take_if_still(self, step: Step) -> None:
        """Take a step with the latest text, unless something else is to be done by now."""
        now = self._stream.latest
        latest = self._messages.step(self._picture(now))
        if latest is None or not latest.is_like(step):
            return
        if latest.part != NOTICE:
            self._said = now.text.strip()
        await self._try(latest, over=self._ended)

    async def _try(self, step: Step, over: Callable[[], bool]) -> None:
        if await self._attempts.make(step, over) and step.rings:
            await self._take_older_buttons()

    async def _take_older_buttons(self) -> None:
        """Buttons stand below a chat's newest answer only; an offer to answer is none."""
        if not self._outlet.keeps_buttons or self._stream.latest.ended is Ended.EXPIRED:
            return
        older = await self._notes.before()
        if older is None:
            return
        await self._pace.turn()
        try:
            await self._outlet.take_buttons(older)
        except FloodError as error:
            self._pace.hold(error.seconds)
        except DeliveryError as error:  # who presses an old button is told that it is old
            _log.debug("buttons stay below message %s: %s", older, error)


def has_begun(snapshot: Snapshot) -> bool:
    """Say whether there is something of an answer itself."""
    return snapshot.phase in {Phase.ANSWERING, Phase.ENDED}
