"""Small pieces of text that every view speaks."""

from gitops.model.origin import Location


def count(number: int, noun: str) -> str:
    """`1 object`, `2 objects`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def place(at: Location) -> str:
    """A location for a reader; the repository as a whole is `.`."""
    return printable(str(at)) or "."


def unicode(text: str) -> str:
    """Text that can be encoded: bytes of a file name that are not UTF-8 are written as escapes."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def printable(text: str) -> str:
    """One line that cannot steer a terminal: whatever is not printable is written as an escape."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
