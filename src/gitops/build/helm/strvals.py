"""Helm's `--set` grammar: `a.b[0].c=value`, with types guessed from the value.

Source: Helm v4 `pkg/strvals/parser.go`. Flux writes values of `valuesFrom` with a `targetPath`
through it, by pasting path and value together as `path=value`; so a value may hold syntax, and a
comma in one starts another assignment.
"""

from typing import Any

_MOST_LEVELS = 30
_LARGEST_INDEX = 65536
_INT64 = 2**63


class Refused(Exception):
    """Helm does not accept the text; the message is for the user."""


def assign(target: dict[str, Any], text: str, *, typed: bool = True) -> None:
    """Write what the text says into `target`; every value is a string unless `typed`.

    Mappings and lists that are there already are changed in place, as in Helm, so whoever shares
    them sees the change. Raises Refused; what came before the fault is written then.
    """
    parser = _Parser(text, typed)
    try:
        while True:
            parser.key(target, 0)
    except _End:
        return


class _End(Exception):
    """The text is used up. Helm passes its end-of-file error up in the same places."""


class _Parser:
    def __init__(self, text: str, typed: bool) -> None:
        self._text = text
        self._at = 0
        self._typed = typed

    def key(self, target: dict[str, Any], level: int) -> None:
        """One assignment into `target`, from its name on."""
        name, stop = self._until("=[,.")
        match stop:
            case "=":
                self._put(target, name)
            case ".":
                self._map(target, name, level + 1)
            case "[":
                self._list(target, name, level)
            case ",":
                raise Refused(f"key {name!r} has no value (cannot end with ,)")
            case _ if name:
                raise Refused(f"key {name!r} has no value")
            case _:
                raise _End

    def _put(self, target: dict[str, Any], name: str) -> None:
        ended = self._ended
        _set(target, name, "" if ended else self._value())
        if ended:
            raise _End

    def _map(self, target: dict[str, Any], name: str, level: int) -> None:
        if level > _MOST_LEVELS:
            raise Refused(f"names nest deeper than {_MOST_LEVELS} levels")
        inner = target.get(name, {})
        if not isinstance(inner, dict):
            raise Refused(f"{name!r} is {_noun(inner)}, not a mapping")
        try:
            self.key(inner, level)
        finally:
            if inner:
                _set(target, name, inner)
        if not inner:
            raise Refused(f"key map {name!r} has no value")

    def _list(self, target: dict[str, Any], name: str, level: int) -> None:
        index = self._index()
        held = target.get(name, [])
        if not isinstance(held, list):
            raise Refused(f"{name!r} is {_noun(held)}, not a list")
        try:
            held = self._item(held, index, level)
        finally:
            _set(target, name, held)

    def _item(self, held: list[Any], index: int, level: int) -> list[Any]:
        """The list with what the text says of one of its items."""
        name, stop = self._until("[.=")
        if name:
            raise Refused(f"unexpected data at end of array index: {name!r}")
        match stop:
            case "=":
                return _put_at(held, index, "" if self._ended else self._value())
            case "[":
                return _put_at(held, index, self._nested(held, index, level))
            case ".":
                inner = held[index] if index < len(held) else {}
                if not isinstance(inner, dict):
                    inner = held[index] = {}
                self.key(inner, level)
                return _put_at(held, index, inner)
            case _:
                raise _End

    def _nested(self, held: list[Any], index: int, level: int) -> list[Any]:
        position = self._index()
        inner = held[index] if index < len(held) and held[index] is not None else []
        if not isinstance(inner, list):
            raise Refused(f"item {index} is {_noun(inner)}, not a list")
        return self._item(inner, position, level)

    def _index(self) -> int:
        text, stop = self._until("]")
        if not stop:
            raise _End
        digits = text.removeprefix("+")
        if not (digits.isascii() and digits.isdigit()):
            raise Refused(f"{text!r} is no index")
        return int(digits)

    def _value(self) -> Any:
        if self._text[self._at] != "{":
            return self._read(self._until(",")[0])
        self._at += 1
        items: list[Any] = []
        stop = ","
        while stop == ",":
            text, stop = self._until(",}")
            items.append(self._read(text))
        if not stop:
            raise Refused("list must terminate with '}'")
        if self._text[self._at : self._at + 1] == ",":
            self._at += 1
        return items

    @property
    def _ended(self) -> bool:
        return self._at == len(self._text)

    def _until(self, stops: str) -> tuple[str, str]:
        """The text up to one of `stops`, which is used up; with "" where the text ends instead."""
        found: list[str] = []
        characters = iter(self._text[self._at :])
        for character in characters:
            self._at += 1
            if character in stops:
                return "".join(found), character
            if character == "\\":
                # A backslash at the very end stands for nothing.
                character = next(characters, "")  # noqa: PLW2901
                self._at += len(character)
            found.append(character)
        return "".join(found), ""

    def _read(self, text: str) -> Any:
        return _guess(text) if self._typed else text


_WORDS = {"true": True, "false": False, "null": None, "0": 0}


def _guess(text: str) -> Any:
    word = text.lower()
    if word in _WORDS:
        return _WORDS[word]
    digits = text[1:] if text[:1] in ("+", "-") else text
    if text[:1] != "0" and digits.isascii() and digits.isdigit():
        number = int(text)
        return number if -_INT64 <= number < _INT64 else text
    return text


def _set(target: dict[str, Any], name: str, value: Any) -> None:
    # Helm drops values without a name.
    if name:
        target[name] = value


def _put_at(held: list[Any], index: int, value: Any) -> list[Any]:
    """The list itself where it is long enough, else a longer copy."""
    if index > _LARGEST_INDEX:
        raise Refused(f"index {index} is greater than {_LARGEST_INDEX}")
    if index >= len(held):
        held = [*held, *[None] * (index + 1 - len(held))]
    held[index] = value
    return held


def _noun(value: Any) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case None:
            return "null"
        case _:
            return "a single value"
