"""What these tests share: connections that were not closed are found, and no machine sleeps."""

from tests.doubles.tidy import awake, collected

__all__ = ["awake", "collected"]
