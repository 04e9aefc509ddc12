"""Reading bodies that nothing has validated: a field of a wrong type counts as not there."""

from typing import Any


def mapping(value: object) -> dict[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The value where it is text, else ""."""
    return value if isinstance(value, str) else ""


def at(body: object, *pointer: str | int) -> Any:
    """The field that a pointer leads to; None where there is none."""
    for part in pointer:
        match body:
            case dict() if part in body:
                body = body[part]
            case list() if isinstance(part, int) and -len(body) <= part < len(body):
                body = body[part]
            case _:
                return None
    return body
