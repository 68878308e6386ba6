"""Records as the store gives them back; ``dataclasses.replace`` makes variants."""

from storage.records import Chat, Exchange, State, Work
from tests.doubles.rooms import NOON

A_CHAT = Chat(
    id=1,
    platform="terminal",
    native_id="home",
    kind="private",
    title="",
    persona=None,
    persona_text=None,
    language=None,
    options={},
    epoch=0,
    erasures=0,
    window_start=0,
    last_seen=None,
    created_at=NOON,
    updated_at=NOON,
)
"""A chat that has chosen nothing."""

AN_EXCHANGE = Exchange(
    id=1,
    chat_id=1,
    epoch=0,
    person_id=None,
    author_name="미나",
    question="왜요?",
    quote=None,
    quote_author=None,
    quote_author_name=None,
    answer="그래서요.",
    answer_ids=(1, 2),
    vocabulary="letters",
    draft=None,
    draft_ids=None,
    draft_vocabulary=None,
    state=State.DELIVERED,
    work=Work.ANSWER,
    revision=0,
    attempts=1,
    not_before=None,
    ended="stop",
    error=None,
    prompt_tokens=3,
    answer_tokens=2,
    seconds=0.1,
    seeds=(1,),
    outlet=None,
    created_at=NOON,
    started_at=NOON,
    answered_at=NOON,
    delivered_at=NOON,
    to_show=False,
)
"""A question that was answered in full."""
