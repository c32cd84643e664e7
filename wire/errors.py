"""Whose fault it is: the bytes that came in, or nobody here.

Foreign exceptions are translated into these at each boundary, in one place.
"""

from __future__ import annotations


class DabylError(Exception):
    """Anything that Dabyl raises on purpose."""


class BadInput(DabylError, ValueError):
    """What came from outside cannot be used; the text is one clear line for a person."""


class BadRecord(BadInput):
    """Bytes that are no valid record of ours: broken JSON, a wrong type, a limit passed."""


class TooMuch(BadRecord):
    """A record that breaks a limit of size: it expands too far, or holds too many."""


class BadSignature(BadInput):
    """A signature does not fit its bytes, its key or its purpose."""
