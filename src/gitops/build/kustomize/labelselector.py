"""Label selectors, as Kubernetes reads them from a string (k8s.io/apimachinery, pkg/labels)."""

import re
from collections.abc import Callable, Mapping

from gitops.build.kustomize.problem import Problem

Matches = Callable[[Mapping[str, str]], bool]

_TOKEN = re.compile(r"\s*(==|!=|[=!<>(),]|[^\s=!<>(),]+)")
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_KEY = re.compile(rf"(?:(?=[^/]{{1,253}}/){_LABEL}(?:\.{_LABEL})*/)?{_NAME}\Z")
_VALUE = re.compile(rf"(?:{_NAME})?\Z")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z")


class _Refused(Exception):
    """The selector is not one that Kubernetes reads."""


def parse(selector: str) -> Matches | Problem:
    """A test for labels; the empty selector matches everything."""
    reader = _Reader(selector)
    try:
        requirements = reader.requirements()
    except _Refused as cause:
        hint = "write it as kubectl -l takes it: key=value, key!=value, key in (a, b), key, !key"
        return Problem(f"the selector {selector!r} has {cause}", hint)
    return lambda labels: all(holds(labels) for holds in requirements)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)[::-1]

    def peek(self) -> str:
        return self.tokens[-1] if self.tokens else ""

    def next(self) -> str:
        return self.tokens.pop() if self.tokens else ""

    def requirements(self) -> list[Matches]:
        if not self.tokens:
            return []
        found = [self.requirement()]
        while self.tokens:
            if self.next() != ",":
                raise _Refused("something other than a comma between two requirements")
            found.append(self.requirement())
        return found

    def requirement(self) -> Matches:
        absent = self.peek() == "!"
        if absent:
            self.next()
        key = self.next()
        if not _KEY.match(key):
            raise _Refused(f"the key {key!r}, which no label can have")
        if absent:
            return lambda labels: key not in labels
        if self.peek() in ("", ","):
            return lambda labels: key in labels
        return self.comparison(key, self.next())

    def comparison(self, key: str, operator: str) -> Matches:
        if operator in ("in", "notin"):
            return _one_of(key, self.values(), operator == "in")
        if operator in ("=", "==", "!="):
            value = "" if self.peek() in ("", ",") else self.next()
            return _one_of(key, {_checked(value)}, operator != "!=")
        if operator in (">", "<"):
            bound = self.next()
            if not _INTEGER.match(bound):
                raise _Refused(f"{bound!r} where a number must stand")
            return _beyond(key, int(bound), operator == ">")
        raise _Refused(f"the operator {operator!r}")

    def values(self) -> set[str]:
        if self.next() != "(":
            raise _Refused("no ( after in or notin")
        values = {""} if self.peek() in (",", ")") else {_checked(self.next())}
        while self.peek() == ",":
            self.next()
            values.add("" if self.peek() in (",", ")") else _checked(self.next()))
        if self.next() != ")":
            raise _Refused("a missing )")
        return values


def _checked(value: str) -> str:
    if not _VALUE.match(value):
        raise _Refused(f"the value {value!r}, which no label can have")
    return value


def _one_of(key: str, values: set[str], wanted: bool) -> Matches:
    if wanted:
        return lambda labels: labels.get(key) in values
    return lambda labels: labels.get(key) not in values


def _beyond(key: str, bound: int, above: bool) -> Matches:
    def holds(labels: Mapping[str, str]) -> bool:
        text = labels.get(key, "")
        if not _INTEGER.match(text):
            return False
        return int(text) > bound if above else int(text) < bound

    return holds
