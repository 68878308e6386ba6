"""Which renderer for which weights."""

from collections.abc import Callable, Mapping
from typing import Literal

from bot.errors import PromptError
from bot.prompt.conversation import Renderer
from bot.prompt.jinja import TemplateRenderer
from bot.prompt.mistral import MistralV1, MistralV3, MistralV7
from bot.prompt.vocabulary import Vocabulary

Format = Literal["v1", "v3", "v7", "template"]

_RENDERERS: Mapping[Format, Callable[[Vocabulary], Renderer]] = {
    "v1": MistralV1,
    "v3": MistralV3,
    "v7": MistralV7,
    "template": TemplateRenderer,
}


def choose_renderer(vocabulary: Vocabulary, setting: Literal["auto"] | Format) -> Renderer:
    """Make the renderer that MODEL_PROMPT names, or the one that the weights speak for.

    Raises:
        PromptError: the weights do not fit the setting, or do not say what they are.
        TemplateError: their chat template does not render.
    """
    return _RENDERERS[_found(vocabulary) if setting == "auto" else setting](vocabulary)


def _found(vocabulary: Vocabulary) -> Format:
    """Find the format from what is in the weights.

    The vocabulary alone does not decide: Llama 2 shares v1's, and fine-tuned Mistrals keep the
    control tokens while their template speaks another format.
    """
    template = vocabulary.chat_template
    if template is None or "[INST]" in template:
        if "[SYSTEM_PROMPT]" in vocabulary.control:
            return "v7"
        if "[INST]" in vocabulary.control:
            return "v3"
    if template is None:
        return _found_by_name(vocabulary)
    if vocabulary.kind == "spm" and "[INST]" in template and "<<SYS>>" not in template:
        return "v1"
    return "template"


def _found_by_name(vocabulary: Vocabulary) -> Format:
    name = vocabulary.name.lower()
    if vocabulary.architecture == "llama" and ("mistral" in name or "mixtral" in name):
        return "v1"
    raise PromptError(
        f"{vocabulary.name} has no chat template and does not look like a Mistral: "
        "use instruct weights, or set MODEL_PROMPT to v1, v3 or v7"
    )
