"""Puts secrets in the place of their references, as `op inject` does.

Source: 1Password CLI, secret references: without braces around it, a reference ends where something
stands that is neither a letter nor a digit nor one of `-?_./`.
"""

import re
from collections.abc import Callable

_REFERENCE = re.compile(r"op://(?P<vault>[\w.-]+)/(?P<item>[\w.-]+)/(?P<field>[\w.-]+)")


def follow(text: str, value: Callable[[str, str, str], str]) -> str:
    """The text with all values; `value` is asked for vault, item and field."""
    return _REFERENCE.sub(lambda found: value(found["vault"], found["item"], found["field"]), text)


def pattern(text: str) -> re.Pattern[str] | None:
    """What a text becomes once its references are followed; None where it has none."""
    if _REFERENCE.search(text) is None:
        return None
    parts = (re.escape(part) for part in re.split(r"op://[\w.-]+/[\w.-]+/[\w.-]+", text))
    return re.compile(".+".join(parts), re.DOTALL)
