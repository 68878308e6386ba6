"""Everything that can go wrong and be explained to a person.

OstroError
├── UsageError        the command line or a setting is wrong (exit status 2)
├── PersonaError      a persona is unknown, broken or too long
├── WeightsError      model weights are missing, broken or too big for this machine
│   └── DownloadError     they could not be fetched or did not verify
├── PromptError       the conversation cannot be put into tokens
│   ├── TemplateError     the model's chat template does not render
│   └── TooLongError      one message, or the persona, does not fit into the window
├── EngineError       llama.cpp refused or failed
├── PlatformError     a platform cannot be used as it is set up: a wrong token
└── ChatBusyError     another process has this chat or database open

Each message is one line that says what is wrong and what to do. Errors of other libraries are
translated once, where their library is called, with ``raise ... from``. The storage room has a
tree of its own (storage/errors.py), for it knows nothing of this one.
"""


class OstroError(Exception):
    """Something that a person can be told in one line."""


class UsageError(OstroError):
    """The command line or a setting is wrong."""


class PersonaError(OstroError):
    """A persona is unknown, broken or too long."""


class WeightsError(OstroError):
    """Model weights are missing, broken or too big for this machine."""


class DownloadError(WeightsError):
    """Weights could not be fetched, or what came is not what was promised."""


class PromptError(OstroError):
    """The conversation cannot be put into tokens."""


class TemplateError(PromptError):
    """The model's own chat template does not render."""


class TooLongError(PromptError):
    """Something does not fit into the window.

    Attributes:
        size: what it takes, in tokens.
        limit: what there is room for, in tokens.
        persona: True when it is the persona that is too long, False for the question.
    """

    def __init__(self, size: int, limit: int, *, persona: bool = False) -> None:
        what = "the persona" if persona else "the message"
        super().__init__(f"{what} is too long: {size} tokens, and there is room for {limit}")
        self.size = size
        self.limit = limit
        self.persona = persona


class EngineError(OstroError):
    """llama.cpp refused or failed."""


class PlatformError(OstroError):
    """A platform cannot be used as it is set up."""


class ChatBusyError(OstroError):
    """Another process has this chat or database open."""
