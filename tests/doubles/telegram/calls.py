"""One request of the bot, from its fields to its answer."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.doubles.telegram import asking, writing
from tests.doubles.telegram.failures import CONFLICT, Failure, Failures, Way
from tests.doubles.telegram.rates import Rates
from tests.doubles.telegram.state import State
from tests.doubles.telegram.wire import Json, RefusalError, bad_request, flooded

Method = Callable[[State, Json], object]

METHODS: dict[str, Method] = {
    "answerCallbackQuery": asking.answer_callback_query,
    "deleteMessage": writing.delete_message,
    "deleteMyCommands": asking.delete_my_commands,
    "deleteWebhook": asking.delete_webhook,
    "editMessageReplyMarkup": writing.edit_message_reply_markup,
    "editMessageText": writing.edit_message_text,
    "getChatAdministrators": asking.get_chat_administrators,
    "getChatMember": asking.get_chat_member,
    "getFile": asking.get_file,
    "getMe": asking.get_me,
    "getMyCommands": asking.get_my_commands,
    "getWebhookInfo": asking.get_webhook_info,
    "sendChatAction": writing.send_chat_action,
    "sendDocument": writing.send_document,
    "sendMessage": writing.send_message,
    "setMyCommands": asking.set_my_commands,
    "setMyDescription": asking.set_my_description,
    "setMyShortDescription": asking.set_my_description,
}
KNOWN = METHODS.keys() | {"getUpdates"}  # which waits, and so is done elsewhere
_RATED = frozenset(("editMessageReplyMarkup", "editMessageText", "sendDocument", "sendMessage"))


@dataclass(slots=True)
class Call:
    """A request: when (clock of the rates), what, where, and how it was answered.

    ``status``: the HTTP status; None: it is not answered, or never was.
    """

    at: float
    method: str
    chat: int | None
    params: Json
    status: int | None = None


class CutError(Exception):
    """The connection is to break instead of an answer."""


class PageError(Exception):
    """A proxy's page is to be the answer; ``status`` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Answering:
    """Answers requests by the rules, the rates and what is planned to fail."""

    def __init__(self, state: State, rates: Rates, failures: Failures) -> None:
        self._state = state
        self._rates = rates
        self._failures = failures
        self._releases = 0

    def release(self) -> None:
        """Let all that is held in silence be answered."""
        with self._state.changes.change():
            self._releases += 1

    async def answer(self, call: Call, *, rated: bool) -> object:
        """Return the result of a request.

        Raises:
            RefusalError: it is refused.
            PageError: a page is the answer.
            CutError: there is no answer.
        """
        failure = self._failure(call, rated=rated)
        if failure is None:
            return await self._act(call)
        done = await self._act_unseen(call) if failure.acts else None
        if failure.way is Way.SILENCE:
            await self._silence()
            return done if failure.acts else await self._act(call)
        if failure.way is Way.CUT:
            raise CutError
        if failure.way is Way.PAGE:
            raise PageError(failure.refusal.status)
        raise failure.refusal.again()

    def _failure(self, call: Call, *, rated: bool) -> Failure | None:
        with self._state.changes.lock:
            if call.method not in KNOWN:
                self._state.violations.append(f"an unknown method: {call.method}")
                raise RefusalError(404, "Not Found: method not found")
            if rated:
                self._check_rate(call)
            failure = self._failures.next(call.method, call.params)
            wait = failure.refusal.parameters.get("retry_after") if failure else None
            if rated and wait and call.chat is not None and call.method in _RATED:
                self._rates.hold(call.chat, wait)
            return failure

    def _check_rate(self, call: Call) -> None:
        chat = self._state.chats.get(call.chat or 0)
        if chat is None or call.method not in _RATED:
            return
        wait = self._rates.take(chat.id, group=chat.many)
        if wait is None:
            return
        if wait.fault is not None:
            self._state.violations.append(wait.fault)
        raise flooded(wait.seconds)

    async def _act(self, call: Call) -> object:
        if call.method == "getUpdates":
            return await self._updates(call.params)
        with self._state.changes.change():
            try:
                return METHODS[call.method](self._state, call.params)
            except KeyError as missing:
                self._state.violations.append(f"{call.method} without {missing}: {call.params}")
                raise bad_request(f"{missing} is missing") from None

    async def _act_unseen(self, call: Call) -> object:
        done = await self._act(call)
        if isinstance(done, dict) and "message_id" in done:
            self._state.chats[done["chat"]["id"]].messages[done["message_id"]].unsure = True
        return done

    async def _silence(self) -> None:
        before = self._releases
        await self._state.changes.until(lambda: self._releases != before, None)

    async def _updates(self, params: Json) -> list[Json]:
        updates, changes = self._state.updates, self._state.changes
        limit = params.get("limit", 100)
        with changes.change():
            updates.allow(params.get("allowed_updates"))
            updates.confirm(params.get("offset", 0))
            poll = updates.begin_poll()
        try:
            await changes.until(
                lambda: updates.is_ended(poll) or updates.first(limit), params.get("timeout", 0)
            )
        except TimeoutError:
            return []
        with changes.lock:
            if updates.is_ended(poll):
                raise CONFLICT.refusal.again()
            return updates.first(limit)
