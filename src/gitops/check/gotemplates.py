"""Templates of Go as far as names in them can be told without running them.

Source: Go, text/template/parse/lex.go: a field or a variable ends at a space or at one of `.,|:()`,
and what follows it otherwise is a bad character. Within `with`, `range`, `define` and `block` the
dot is something else than what the template was given.
"""

import re
from collections.abc import Iterator

_ACTION = re.compile(
    r"\{\{-?((?:\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|'(?:\\.|[^'\\\n])*'|[^\"`'])*?)-?\}\}", re.S
)
_TOKEN = re.compile(
    r"(?P<text>\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|'(?:\\.|[^'\\\n])*')"
    r"|(?P<name>[$.\w]+)(?P<hyphen>-\w[\w-]*)?"
    r"|[^\s]"
)
_NAME = re.compile(r"(?:\$\w*|[A-Za-z_]\w*)?(?:\.[A-Za-z_]\w*)+|\$\w*|[A-Za-z_]\w*")
_ROOT = re.compile(r"\$?\.([A-Za-z_]\w*)")
_MOVES = frozenset({"block", "define", "range", "template", "with"})
_LOOKS = re.compile(r"\b(?:index\s+(?:\.|\$)|get\s+(?:\.|\$))\s+\"([^\"\\]+)\"")


def hyphens(text: str) -> Iterator[str]:
    """Names with a hyphen in them, with which a template cannot be read."""
    for action in _actions(text):
        for token in _TOKEN.finditer(action):
            name, hyphen = token["name"], token["hyphen"]
            if name and hyphen and _NAME.fullmatch(name):
                yield f"{name}{hyphen}"


def asked(text: str) -> Iterator[str]:
    """The keys that a template takes of the mapping it is given, where that is certain."""
    actions = [*_actions(text)]
    moves = any(action.split(None, 1)[0] in _MOVES for action in actions)
    for action in actions:
        for found in _LOOKS.finditer(action):
            if not moves or "$" in found[0]:
                yield found[1]
        yield from _fields(action, moves=moves)


def _fields(action: str, *, moves: bool) -> Iterator[str]:
    before = ""
    for token in _TOKEN.finditer(action):
        name = token["name"] or ""
        root = _ROOT.match(name) if before != ")" else None
        if root and (not moves or name.startswith("$")):
            yield root[1]
        before = token[0]


def _actions(text: str) -> Iterator[str]:
    """What stands between braces, but for comments."""
    for found in _ACTION.finditer(text):
        action = found[1].strip()
        if action and not action.startswith("/*"):
            yield action
