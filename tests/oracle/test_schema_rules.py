"""Every rule of the definitions at our pins, `x-kubernetes-validations`, against the API server.

Objects are made up from the schemas: of the right form, as far as a schema can say, so that rules
are reached at all; with texts that the rules themselves speak of, so that both verdicts occur.
"""

import copy
import os
import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from gitops.check.schemas import cel, patterns
from gitops.check.schemas.validating import Validator
from tests.oracle import schemalib
from tests.oracle.test_schemas import COMBINED, CRDS, definitions, said_of, told_of

pytestmark = pytest.mark.oracle

EACH = int(os.environ.get("GITOPS_MUTATIONS", "100"))
TEXTS = ["", "a", "b", "example.org", "*.example.org", "10.0.0.0/8", "10.0.0.1", "fd00::/64", "80"]
TEXTS += ["https://example.org/x", "/a", "1Gi", "10%", "5m", "2026-01-01T00:00:00Z", "A" * 70]
TEXTS += [f"/a{each}" for each in ("#", "//b", "/./b", "/../b", "%2F", "%2f", "/..", "/.")]
NAMES = ["a", "flux", "rbd.csi.ceph.com"]
NUMBERS = [0, 1, 2, 3, 80, 443, 301, 404, 500, 65535]
QUOTED = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
KEY = re.compile(r"\[([a-z])\]")
"""How the check of lists writes the key of a map, which all others write with a dot."""
RULES = "x-kubernetes-validations"

BLOCKING = {f"FieldValue{each}" for each in ("Required", "TypeInvalid", "NotSupported", "TooLong")}

Schema = dict[str, Any]
Verdicts = dict[tuple[str, str], set[bool]]


def test_the_api_server_says_the_same_of_objects_made_up_for_its_rules(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not CRDS.is_dir():
        pytest.skip(
            "no CustomResourceDefinitions in ../shared/crds; GITOPS_SHARED names its parent"
        )
    schemas = {kind: schema for kind, schema in sorted(definitions().items()) if _rules(schema)}
    made = {kind: _Maker(schema).objects(kind) for kind, schema in schemas.items()}
    answers = schemalib.ask({"schema": schemas[kind], "bodies": made[kind]} for kind in schemas)
    verdicts: Verdicts = {}
    different = []
    for kind, answer in zip(schemas, answers, strict=True):
        assert "error" not in answer, (kind, answer)
        _record(monkeypatch, ".".join(kind), verdicts)
        validator = Validator(schemas[kind], custom=True)
        for body, found in zip(made[kind], answer["problems"], strict=True):
            theirs = [{**each, "field": KEY.sub(r".\1", each["field"])} for each in found]
            ours = said_of(validator, body)
            if _is_hidden(theirs):
                ours = {(sort, path) for sort, path in ours if sort != "rule"}
            if ours != (said := told_of(theirs, ours)):
                different.append((kind[2], sorted(ours ^ said), theirs))
    every = {(".".join(kind), text) for kind, schema in schemas.items() for text in _rules(schema)}
    both = sum(verdicts.get(each) == {True, False} for each in every)
    some = sum(bool(verdicts.get(each)) for each in every)
    with capsys.disabled():
        count = sum(map(len, made.values()))
        print(f"\n{count} objects; of {len(every)} rules {some} evaluated, {both} both ways")
    assert different == []
    assert both > 0.75 * len(every)


def _is_hidden(theirs: list[dict[str, str]]) -> bool:
    """Whether a value fits none of its forms, and rules are not asked for what is wrong with the
    nearest of these: which one that is, is not told by what is said of it."""
    return any(COMBINED.match(each["detail"]) for each in theirs) and any(
        each["type"] in BLOCKING for each in theirs
    )


def _record(monkeypatch: pytest.MonkeyPatch, kind: str, verdicts: Verdicts) -> None:
    """Write down what each expression of a kind has said."""
    monkeypatch.undo()
    real = cel.compiled

    def recording(text: str) -> Callable[[Any], Any]:
        program = real(text)

        def run(variables: Any) -> Any:
            found = program(variables)
            if isinstance(found, bool):
                verdicts.setdefault((kind, text), set()).add(found)
            return found

        return run

    monkeypatch.setattr(cel, "compiled", recording)


def _rules(schema: Any) -> set[str]:
    """The rules in a schema that need no object as it was before."""
    if not isinstance(schema, dict):
        return set()
    own = {
        rule["rule"]
        for rule in schema.get(RULES, ())
        if "oldSelf" not in rule["rule"] or rule.get("optionalOldSelf")
    }
    below = [*schema.get("properties", {}).values(), *schema.get("allOf", ())]
    below += [schema.get("items"), schema.get("additionalProperties")]
    return own.union(*map(_rules, below))


class _Maker:
    """Makes up objects of one kind, the same each time."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._draw = random.Random(1)
        words = {a or b for text in _rules(schema) for a, b in QUOTED.findall(text)}
        words |= {word + "a" for word in words if word.endswith("/")}
        self._texts = [*TEXTS, *sorted(words)]
        self._reach: dict[int, bool] = {}

    def objects(self, kind: tuple[str, str, str]) -> list[dict[str, Any]]:
        group, version, name = kind
        own = {"apiVersion": f"{group}/{version}", "kind": name}
        return [
            {**self._object(self._schema), **own, "metadata": {"name": self._draw.choice(NAMES)}}
            for _ in range(EACH)
        ]

    def _value(self, schema: Schema) -> Any:
        draw = self._draw
        if "enum" in schema:
            return draw.choice(schema["enum"])
        if schema.get("x-kubernetes-int-or-string"):
            return draw.choice([0, 1, 80, "10%", "80", "1Gi"])
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "array":
                least = schema.get("minItems", 0)
                count = draw.randint(least, min(least + 2, schema.get("maxItems", least + 2)))
                found = [self._value(schema["items"]) for _ in range(count)]
                # Elements that are alike: many rules forbid them.
                alike = found[:1] if draw.random() < 0.3 and least <= count < 2 else []
                return found + copy.deepcopy(alike)
            case "boolean":
                return draw.random() < 0.5
            case "integer" | "number":
                return self._number(schema)
            case _:
                return self._text(schema)

    def _object(self, schema: Schema) -> dict[str, Any]:
        fields = schema.get("properties", {})
        names = set(schema.get("required", ()))
        names |= {name for name in fields if self._draw.random() < self._share(fields[name])}
        names = self._chosen(schema, names)
        made = {name: self._value(fields[name]) for name in sorted(names) if name in fields}
        others = schema.get("additionalProperties")
        if isinstance(others, dict):
            # Keys that a path leads through are letters: not all write dots and slashes alike.
            keys = self._texts[1:] if others.get("type") == "string" else ["a", "b", "c"]
            for name in self._draw.sample(keys, self._draw.randint(0, 2)):
                made[name] = self._value(others)
        return made

    def _share(self, field: Schema) -> float:
        """How often a field is there: those below which there are rules are, mostly."""
        reaches = self._reach.get(id(field))
        if reaches is None:
            reaches = self._reach[id(field)] = bool(_rules(field))
        return self._draw.choice([0.9, 0.5]) if reaches else self._draw.choice([0.05, 0.6])

    def _chosen(self, schema: Schema, names: set[str]) -> set[str]:
        """Where one of several forms is asked for: mostly one of them."""
        for word in ("oneOf", "anyOf"):
            forms = [set(each.get("required", ())) for each in schema.get(word, ())]
            if forms and self._draw.random() < 0.9:
                names = (names - set().union(*forms)) | self._draw.choice(forms)
        return names

    def _number(self, schema: Schema) -> int:
        least, most = schema.get("minimum", 0), schema.get("maximum", 65535)
        fitting = [each for each in (*NUMBERS, least, most) if least <= each <= most]
        return int(self._draw.choice(fitting))

    def _text(self, schema: Schema) -> str:
        fitting = [each for each in self._texts if len(each) <= schema.get("maxLength", 9999)]
        if "pattern" in schema:
            matches = patterns.matcher(schema["pattern"])
            fitting = [each for each in fitting if matches(each)] or fitting
        long = [each for each in fitting if len(each) >= schema.get("minLength", 0)]
        return str(self._draw.choice(long or fitting or [""]))
