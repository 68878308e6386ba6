"""The methods by which a bot writes, changes and deletes messages."""

from functools import partial

from tests.doubles.telegram.chats import Chat, Message
from tests.doubles.telegram.keyboards import accepted_keyboard
from tests.doubles.telegram.state import State
from tests.doubles.telegram.texts import accepted
from tests.doubles.telegram.wire import Json, bad_request

LONGEST_CAPTION = 1024
UNMODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly"
    " the same as a current content and reply markup of the message"
)


def send_message(state: State, params: Json) -> Json:
    """Write a message."""
    chat = reached(state, params)
    body = _text(state, params)
    return _sent(state, chat, params, body)


def send_document(state: State, params: Json) -> Json:
    """Send a file with a caption."""
    chat = reached(state, params)
    name, content, mime = params["document"]
    body: Json = {
        "document": {**state.keep(content), "file_name": name, "mime_type": mime},
    }
    if params.get("caption"):
        given = {**params, "text": params["caption"], "entities": params.get("caption_entities")}
        text = _text(state, given, LONGEST_CAPTION)
        body |= {"caption": text["text"]}
        if "entities" in text:
            body["caption_entities"] = text["entities"]
    return _sent(state, chat, params, body)


def edit_message_text(state: State, params: Json) -> Json:
    """Change the text of a message, and its buttons: none given, none left."""
    message = _own(state, params, "edit")
    if "text" not in message.body:
        state.violations.append(f"editMessageText of message {message.id}, which has no text")
        raise bad_request("there is no text in the message to edit")
    return _edited(state, params, message, _text(state, params))


def edit_message_reply_markup(state: State, params: Json) -> Json:
    """Change the buttons alone."""
    message = _own(state, params, "edit")
    return _edited(state, params, message, message.body)


def delete_message(state: State, params: Json) -> bool:
    """Delete a message: one of the bot's, or any in a private chat."""
    chat = reached(state, params)
    message = chat.messages.get(params["message_id"])
    if message is None or message.gone:
        raise bad_request("message to delete not found")
    if not message.by_bot and chat.many and state.bot["id"] not in chat.admins:
        raise bad_request("message can't be deleted")
    message.gone = True
    return True


def send_chat_action(state: State, params: Json) -> bool:
    """Show that the bot is typing."""
    chat = reached(state, params)
    _topic(state, chat, params)
    return True


def reached(state: State, params: Json) -> Chat:
    """Return the chat that a request names.

    Raises:
        RefusalError: there is no such chat, or the bot is not welcome.
    """
    chat = state.chats.get(params["chat_id"])
    if chat is None:
        state.violations.append(f"a chat that does not exist: {params['chat_id']}")
        raise bad_request("chat not found")
    if chat.refusal is not None:
        raise chat.refusal.again()
    return chat


def _text(state: State, params: Json, longest: int | None = None) -> Json:
    if "parse_mode" in params:
        state.violations.append(f"parse_mode {params['parse_mode']}: entities are to be used")
    rule = accepted if longest is None else partial(accepted, longest=longest)
    text, entities = rule(
        params.get("text", ""), params.get("entities") or [], state.violations.append
    )
    return {"text": text, **({"entities": entities} if entities else {})}


def _sent(state: State, chat: Chat, params: Json, body: Json) -> Json:
    keyboard = accepted_keyboard(params.get("reply_markup"), state.violations.append)
    reply_to = _reply_target(chat, params)
    topic = _topic(state, chat, params)
    if topic is None and reply_to is not None:
        topic = chat.messages[reply_to].topic
    silent = params.get("disable_notification", False)
    message = state.add(
        chat, state.bot_user(), body, by_bot=True, topic=topic, reply_to=reply_to, silent=silent
    )
    message.keyboard = keyboard
    return message.to_json()


def _reply_target(chat: Chat, params: Json) -> int | None:
    reply = params.get("reply_parameters")
    if reply is None:
        return None
    target = chat.messages.get(reply["message_id"])
    if target is not None and not target.gone:
        return target.id
    if not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return None


def _topic(state: State, chat: Chat, params: Json) -> int | None:
    if "message_thread_id" not in params:
        return None
    number: int = params["message_thread_id"]
    if not chat.forum:
        state.violations.append(f"message_thread_id in chat {chat.id}, which has no topics")
    topic = chat.topics.get(number)
    if topic is None or topic.gone:
        raise bad_request("message thread not found")
    if topic.closed and state.bot["id"] not in chat.admins:
        raise bad_request("TOPIC_CLOSED")
    return number


def _own(state: State, params: Json, deed: str) -> Message:
    chat = reached(state, params)
    message = chat.messages.get(params["message_id"])
    if message is None or message.gone:
        raise bad_request(f"message to {deed} not found")
    if not message.by_bot:
        state.violations.append(f"{deed} of message {message.id}, which is not the bot's")
        raise bad_request(f"message can't be {deed}ed")
    return message


def _edited(state: State, params: Json, message: Message, body: Json) -> Json:
    keyboard = accepted_keyboard(params.get("reply_markup"), state.violations.append)
    if body == message.body and keyboard == message.keyboard:
        if not message.unsure:
            state.violations.append(f"an edit of message {message.id} that changes nothing")
        message.unsure = False
        raise bad_request(UNMODIFIED)
    message.former += [each for each in message.buttons if each not in message.former]
    message.body = body
    message.keyboard = keyboard
    message.edits += 1
    message.edited_at = int(state.now())
    message.unsure = False
    return message.to_json()
