"""What an object means, apart from what Go changes when it writes its own structs."""

from typing import Any

_DROPPED = {("targetPort", 0), ("globalDefault", False)}
"""Fields that Go leaves out, or adds, when they hold this."""


def meant(value: Any) -> Any:
    """The value without nulls, empty maps and lists, and fields that Go drops."""
    if isinstance(value, dict):
        inside = {
            key: meant(item)
            for key, item in value.items()
            if isinstance(item, dict | list) or (key, item) not in _DROPPED
        }
        return {key: item for key, item in inside.items() if item not in (None, {}, [])}
    return [meant(item) for item in value] if isinstance(value, list) else value
