"""A conversation as chat messages: the server's own template makes a prompt of them. Pure."""

from bot.generation.remote.sort import GoesOn
from bot.prompt.conversation import Conversation

GO_ON = (
    "Your last message broke off. Go on with it exactly where it broke off, in the same language. "
    "Repeat nothing of it, and say nothing before or about the rest."
)
"""What a model is asked that cannot just go on with what it said."""


def messages(
    conversation: Conversation, goes_on: GoesOn, *, has_system: bool = True
) -> list[dict[str, str]]:
    """Return what the model is to read, oldest first: a role and a content each.

    A question that was answered with nothing is left out together with that: templates and
    tokenizers refuse an empty answer, and would refuse the chat for ever.

    Args:
        conversation: what is to be read; a persona without text is no message.
        goes_on: how an answer that is begun is gone on with.
        has_system: the model's template takes a system message; otherwise the persona stands
            before the first question.
    """
    persona, said = conversation.persona, list[dict[str, str]]()
    for turn in (*conversation.examples, *conversation.turns):
        if turn.answer.strip():
            said += [_message("user", turn.question), _message("assistant", turn.answer)]
    said.append(_message("user", conversation.question))
    if persona and has_system:
        said.insert(0, _message("system", persona))
    elif persona:
        said[0] = _message("user", f"{persona}\n\n{said[0]['content']}")
    if conversation.begun is not None:
        said.append(_message("assistant", conversation.begun.text))
        if goes_on is GoesOn.ASKED:
            said.append(_message("user", GO_ON))
    return said


def texts(conversation: Conversation) -> list[str]:
    """Return the contents of a conversation's messages, as many as there can be: its size."""
    return [message["content"] for message in messages(conversation, GoesOn.ASKED)]


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
