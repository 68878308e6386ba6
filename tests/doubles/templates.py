"""Chat templates for tests: shaped like those in real weights, written for this suite."""

MISTRAL_V1 = """
{{- bos_token }}
{%- for message in messages %}
  {%- if (message.role == 'user') != (loop.index0 % 2 == 0) %}
    {{- raise_exception('after a question comes an answer') }}
  {%- endif %}
  {%- if message.role == 'user' %}
    {{- '[INST] ' + message.content + ' [/INST]' }}
  {%- else %}
    {{- message.content + eos_token }}
  {%- endif %}
{%- endfor %}"""
"""Generation v1: markers are plain text, and a system role is refused."""

MISTRAL_V3 = """
{%- set persona = '' %}
{%- set said = messages %}
{%- if messages[0].role == 'system' %}
  {%- set persona = messages[0].content + '\\n\\n' %}
  {%- set said = messages[1:] %}
{%- endif %}
{{- bos_token }}
{%- for message in said %}
  {%- if message.role == 'user' %}
    {{- '[INST]' + (persona if loop.last else '') + message.content + '[/INST]' }}
  {%- else %}
    {{- message.content + eos_token }}
  {%- endif %}
{%- endfor %}"""
"""Generations v2 and v3: control tokens, and the persona in the last question."""

MISTRAL_V7 = """
{{- bos_token }}
{%- for message in messages %}
  {%- if message.role == 'system' %}
    {{- '[SYSTEM_PROMPT]' + message.content + '[/SYSTEM_PROMPT]' }}
  {%- elif message.role == 'user' %}
    {{- '[INST]' + message.content + '[/INST]' }}
  {%- else %}
    {{- message.content + eos_token }}
  {%- endif %}
{%- endfor %}"""
"""Generation v7: a slot for the persona."""

CHATML = """
{%- for message in messages %}
  {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
  {{- '<|im_start|>assistant\\n' }}
  {%- if enable_thinking is defined and enable_thinking %}
    {{- '<think>\\n' }}
  {%- elif enable_thinking is defined %}
    {{- '<think>\\n\\n</think>\\n\\n' }}
  {%- endif %}
{%- endif %}"""
"""ChatML, with thoughts that can be switched on and off."""

THOUGHTFUL = """
{%- for message in messages %}
  {%- set thoughts = message.reasoning_content | default('', true) %}
  {{- '<|im_start|>' + message.role + '\\n' }}
  {%- if message.role == 'assistant' and thoughts %}
    {{- '<think>\\n' + thoughts + '\\n</think>\\n\\n' }}
  {%- endif %}
  {{- message.content + '<|im_end|>' + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
  {{- '<|im_start|>assistant\\n<think>\\n' }}
  {%- if enable_thinking is defined and not enable_thinking %}
    {{- '\\n</think>\\n\\n' }}
  {%- endif %}
{%- endif %}"""
"""ChatML that thinks unless it is told not to, and has a place for thoughts of earlier answers:
by that llama-server knows which marks to look for."""

HEADERS = """
{{- bos_token }}
{%- for message in messages %}
  {{- '<|im_start|>' + message.role + '<|im_end|>\\n\\n' + message.content | trim + eos_token }}
{%- endfor %}
{%- if add_generation_prompt %}
  {{- '<|im_start|>assistant<|im_end|>\\n\\n' }}
{%- endif %}"""
"""Like Llama 3's: a role between two control tokens, and texts trimmed."""

TURNS = """
{{- bos_token }}
{%- if messages[0].role == 'system' %}
  {{- raise_exception('there is no system role') }}
{%- endif %}
{%- for message in messages %}
  {%- set role = 'model' if message.role == 'assistant' else message.role %}
  {{- '<|im_start|>' + role + '\\n' + message.content | trim + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
  {{- '<|im_start|>model\\n' }}
{%- endif %}"""
"""Like Gemma's: no system role, and texts trimmed."""

HALF_TRIMMED = """
{%- for message in messages %}
  {{- '### ' + message.role + ':\\n' }}
  {%- if message.role == 'assistant' %}
    {{- message.content.split('</think>')[-1].lstrip('\\n') + eos_token }}
  {%- elif message.role == 'user' %}
    {{- message.content.rstrip() + '\\n' }}
  {%- else %}
    {{- message.content.strip() + '\\n' }}
  {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
  {{- '### assistant:\\n' }}
{%- endif %}"""
"""Plain text markers, and every way to cut blanks off a text."""
