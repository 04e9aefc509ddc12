"""Substitution in resources against Flux's libraries, with values that mean harm."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from gitops.build.substitute import manifests, resource, yamltext
from gitops.build.substitute.manifests import Pass
from gitops.model import manifest
from gitops.model.origin import Location, Origin
from tests.oracle import fluxlib

pytestmark = pytest.mark.oracle

NASTY = [
    *("true", "5", "1.50", "0755", "null", "", "yes", "a: b", "# c", " lead", "trail ", "[a, b]"),
    *("{a: 1}", "'q'", '"dq"', "it's", "\\", "*x", "&x y", "!!str 5", "- a", "? a", "|", ">", "%"),
    *("@", "`x", "a #b", "2001-01-01", "12:30:45", "1e3", "~", "---", 'a"b', "é", "🚀", "\t"),
    *("x" * 90, "a b " * 30, "0x10", "1_000", ".5", "9007199254740993", "12345678901234567890"),
    *("<<", ":", "a:", "-", "$X", "${A}", "$$", "[a", "'a", "{", "}", ",", "a\tb", "  ", "abc"),
    *("host.example.com", "http://a/b", "10.0.0.1/24", '"5"', "'5'", '!!int "5"', "\\n", "1e400"),
]
USES = """\
${A}|${B}|pre-${A}|${A}-post|a ${B} c|http://${A}:${B}/|${A}.${B}|'${A}'|"${A}"|# ${A}|${A}: x
|*.${A}|[${A}]|${N:=7}|${N:=true}|${N:=}|$${A}|$$""".replace("\n", "").split("|")
LINES = ["${A}\n", "a\n${B}\nc", "${A}\nb\n", "a\n${B}", "a\n\n${B}\n", "  ${A}\nx", "\n${A}"]
PARTS = [
    *("${A}", "${B}", "${C}", "${D}", "a ", "word ", "x: ", "${A}${B}", "$${A}", "$$", "${C:=x y}"),
    *("${N:=n o}", "${A/a/b}", "${B^^}", "'", '"', "\t", "\n", "\n  ", "# ", "- ", "/", "é", "🚀"),
    *(" ", "${A} ", "${N:-it's}", '${N:-"q"}', "longword" * 6 + " ", "${D} # ", "[", "]", "{", "}"),
    *(", ", "*", "&", "!", "|", ">", "%", "@", "`", ":"),
]
KEYS = ["a", "b", "c", "d1", "e/f", "yes", "1", "key-with-a-long-name", "z.z", "k" * 130]
PLAIN = [
    *("word", "foo: bar", "# c", "- x", "yes", "null", "1", "0x1f", "12:30:45", "2001-01-01"),
    *("'q'", '"dq"', "\\", "tab\t", "é", "🚀", "\u2028", "\u00a0", "\ufeff", "{a}", "*", "|"),
    *("? ", ": ", "---", "...", "~", "<<", "", "  ", "\n", "\n\n", "\r", "trailing ", "007"),
    *("a" * 70, "b c " * 20, "x:y", "a#b", "\x01", "\tcode\n", "{{ .x }}"),
]
NUMBERS = [0, -1, 123456789, 2**53 + 1, 2**63, -(2**63), 0.5, 1234567.5, 1e-7, 1e22, True, None]


class Resources:
    """Draws resources whose strings come from a list of parts."""

    def __init__(self, seed: int, whole: list[str], parts: list[str]) -> None:
        self.draw = random.Random(seed)
        self._whole = whole
        self._parts = parts

    def some(self, count: int) -> Iterator[dict[str, Any]]:
        for _ in range(count):
            extra = self._mapping(0)
            yield {"apiVersion": "v1", "kind": "X", "metadata": {"name": "n"}, **extra}

    def _mapping(self, depth: int) -> dict[str, Any]:
        size = self.draw.randint(1, 3)
        return {self.draw.choice(KEYS): self._value(depth + 1) for _ in range(size)}

    def _value(self, depth: int) -> Any:
        kind = self.draw.random()
        if depth < 5 and kind < 0.25:
            return self._mapping(depth)
        if depth < 5 and kind < 0.4:
            return [self._value(depth + 1) for _ in range(self.draw.randint(0, 3))]
        return self.draw.choice(NUMBERS) if kind < 0.47 else self._string()

    def _string(self) -> str:
        if self.draw.random() < 0.3:
            return self.draw.choice(self._whole)
        size = self.draw.choice([1, 2, 3, 5, 7, 30])
        return "".join(self.draw.choice(self._parts) for _ in range(size))


def asked(body: dict[str, Any], variables: dict[str, str]) -> dict[str, Any]:
    owner = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "k", "namespace": "ns"},
        "spec": {"postBuild": {"substitute": variables}},
    }
    return {"do": "substitute", "resources": [body], "kustomization": owner, "strict": True}


def settled(body: dict[str, Any]) -> bool:
    """Whether the text may be compared: go-yaml takes U+0085 and its kin for line ends."""
    text = str(body)
    return not any(mark in text for mark in ("\x85", "\\x85", "\u2028", "\\u2028"))


@pytest.mark.parametrize("seed", range(3))
def test_resources_are_written_alike(seed: int) -> None:
    bodies = list(Resources(seed, [*PLAIN, *USES, *LINES], [*PLAIN, *PARTS]).some(1500))
    answers = fluxlib.ask({"do": "yaml", "resource": body} for body in bodies)
    differ = [
        body
        for body, theirs in zip(bodies, answers, strict=True)
        if theirs != {"text": yamltext.dump(body)}
    ]
    assert differ == []


@pytest.mark.parametrize("seed", range(3))
def test_values_are_put_in_alike(seed: int) -> None:
    made = Resources(seed, [*USES, *LINES], PARTS)
    cases = [(body, {name: made.draw.choice(NASTY) for name in "ABCD"}) for body in made.some(1500)]
    answers = fluxlib.ask(asked(body, variables) for body, variables in cases)
    differ = [
        (body, variables, theirs)
        for (body, variables), theirs in zip(cases, answers, strict=True)
        if not agrees(body, variables, theirs)
    ]
    assert differ == []


def agrees(body: dict[str, Any], variables: dict[str, str], theirs: dict[str, Any]) -> bool:
    ours = resource.substitute(body, variables.get)
    if not settled(ours.body):
        return True
    failed = bool(ours.problems or ours.broken or resource.leading_tab(ours.body))
    if "error" in theirs:
        return failed
    is_object = all(ours.body.get(field) for field in ("apiVersion", "kind", "metadata"))
    return not failed and theirs["objects"] == ([ours.body] if is_object else [])


def test_what_has_no_expression_comes_through_unchanged_but_for_long_numbers() -> None:
    bodies = list(Resources(0, PLAIN, PLAIN).some(2000))
    for body, theirs in zip(bodies, fluxlib.ask(asked(b, {"A": "b"}) for b in bodies), strict=True):
        if not settled(body):
            continue
        before = manifest.manifest(body, Origin(Location("a.yaml")))
        how = Pass({"A": "b"}, strict=True)
        result = manifests.substitute([before], how, Location("k.yaml"), lambda _: b"")
        if "error" in theirs:
            assert [found.rule for found in result.findings] == ["flux/leading-tab"], theirs
        else:
            assert [each.body() for each in result.manifests] == theirs["objects"]
            assert result.findings == ()
