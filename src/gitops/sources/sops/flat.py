"""Files of lines: dotenv and INI, read and written as sops does (stores/dotenv, stores/ini).

What is encrypted is replaced where it stands; sops itself wrote everything around it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gitops.sources.sops.objects import Leaf
from gitops.sources.sops.outcome import damaged

Comment = Callable[[str, Iterable[tuple[str, ...]]], str | None]
"""The plain text of an encrypted comment that stands below one of these paths; None for others."""

_SECTION = re.compile(r"\s*\[(.*)\]")
_SETTING = re.compile(r"(?P<lead>\s*(?P<key>[^=:\s](?:[^=:]*[^=:\s])?)\s*[=:]\s*)(?P<value>.*)")
_STEP = re.compile(r"__(map|list)_")
_DEEPEST = 20
_MARK = "sops_"


def dotenv_block(text: str) -> Any:
    """The `sops` block, which is spread over variables whose names begin with `sops_`."""
    block: dict[str, Any] = {}
    for number, line in enumerate(text.split("\n"), 1):
        key, equals, value = line.partition("=")
        if line and not line.startswith("#") and not equals:
            return damaged((f"line {number}",), "sets no variable")
        if key.startswith(_MARK) and not line.startswith("#"):
            _place(block, key.removeprefix(_MARK), value.replace("\\n", "\n"))
    return _listed(block)


def dotenv(text: str, leaf: Leaf, comment: Comment) -> str:
    """The file without the block, with plain values."""
    return "".join(f"{line}\n" for line in _variables(text, leaf, comment))


def ini_block(text: str) -> Any:
    """The `sops` block, which is the section of that name."""
    block: dict[str, Any] = {}
    for section, line in _sections(text):
        setting = _SETTING.fullmatch(line)
        if section == "sops" and setting:
            _place(block, setting["key"], _unquoted(setting["value"]).replace("\\n", "\n"))
    return _listed(block)


def ini(text: str, leaf: Leaf, comment: Comment) -> str:
    """The file without the section, with plain values."""
    lines: list[str] = []
    for section, line in _sections(text):
        if section != "sops":
            lines.append(_ini_line(section, line, leaf, comment))
    while lines and not lines[-1].strip():
        lines.pop()
    return "".join(f"{line}\n" for line in lines)


def _variables(text: str, leaf: Leaf, comment: Comment) -> Iterator[str]:
    for line in filter(None, text.split("\n")):
        key, _, content = line.partition("=")
        if line.startswith("#"):
            plain = comment(line[1:], ((),))
            yield line if plain is None else f"#{plain}"
        elif not key.startswith(_MARK):
            value = str(leaf(content.replace("\\n", "\n"), (key,), (key,)))
            yield f"{key}=" + value.replace("\n", "\\n")


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Each line with the section it stands in; the comments above a header belong to it."""
    section, above = "DEFAULT", []
    for line in map(str.rstrip, text.split("\n")):
        header = _SECTION.fullmatch(line)
        if header:
            section = header[1]
        elif not line.strip() or line.lstrip().startswith((";", "#")):
            above.append(line)
            continue
        yield from ((section, remark) for remark in above)
        yield section, line
        above = []


def _ini_line(section: str, line: str, leaf: Leaf, comment: Comment) -> str:
    if line.lstrip().startswith((";", "#")):
        remark = line.lstrip()[1:].lstrip()
        said = comment(remark, ((section,),))
        return line if said is None else line.removesuffix(remark) + said
    setting = _SETTING.fullmatch(line)
    if setting is None:
        return line
    found = setting["value"]
    path = (section, setting["key"])
    plain = leaf(_unquoted(found), path, path)
    return setting["lead"] + (found if plain == _unquoted(found) else _quoted(str(plain)))


def _quoted(text: str) -> str:
    """How go-ini writes a value that would not read back as it is."""
    if "\n" in text or "`" in text:
        return f'"""{text}"""'
    if "#" in text or ";" in text:
        return f"`{text}`"
    return f'"{text}"' if text.strip() != text else text


def _unquoted(text: str) -> str:
    for quote in ('"""', '"', "`", "'"):
        if len(text) >= 2 * len(quote) and text.startswith(quote) and text.endswith(quote):
            return text[len(quote) : -len(quote)]
    return text


def _place(block: dict[str, Any], key: str, value: str) -> None:
    """Put `age__list_0__map_enc` where it belongs in the block; lists are mappings for now."""
    words = _STEP.split(key)
    here: Any = block
    name: str | int = words[0]
    for step, following in zip(words[1::2], words[2::2], strict=True):
        here = here.setdefault(name, {})
        if not isinstance(here, dict) or len(words) > _DEEPEST:
            return
        name = _index(following) if step == "list" else following
    here[name] = value


def _index(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(isinstance(key, int) for key in value):
        return [_listed(value[key]) for key in sorted(value)]
    return {str(key): _listed(inner) for key, inner in value.items()}
