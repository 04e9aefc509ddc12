"""The templates in labels and annotations of alerts: whether they can be read, and which labels
they ask for.

Source: Go, text/template/parse; prometheus/template v3.8, template.go; VictoriaMetrics,
app/vmalert/templates/template.go and notifier/alert.go.
"""

import re
from collections.abc import Iterator

_ACTION = re.compile(
    r"\{\{-?(?:\s*/\*.*?\*/\s*|((?:\"(?:[^\"\\]|\\.)*\"|`[^`]*`|.)*?))-?\}\}", re.S
)
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')
  | (?P<number>[-+]?(?:0x[0-9a-fA-F_]+|\.?\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?))
  | (?P<variable>\$\w*)
  | (?P<field>(?:\.\w+))
  | (?P<name>[A-Za-z_]\w*)
  | (?P<sign>:=|=|\||\(|\)|,|\.)
    """,
    re.X,
)

_OPENING = frozenset({"if", "range", "with", "define", "block"})
_WORDS = _OPENING | {"else", "end", "template", "break", "continue", "nil", "true", "false"}

_OF_GO = """
and call eq ge gt html index js le len lt ne not or print printf println slice urlquery
"""
_OF_PROMETHEUS = """
args externalURL first graphLink humanize humanize1024 humanizeDuration humanizePercentage
humanizeTimestamp label match now parseDuration pathPrefix query reReplaceAll safeHtml sortByLabel
stripDomain stripPort strvalue tableLink title tmpl toDuration toInt64 toLower toTime toUpper
urlQueryEscape value
"""
_OF_VMALERT = """
crlfEscape formatTime htmlEscape jsonEscape parseDurationTime pathEscape queryEscape quotesEscape
"""
_FUNCTIONS = frozenset((_OF_GO + _OF_PROMETHEUS + _OF_VMALERT).split())

_NAMES = """
labels value externalLabels externalURL expr alertID groupID activeAt for type isPartial
"""
_VARIABLES = frozenset({"$", *(f"${name}" for name in _NAMES.split())})

_LABEL = re.compile(r"\$labels\.(\w+)|index\s+\$labels\s+\"(\w+)\"")
_OF_DOT = re.compile(r"(?<![\w)$])\.Labels\.(\w+)|index\s+\.Labels\s+\"(\w+)\"")


def mistake(text: str) -> str:
    """Why a template cannot be read, or ""."""
    rest = _ACTION.sub("", text)
    if "{{" in rest:
        return "has a template that is not closed"
    known = set(_VARIABLES)
    words: list[str] = []
    for action in _actions(text):
        tokens, broken = _tokens(action)
        why = broken or _strange(tokens, known)
        if why:
            return f"has {{{{{action}}}}}: {why}"
        words += [token for kind, token in tokens if kind == "name"][:1] if _leads(tokens) else []
    opened = sum(word in _OPENING for word in words)
    if opened != words.count("end"):
        return f"has {opened} blocks and {words.count('end')} times `end`"
    return ""


def labels(text: str) -> list[str]:
    """The labels of the alert that a template asks for, but for those that it only tries. In a
    loop or `with`, the dot is something else."""
    asked: set[str] = set()
    tried: set[str] = set()
    blocks: list[str] = []
    for action in _actions(text):
        first = _first(action)
        names = set(_asked(action, is_alert=not {"range", "with"} & {*blocks}))
        (tried if first in _OPENING | {"else"} else asked).update(names)
        if first in _OPENING:
            blocks.append(first)
        elif first == "end" and blocks:
            blocks.pop()
    return sorted(asked - tried)


def _actions(text: str) -> list[str]:
    return [found for found in _ACTION.findall(text) if found.strip()]


def _first(action: str) -> str:
    return (action.split() or [""])[0]


def _asked(action: str, *, is_alert: bool) -> Iterator[str]:
    for one, other in _LABEL.findall(action) + (_OF_DOT.findall(action) if is_alert else []):
        yield one or other


def _tokens(action: str) -> tuple[list[tuple[str, str]], str]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(action):
        token = _TOKEN.match(action, at)
        if token is None:
            return found, f"unexpected {action[at : at + 8]!r}"
        if token.lastgroup != "space":
            found.append((str(token.lastgroup), token.group()))
        at = token.end()
    return found, ""


def _leads(tokens: list[tuple[str, str]]) -> bool:
    return bool(tokens) and tokens[0][0] == "name"


def _strange(tokens: list[tuple[str, str]], known: set[str]) -> str:
    """What is no function or variable, or stands open. `known` gets what is declared."""
    depth = 0
    for place, (kind, token) in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        after = tokens[place + 1][1] if place + 1 < len(tokens) else ""
        if depth < 0:
            return "')' closes nothing"
        if kind == "variable" and after in {":=", ","}:
            known.add(token)
        elif kind == "variable" and token not in known:
            return f"there is no variable {token}"
        elif kind == "name" and token not in _WORDS | _FUNCTIONS:
            return f"there is no function {token!r}"
        elif token == "|" and not after:
            return "nothing follows '|'"
    return "'(' is not closed" if depth else ""
