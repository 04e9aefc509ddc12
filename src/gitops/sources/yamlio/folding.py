"""What becomes of folded block scalars (`>`) when kustomize writes and reads them once more.

kustomize turns a resource into JSON by printing its nodes and parsing the text. go-yaml v3 prints
every line break of a folded scalar as two when the line before it is not indented, although the
reader folds only breaks between two lines that are not indented. Values with indented lines
(and long queries have them) gain an empty line; the API server really gets it.
"""

import re

_UNBLOCKED = r" \n| \Z|[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]"
"""Compiled when it is first needed: that takes 2 ms, and few files hold folded scalars."""
_BREAKS = re.compile(r"(\n+)")


def is_block(value: str) -> bool:
    """Whether go-yaml v3 prints a text of several lines as a block; else it uses double quotes."""
    return re.search(_UNBLOCKED, value) is None


def rewritten(value: str) -> str:
    """The value of a folded scalar after kustomize has printed and parsed it."""
    if "\n" not in value[:-1] or not is_block(value):
        return value
    doubled = value.lstrip("\n")[:1] not in " \t"
    parts = _BREAKS.split(value)
    for index in range(1, len(parts), 2):
        before, after = parts[index - 1], parts[index + 1]
        parts[index] = _reread(parts[index], before, after, doubled)
    return "".join(parts)


def _reread(breaks: str, before: str, after: str, doubled: bool) -> str:
    indented = before[:1] in " \t"
    printed = len(breaks) + (doubled and bool(before) and not indented)
    if not before or indented or (after and after[0] in " \t"):
        return "\n" * printed
    if not after:
        return "\n" * (printed if len(breaks) > 1 else 1)
    return "\n" * (printed - 1) if printed > 1 else " "
