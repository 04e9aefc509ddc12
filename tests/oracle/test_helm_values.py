"""Values from references against Flux's own composition."""

import base64
import random
from typing import Any

import msgspec
import pytest

from gitops.build.helm import values
from gitops.build.helm.values import Datum
from gitops.model.finding import Severity
from tests.oracle import fluxlib
from tests.unit.build.helm.declared import release

pytestmark = pytest.mark.oracle

PATHS = ["a", "b", "a.b", "a.b.c", "l[0]", "l[1].x", "a.l[3]", r"a\.b", "new.deep[0][1]", "s.t"]
TEXTS = [
    *("12", "true", "null", "text", "a,b=1", "{1,2}", '"12"', "'x'", "", "a\nb", "{", "0755", "'"),
    *("1.5", '{"a": 1}', "[x]", r"a\,b", "b=c", "x, y", "é"),
]
DOCUMENTS = [
    "a: {b: 1, c: 2}\n",
    "a: {b: {c: deep}, l: [1, 2]}\nl: [{x: 1}, {x: 2}]\n",
    "a: text\nb: null\n",
    "s: {t: 1, u: {v: 2}}\nl: []\n",
    "yes: no\nn: 0755\nbig: 12345678901\n",
    "",
    "# nothing\n",
    "- a\n",
    "text\n",
    "a: [\n",
    "a: 1\na: 2\n",
    "---\na: 1\n---\nb: 2\n",
]


def mapping(draw: random.Random, depth: int = 0) -> dict[str, Any]:
    keys = draw.sample(["a", "b", "c", "l", "s", "t", "x"], draw.randint(0, 4))
    return {key: value(draw, depth + 1) for key in keys}


def value(draw: random.Random, depth: int) -> Any:
    if depth < 4 and draw.random() < 0.5:
        return mapping(draw, depth)
    return draw.choice([1, "inline", None, True, [1, {"x": 2}], []])


def requests(seed: int, count: int) -> list[dict[str, Any]]:
    """Releases with references to some of three objects."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        data = {
            f"{kind}/{at}": {
                "values.yaml": draw.choice(DOCUMENTS),
                "one": draw.choice(TEXTS),
                "two": draw.choice(TEXTS + DOCUMENTS),
            }
            for at, kind in enumerate(("ConfigMap", "Secret", "ConfigMap"))
        }
        references = [reference(draw) for _ in range(draw.randint(1, 4))]
        found.append({"values": mapping(draw), "valuesFrom": references, "data": data})
    return found


def reference(draw: random.Random) -> dict[str, Any]:
    kind, name = draw.choice(
        [("ConfigMap", "0"), ("Secret", "1"), ("ConfigMap", "2")] * 4 + [("ConfigMap", "9")]
    )
    found: dict[str, Any] = {"kind": kind, "name": name}
    if draw.random() < 0.6:
        found |= {"valuesKey": draw.choice(["one", "two"]), "targetPath": draw.choice(PATHS)}
        found["literal"] = draw.random() < 0.3
    elif draw.random() < 0.2:
        found["valuesKey"] = draw.choice(["two", "absent"])
    if draw.random() < 0.3:
        found["optional"] = True
    return found


def cluster(data: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    objects = []
    for key, texts in data.items():
        kind, _, name = key.partition("/")
        encoded = {k: base64.b64encode(v.encode()).decode() for k, v in texts.items()}
        objects.append(
            {
                "apiVersion": "v1",
                "kind": kind,
                "metadata": {"name": name, "namespace": "apps"},
                "data": encoded if kind == "Secret" else texts,
            }
        )
    return objects


def composed(request: dict[str, Any]) -> dict[str, Any] | None:
    def lookup(kind: str, namespace: str, name: str) -> dict[str, Datum] | None:
        texts = request["data"].get(f"{kind}/{name}")
        return texts and {key: Datum(text) for key, text in texts.items()}

    spec = {"values": request["values"], "valuesFrom": request["valuesFrom"]}
    found = values.compose(release(spec), lookup)
    if any(each.severity is Severity.ERROR for each in found.findings):
        return None
    return msgspec.json.decode(msgspec.json.encode(found.data))  # type: ignore[no-any-return]


def test_values_are_composed_as_flux_composes_them() -> None:
    asked = requests(1, 6000)
    answers = fluxlib.ask(
        {
            "do": "values",
            "namespace": "apps",
            "values": request["values"],
            "valuesFrom": request["valuesFrom"],
            "cluster": cluster(request["data"]),
        }
        for request in asked
    )
    different = [
        (request, answer.get("values"), composed(request))
        for request, answer in zip(asked, answers, strict=True)
        if answer.get("values") != composed(request)
    ]
    assert different == []
    assert sum("values" in answer for answer in answers) > 2000
