"""Core objects against kubeconform: both read one set of definitions, each in its own way.

Seeds are the core objects of our own tree, and those of its charts that the store at hand holds;
each is broken in random ways. kubeconform is told the strict definitions as plain JSON Schema, so
all that makes of a definition what an API server checks is ours alone to get right.
"""

import json
import os
import random
import subprocess
from collections import Counter, defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from gitops.check import fields
from gitops.check.schemas.builtin import Builtin
from gitops.check.schemas.problem import Fault, Problem
from gitops.check.schemas.validating import Validator
from gitops.cli import arguments, compose
from gitops.model.build import Fleet
from gitops.sources.schemas import kubernetes
from tests.oracle import tools
from tests.oracle.test_schemas import mutated

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
VERSION = "1.33.0"
EACH = int(os.environ.get("GITOPS_MUTATIONS", "6"))

Kind = tuple[str, str, str]


def test_kubeconform_says_the_same_of_mutated_core_objects(tmp_path: Path) -> None:
    program = tools.kubeconform()
    known, draw = Builtin(kubernetes.definitions(VERSION)), random.Random(1)
    kinds = _kinds()
    seeds = {kind: found for kind, found in sorted(_seeds().items()) if kind in kinds}
    bodies = {
        kind: [body for seed in found for body in (seed, *(_broken(seed, draw)))]
        for kind, found in seeds.items()
    }
    theirs = _ask(program, tmp_path, kinds, bodies)
    compared, different = Counter[str](), []
    for kind in seeds:
        schema = known.schema(*kind)
        assert schema is not None
        validator = Validator(schema, custom=False)
        for body, said in zip(bodies[kind], theirs[kind], strict=True):
            ours = [each for each in validator.problems(body) if _is_form(each)]
            compared["wrong" if ours else "right"] += 1
            if bool(ours) != bool(said) and not _is_about_null(ours, said, body):
                different.append((kind[2], ours, said))
    assert different == []
    assert min(compared["right"], compared["wrong"]) > 200


def _is_form(found: Problem) -> bool:
    """Whether JSON Schema can say it: not that a list has a key twice, nor the form of metadata;
    and of quantities and of base64 these definitions only say that they are texts."""
    unheard = found.message.endswith((" is no quantity", " is no byte"))
    return found.fault not in (Fault.DUPLICATE, Fault.METADATA) and not unheard


def _is_about_null(ours: list[Problem], theirs: str, body: dict[str, Any]) -> bool:
    """The definitions let null be any object, even a required one, which the API server then finds
    missing; and of null as a number or a text they say that it is both, and must be only one."""
    return "oneOf failed, subschemas 0, 1 matched" in theirs or bool(
        ours
        and all(
            each.fault is Fault.REQUIRED
            and _is_null(fields.at(body, *each.pointer[:-1]), each.pointer[-1])
            for each in ours
        )
    )


def _is_null(around: Any, name: str | int) -> bool:
    """Whether a field is there and null, or is a field of an element that is."""
    return around is None or name in fields.mapping(around)


def _broken(seed: dict[str, Any], draw: random.Random) -> list[dict[str, Any]]:
    made = [mutated(seed, draw) for _ in range(EACH)]
    return [each for each in made if "metadata" in each]


def _definitions() -> dict[str, Any]:
    spec = find_spec("kubernetes_validate")
    assert spec is not None and spec.origin is not None
    folder = Path(spec.origin).parent / "kubernetes-json-schema" / f"v{VERSION}-local-strict"
    found: dict[str, Any] = json.loads((folder / "_definitions.json").read_bytes())["$defs"]
    return found


def _kinds() -> dict[Kind, str]:
    """The name of the definition of each kind."""
    found = {}
    for name, definition in _definitions().items():
        for each in definition.get("x-kubernetes-group-version-kind", ()):
            found[each["group"], each["version"], each["kind"]] = name
    return found


def _fleet() -> Fleet:
    parser = arguments.parser("check", "")
    arguments.add_clusters(parser)
    arguments.add_compile(parser)
    return compose.compile_repository(parser.parse_args(["--repo", str(ROOT)]), keyless=True)


def _seeds(fleet: Fleet | None = None) -> dict[Kind, list[dict[str, Any]]]:
    """The objects of our fleet, each once."""
    seeds: dict[Kind, dict[bytes, dict[str, Any]]] = defaultdict(dict)
    for cluster in (fleet or _fleet()).clusters:
        for unit in cluster.units:
            for each in unit.manifests:
                if each.id.kind != "CustomResourceDefinition" and not each.incomplete:
                    kind = (each.id.group, each.id.version, each.id.kind)
                    seeds[kind][each.raw] = each.body()
    return {kind: list(found.values()) for kind, found in seeds.items()}


def _ask(
    program: str, folder: Path, kinds: dict[Kind, str], bodies: dict[Kind, list[dict[str, Any]]]
) -> dict[Kind, list[str]]:
    """What kubeconform says of each object, "" of those that are right."""
    definitions = _definitions()
    said: dict[Kind, list[str]] = {}
    for number, (kind, found) in enumerate(bodies.items()):
        place = folder / str(number)
        place.mkdir()
        schema = {"$defs": definitions, "$ref": f"#/$defs/{kinds[kind]}"}
        (place / "schema.json").write_text(json.dumps(schema), "utf-8")
        stream = "\n---\n".join(json.dumps({**body, **_identity(kind)}) for body in found)
        said[kind] = _answers(program, place / "schema.json", stream)
        assert len(said[kind]) == len(found)
    return said


def _identity(kind: Kind) -> dict[str, str]:
    """kubeconform finds the schema by it, so it is left whole."""
    group, version, name = kind
    return {"apiVersion": f"{group}/{version}".lstrip("/"), "kind": name}


def _answers(program: str, schema: Path, stream: str) -> list[str]:
    command = [program, "-strict", "-n", "1", "-output", "json", "-verbose"]
    done = subprocess.run(
        [*command, "-kubernetes-version", VERSION, "-schema-location", str(schema), "-"],
        input=stream,
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)["resources"]
    return [each["msg"] if each["status"] != "statusValid" else "" for each in found]
