"""A chat template in its sandbox: messages in, text out."""

import json
from collections.abc import Mapping, Sequence
from typing import NoReturn

import jinja2
from jinja2.ext import Extension
from jinja2.meta import find_undeclared_variables
from jinja2.nodes import Node
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.errors import TemplateError

Message = Mapping[str, str]
"""``role`` (system, user or assistant) and ``content``."""

_LONGEST_REASON = 200


class ChatTemplate:
    """One template, compiled once; may be used from any thread.

    Attributes:
        source: its text.
        variables: the names that it expects from outside.

    Raises:
        TemplateError: it is no Jinja.
    """

    def __init__(self, source: str, bos: str, eos: str) -> None:
        self.source = source
        environment = _environment()
        try:
            self.variables = frozenset(find_undeclared_variables(environment.parse(source)))
            self._template = environment.from_string(source)
        except Exception as error:
            raise _explained(error) from error
        self._tokens = {"bos_token": bos, "eos_token": eos}

    def render(self, messages: Sequence[Message], *, think: bool | None = None) -> str:
        """Return the text of a conversation, up to where the answer begins.

        Raises:
            TemplateError: the template refuses the conversation, or fails.
        """
        switches = {} if think is None else {"enable_thinking": think}
        try:
            return self._template.render(
                messages=messages,
                add_generation_prompt=True,
                tools=None,
                documents=None,
                **self._tokens,
                **switches,
            )
        # A template may fail in any way that Python can.
        except Exception as error:
            raise _explained(error) from error


class _Generation(Extension):
    """``{% generation %}`` marks what a model is trained on; for reading it is nothing."""

    tags = {"generation"}  # noqa: RUF012 # jinja2 names and types it so

    def parse(self, parser: Parser) -> list[Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _environment() -> ImmutableSandboxedEnvironment:
    """Return the environment that makers of chat templates test theirs with."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols", _Generation],
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = _no_date
    return environment


def _to_json(value: object, indent: int | None = None) -> str:
    # Jinja's own filter escapes for web pages.
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _refuse(reason: str) -> NoReturn:
    raise jinja2.TemplateError(reason)


def _no_date(_format: str) -> str:
    """Stand for the date, which templates like to put in front of everything.

    A date there changes at midnight, and the whole conversation would be read again; a fixed
    one would be a lie. Who wants the date gets it in the question that opens a day.
    """
    return ""


def _explained(error: Exception) -> TemplateError:
    reason = " ".join(str(error).split())[:_LONGEST_REASON] or type(error).__name__
    return TemplateError(
        f"the chat template of these weights does not work ({reason}): "
        "if they are a Mistral, set MODEL_PROMPT to v1, v3 or v7"
    )
