"""One request of the bot, from its fields to its answer."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.doubles.loopback.answers import Answers
from tests.doubles.loopback.failures import Failure
from tests.doubles.loopback.planned import Failures
from tests.doubles.telegram import asking, writing
from tests.doubles.telegram.failures import TERMINATED
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


class Answering(Answers[Call]):
    """Answers requests by the rules, the rates and what is planned to fail."""

    def __init__(self, state: State, rates: Rates, failures: Failures[Json]) -> None:
        super().__init__(state.changes)
        self._state = state
        self._rates = rates
        self._failures = failures

    def _failure(self, call: Call, *, rated: bool) -> Failure | None:
        with self._state.changes.lock:
            if call.method not in KNOWN:
                self._state.violations.append(f"an unknown method: {call.method}")
                raise RefusalError(404, "Not Found: method not found")
            if rated:
                self._check_rate(call)
            failure = self._failures.next(call.method, call.chat, call.params)
            wait = failure.retry_after if failure else None
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
                raise TERMINATED.again()
            return updates.first(limit)
