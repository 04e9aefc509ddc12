"""The platform as its files say it: parsed YAML and nothing of the compiler.

What is checked here must stay true however the compiler reads the same files.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from gitops.sources import yamlio

ROOT = Path(__file__).parents[2]
TREE = ROOT / "kubernetes"
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::?[-=]([^}]*))?\}")
"""A variable and its default, as far as this repository uses Flux's dialect."""


class Object(msgspec.Struct, frozen=True):
    """One document and the file that holds it, relative to the root of the repository."""

    path: str
    body: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.body["kind"])

    @property
    def group(self) -> str:
        return str(self.body["apiVersion"]).rpartition("/")[0]

    @property
    def name(self) -> str:
        return str(self.body["metadata"]["name"])

    @property
    def spec(self) -> dict[str, Any]:
        return dict(self.body["spec"])


@cache
def documents(path: str) -> tuple[Object, ...]:
    """The documents of one file; a file that cannot be read fails the test that asks."""
    found, findings = yamlio.parse((ROOT / path).read_bytes(), path)
    assert findings == ()
    return tuple(Object(path, document.value) for document in found)


@cache
def files() -> tuple[str, ...]:
    """Every file of the manifests."""
    paths = (path for path in TREE.rglob("*") if path.is_file())
    return tuple(sorted(path.relative_to(ROOT).as_posix() for path in paths))


@cache
def objects() -> tuple[Object, ...]:
    """Every Kubernetes object as written, without kustomize's own files."""
    found = (document for path in files() for document in documents(path))
    return tuple(item for item in found if item.group != "kustomize.config.k8s.io")


@cache
def clusters() -> tuple[str, ...]:
    """The names of the clusters."""
    return tuple(sorted(path.name for path in (TREE / "clusters").iterdir()))


def settings(cluster: str) -> dict[str, Any]:
    """The facts of a cluster."""
    (found,) = documents(f"kubernetes/clusters/{cluster}/cluster-settings.yaml")
    return dict(found.body["data"])


def steps(cluster: str) -> dict[str, Object]:
    """The Flux Kustomizations of a cluster, by name."""
    folder = f"kubernetes/clusters/{cluster}/"
    found = [item for item in objects() if item.path.startswith(folder) and is_step(item)]
    assert len(found) == len({item.name for item in found})
    return {item.name: item for item in found}


def is_step(item: Object) -> bool:
    """Whether it is a Flux Kustomization."""
    return (item.group, item.kind) == ("kustomize.toolkit.fluxcd.io", "Kustomization")


def is_own(step: Object) -> bool:
    """Whether a Flux Kustomization reads this repository."""
    return bool(step.spec["sourceRef"]["name"] == "flux-system")


def unit(step: Object) -> str:
    """The folder of this repository that a Flux Kustomization applies; empty for none."""
    return str(step.spec["path"]).removeprefix("./") if is_own(step) else ""


def contents(folder: str) -> frozenset[str]:
    """The files that building a folder reads: its own, and those of its bases and components."""
    return frozenset(_read_by(folder)) if folder else frozenset()


def objects_of(folder: str) -> tuple[Object, ...]:
    """The objects as written that building a folder gives; patches are parts of objects."""
    read = contents(folder) - patches()
    return tuple(item for item in objects() if item.path in read)


def namespace(folder: str) -> str:
    """The namespace that a unit's kustomization.yaml gives its objects."""
    if not folder:
        return ""
    (kustomization,) = documents(f"{folder}/kustomization.yaml")
    return str(kustomization.body.get("namespace", ""))


@cache
def patches() -> frozenset[str]:
    """The files that are patches."""
    return frozenset(
        resolve(path.rpartition("/")[0], patch["path"])
        for path in files()
        if path.endswith("/kustomization.yaml")
        for document in documents(path)
        for patch in document.body.get("patches", [])
        if "path" in patch
    )


def variables(paths: frozenset[str]) -> frozenset[str]:
    """The names that the files substitute."""
    texts = ((ROOT / path).read_text("utf-8") for path in paths)
    return frozenset(match[1] for text in texts for match in VARIABLE.finditer(text))


def needed(paths: frozenset[str]) -> frozenset[str]:
    """The names that the files substitute and give no default for."""
    texts = ((ROOT / path).read_text("utf-8") for path in paths)
    found = (match for text in texts for match in VARIABLE.finditer(text))
    return frozenset(match[1] for match in found if match[2] is None)


def filled(item: Object, cluster: str, step: Object | None = None) -> Object:
    """The object with the settings of a cluster, and the step's own, as Flux fills them in.

    It writes the object out, replaces in the text and reads that again, so values change type.
    """
    facts = settings(cluster) | (substitutes(step) if step else {})
    text = VARIABLE.sub(lambda found: str(facts.get(found[1], found[2])), yamlio.dump(item.body))
    ((document,), ()) = yamlio.parse(text.encode(), item.path, yamlio.Dialect.SIGS)
    return Object(item.path, document.value)


def substitutes(step: Object) -> dict[str, Any]:
    """The variables that a Flux Kustomization sets itself."""
    return dict(step.spec.get("postBuild", {}).get("substitute", {}))


def behind(cluster: str, name: str) -> frozenset[str]:
    """A Flux Kustomization and all it waits for, directly or not."""
    steps_by_name, seen, waiting = steps(cluster), set[str](), [name]
    while waiting:
        current = waiting.pop()
        if current in steps_by_name and current not in seen:
            seen.add(current)
            waiting += dependencies(steps_by_name[current])
    return frozenset(seen)


def dependencies(step: Object) -> list[str]:
    """The names of what a Flux Kustomization waits for."""
    return [str(item["name"]) for item in step.spec.get("dependsOn", [])]


def _read_by(folder: str) -> Iterator[str]:
    path = f"{folder}/kustomization.yaml"
    yield path
    (kustomization,) = documents(path)
    for reference in references(kustomization):
        target = resolve(folder, reference)
        if (ROOT / target).is_dir():
            yield from _read_by(target)
        else:
            yield target


def references(kustomization: Object) -> Iterator[str]:
    """The paths that a kustomization.yaml names."""
    body = kustomization.body
    yield from body.get("resources", [])
    yield from body.get("components", [])
    yield from (patch["path"] for patch in body.get("patches", []) if "path" in patch)
    for field in ("configMapGenerator", "secretGenerator"):
        for generator in body.get(field, []):
            for name in ("files", "envs"):
                yield from (entry.rpartition("=")[2] for entry in generator.get(name, []))


def resolve(folder: str, reference: str) -> str:
    """A reference of a folder, relative to the root."""
    return (ROOT / folder / reference).resolve().relative_to(ROOT).as_posix()
