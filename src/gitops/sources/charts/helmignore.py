"""`.helmignore`: which files of a folder are no part of its chart.

The rules are those of Helm's `pkg/ignore`, surprising ones included: patterns are Go's
`filepath.Match` and not those of Git, and a negated pattern drops everything it does not match.
"""

import re
from typing import NamedTuple

from gitops.errors import ChartError

_ALWAYS = "templates/.?*"
"""Helm adds this rule at the end: hidden files directly in `templates/` are no templates."""


class Rule(NamedTuple):
    """One line: `whole` compares the path, otherwise the last name alone."""

    pattern: re.Pattern[str]
    negated: bool
    folders_only: bool
    whole: bool

    def matches(self, path: str) -> bool:
        """True when the pattern fits, whatever the other fields say."""
        return bool(self.pattern.fullmatch(path if self.whole else path.rpartition("/")[2]))


def parse(content: bytes, origin: str) -> tuple[Rule, ...]:
    """The rules of a file, Helm's own last. Raises ChartError for what Helm refuses."""
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    lines = [line.strip() for line in text.split("\n")]
    kept = [(number, line) for number, line in enumerate(lines, 1) if line and line[0] != "#"]
    rules = [_rule(line, f"{origin}:{number}") for number, line in kept]
    return (*rules, _rule(_ALWAYS, origin))


def ignored(rules: tuple[Rule, ...], path: str, folder: bool) -> bool:
    """What Helm does with a path: the first rule that decides wins; a folder takes all below it."""
    for rule in rules:
        skipped = rule.folders_only and not folder
        if rule.negated:
            if skipped or not rule.matches(path):
                return True
        elif not skipped and rule.matches(path):
            return True
    return False


def _rule(line: str, at: str) -> Rule:
    if "**" in line:
        raise ChartError(f"{at}: Helm does not support ** in .helmignore")
    rest = line.removeprefix("!")
    folders_only = rest.endswith("/")
    rest = rest.removesuffix("/")
    try:
        pattern = re.compile(_translate(rest.removeprefix("/"), at), re.DOTALL)
    except re.error as cause:
        raise _refused(rest, at) from cause
    return Rule(pattern, line.startswith("!"), folders_only, "/" in rest)


def _refused(pattern: str, at: str) -> ChartError:
    return ChartError(f"{at}: {pattern!r} is not a pattern that Helm understands")


_TOKEN = re.compile(
    r"(?P<star>\*)|(?P<any>\?)|\\(?P<escaped>.)"
    r"|\[(?P<set>\^?(?:\\.|[^\]\\])+)\]|(?P<plain>[^\[\\])",
    re.DOTALL,
)


_IN_SET = re.compile(r"\\(.)|([\[^&|~]|(?<=-)-)", re.DOTALL)
"""What is escaped inside a set, or means something there to Python and nothing to Go."""


def _translate(pattern: str, at: str) -> str:
    """Go's `filepath.Match` as a regular expression."""
    parts: list[str] = []
    end = 0
    while end < len(pattern):
        found = _TOKEN.match(pattern, end)
        if not found:
            raise _refused(pattern, at)
        parts.append(_expression(found))
        end = found.end()
    return "".join(parts)


def _expression(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "star":
            return "[^/]*"
        case "any":
            return "[^/]"
        case "set":
            inside = token["set"]
            body = _IN_SET.sub(
                lambda found: re.escape(found[1] or found[2]), inside.removeprefix("^")
            )
            # Go's sets never match the separator, negated or not.
            return f"(?!/)[{'^' if inside.startswith('^') else ''}{body}]"
        case group:
            return re.escape(token[group or 0])
