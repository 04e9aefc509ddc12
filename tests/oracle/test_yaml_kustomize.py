"""kustomize reads, merges and generates what we do: the tables of facts, and random cases.

Random cases come from fixed seeds. `GITOPS_ORACLE_ROUNDS` multiplies their number.
"""

import os
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gitops.build.kustomize import openapi, strategic
from gitops.build.kustomize.problem import Problem
from gitops.model.finding import Severity
from gitops.sources import yamlio
from gitops.sources.disk import DiskTree
from tests.oracle import comparing
from tests.oracle.comparing import Comparison, Outcome
from tests.properties import test_yaml_reading as generated
from tests.unit.sources import test_yamlio_scalars as facts

pytestmark = pytest.mark.oracle

ROUNDS = int(os.environ.get("GITOPS_ORACLE_ROUNDS", "1"))
META = "metadata:\n  name: {name}\n"
WIDGET = f"apiVersion: example.com/v1\nkind: Widget\n{META}"


def build(folder: Path, files: dict[str, str], kustomization: dict[str, Any]) -> Comparison:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, newline="")
    (folder / "kustomization.yaml").write_text(yamlio.dump(kustomization))
    return comparing.compare(folder.name, DiskTree(str(folder)), folder, "", "none")


def different(comparisons: list[Comparison]) -> list[Comparison]:
    return [each for each in comparisons if each.outcome is Outcome.DIFFERENT]


ROWS = [(text, meaning) for text, meaning in facts.BOTH] + [
    (text, meaning) for text, meaning, _ in facts.APART
]


def test_accepted_scalars_mean_the_same(tmp_path: Path) -> None:
    texts = [text for text, meaning in ROWS if meaning is not facts.REFUSED]
    objects = [f"{WIDGET.format(name=f'n{n}')}a: {text}\n" for n, text in enumerate(texts)]
    found = build(tmp_path / "all", {"r.yaml": "---\n".join(objects)}, {"resources": ["r.yaml"]})
    assert found == Comparison("all", Outcome.EQUAL)


def test_refused_scalars_are_refused(tmp_path: Path) -> None:
    texts = [text for text, meaning in ROWS if meaning is facts.REFUSED]
    found = [
        build(
            tmp_path / str(number),
            {"r.yaml": f"{WIDGET.format(name='n')}a: {text}\n"},
            {"resources": ["r.yaml"]},
        )
        for number, text in enumerate(texts)
    ]
    assert [each for each in found if each.outcome is not Outcome.BOTH_FAIL] == []


def test_random_documents_are_read_alike(tmp_path: Path) -> None:
    """What kustomize refuses behind the end of a document, we ignore with a warning."""
    draw = random.Random(5)
    pieces = [*generated.PIECES.split(), *generated.SPACED, *generated.LONG]
    found: list[Comparison] = []
    for number in range(120 * ROUNDS):
        text = WIDGET.format(name="n") + "a: " + "".join(draw.choices(pieces, k=draw.randint(1, 7)))
        _, findings = yamlio.parse(text.encode(), "r.yaml")
        if not any(finding.severity is Severity.WARNING for finding in findings):
            files = {"r.yaml": text + draw.choice(["", "\n", "\nb: 1\n"])}
            found.append(build(tmp_path / str(number), files, {"resources": ["r.yaml"]}))
    assert different(found) == []


class Draw:
    """Random Deployments, Services and custom objects, and patches for them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.patch = False

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def scalar(self) -> Any:
        return self.random.choice(["a", "b", "80", "true", "x y", 80, 1, True, 1.5, ""])

    def some(self, value: Any) -> Any:
        """The value, sometimes something empty."""
        return self.random.choice([None, {}, [], "null"]) if self.maybe(0.12) else value

    def mapping(self, **fields: Any) -> dict[str, Any]:
        chosen = {key: make() for key, make in fields.items() if key == "name" or self.maybe(0.55)}
        if self.patch and self.maybe(0.08):
            chosen["$patch"] = self.random.choice(["delete", "replace", "merge"])
        return chosen

    def many(self, make: Any, most: int = 3) -> Any:
        items = [make() for _ in range(self.random.randint(0, most))]
        if self.patch and self.maybe(0.08):
            items.insert(0, {"$patch": self.random.choice(["delete", "replace", "merge"])})
        return self.some(items)

    def one_of(self, *values: Any) -> Any:
        return self.random.choice(values)

    def container(self) -> dict[str, Any]:
        return self.mapping(
            name=lambda: self.one_of("m", "s"),
            image=self.scalar,
            args=lambda: self.many(self.scalar),
            env=lambda: self.many(
                lambda: self.mapping(name=lambda: self.one_of("a", "b"), value=self.scalar)
            ),
            ports=lambda: self.many(
                lambda: self.mapping(
                    containerPort=lambda: self.one_of(80, 81),
                    protocol=lambda: self.one_of("TCP", "UDP"),
                    name=lambda: self.one_of("p", "q"),
                )
            ),
            resources=lambda: self.some({"limits": {"cpu": self.some("1")}}),
        )

    def pod(self) -> dict[str, Any]:
        return self.mapping(
            containers=lambda: self.many(self.container),
            volumes=lambda: self.many(
                lambda: self.mapping(name=lambda: self.one_of("v", "w"), emptyDir=lambda: {})
            ),
            nodeSelector=lambda: self.some({"a": "b"}),
            tolerations=lambda: self.many(lambda: {"key": self.one_of("a", "b")}),
        )

    def body(self, name: str, kind: str) -> dict[str, Any]:
        metadata = {"name": name, "finalizers": ["f", self.one_of("g", "h")]}
        if kind == "Deployment":
            spec = {"replicas": self.some(2), "template": {"spec": self.pod()}}
            return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": spec}
        if kind == "Service":
            ports = self.many(
                lambda: self.mapping(
                    port=lambda: self.one_of(80, 81),
                    protocol=lambda: self.one_of("TCP", "UDP"),
                    targetPort=self.scalar,
                )
            )
            return {
                "apiVersion": "v1",
                "kind": kind,
                "metadata": metadata,
                "spec": {"ports": ports},
            }
        spec = {"list": self.many(self.scalar), "map": self.some(self.mapping(a=self.scalar))}
        return {"apiVersion": "example.com/v1", "kind": kind, "metadata": metadata, "spec": spec}


def written(value: Any) -> str:
    """YAML in which the text null stands for a null that is written out, and None for nothing."""
    text = yamlio.dump(value).replace(": null\n", ":\n")
    return text.replace(': "null"\n', ": null\n")


def test_random_strategic_merges_give_the_same(tmp_path: Path) -> None:
    draw = Draw(7)
    resources: list[str] = []
    patches: list[dict[str, Any]] = []
    for number in range(300 * ROUNDS):
        name, kind = f"n{number}", draw.one_of("Deployment", "Deployment", "Service", "Widget")
        draw.patch = False
        target = written(draw.body(name, kind))
        draw.patch = True
        patch = written(draw.body(name, kind))
        body, change = (
            yamlio.parse(text.encode(), "f", nulls=True)[0][0].value for text in (target, patch)
        )
        if not isinstance(strategic.merge(body, change, openapi.builtin()), Problem):
            resources.append(target)
            patches.append({"patch": patch})
    files = {"r.yaml": "---\n".join(resources)}
    found = build(tmp_path / "merges", files, {"resources": ["r.yaml"], "patches": patches})
    assert len(patches) > 100 * ROUNDS
    assert found == Comparison("merges", Outcome.EQUAL)


CONTENTS = [
    b"hello\n",
    b"a\r\nb\r\n",
    b"\xff\x00" * 40,
    "<a>&\u2028\u00e9\U0001f600\n".encode(),
    b"",
    b"  lead\n x\n\n",
    b"\ttab\n",
    b"\n\nx\n\n\n",
    b" \n \n",
    b"trail  \nx\n",
]
ENVS = [b"\xef\xbb\xbfA=1\nB=2\n", b"# c\n  C=x=y\nD\n=z\nE= s \r\n\nF='q'", b"A=\xff\n", b""]
LITERALS = [
    "a=1",
    "b='q'",
    'c="x y"',
    "d=",
    "=x",
    "none",
    "e=a=b",
    "f='x\"",
    "g='",
    "h=multi\nline\n",
]
SOURCES = ["f.txt", "k=f.bin", "f.bin", "k=", "=f.txt", "a=b=c", "./f.txt", "missing"]


def test_random_generators_give_the_same(tmp_path: Path) -> None:
    draw = random.Random(11)
    found: list[Comparison] = []
    for number in range(60 * ROUNDS):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "f.txt").write_bytes(draw.choice(CONTENTS))
        (folder / "f.bin").write_bytes(draw.choice(CONTENTS))
        (folder / "e.env").write_bytes(draw.choice(ENVS))
        entry: dict[str, Any] = {
            "name": "n",
            "literals": draw.sample(LITERALS, draw.randint(0, 2)),
            "files": draw.sample(SOURCES, draw.randint(0, 2)),
            "envs": draw.choice([[], ["e.env"]]),
        }
        field = draw.choice(["configMapGenerator", "secretGenerator"])
        kustomization: dict[str, Any] = {field: [entry]}
        if draw.random() < 0.3:
            kustomization["generatorOptions"] = {"labels": {"l": "1"}, "immutable": True}
        (folder / "kustomization.yaml").write_bytes(msgspec.json.encode(kustomization))
        found.append(comparing.compare(str(number), DiskTree(str(folder)), folder, "", "none"))
    assert different(found) == []
    assert sum(each.outcome is Outcome.EQUAL for each in found) > 10 * ROUNDS
