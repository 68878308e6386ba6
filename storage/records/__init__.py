"""What the store gives back: frozen values that know nothing of a database.

All times are unix seconds. Token ids are those of the vocabulary whose fingerprint stands beside
them, and hold for no other. conversations.py: what was said, and where; access.py: who may;
uses.py: what there is of everything.
"""

from storage.records.access import Forgotten, Knock, Person, PersonRole, Rule, Told
from storage.records.conversations import (
    OPENER,
    Asked,
    Chat,
    Due,
    Era,
    Exchange,
    Pending,
    Quote,
    SoFar,
    State,
    Totals,
    Work,
)
from storage.records.uses import ChatUse, Overall, PersonUse, Waiting

__all__ = [
    "OPENER",
    "Asked",
    "Chat",
    "ChatUse",
    "Due",
    "Era",
    "Exchange",
    "Forgotten",
    "Knock",
    "Overall",
    "Pending",
    "Person",
    "PersonRole",
    "PersonUse",
    "Quote",
    "Rule",
    "SoFar",
    "State",
    "Told",
    "Totals",
    "Waiting",
    "Work",
]
