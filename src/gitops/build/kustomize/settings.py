"""Files that change how a kustomization works: `configurations`, `crds` and `openapi`."""

from typing import Any

from gitops.build.kustomize import config, defaults, fields
from gitops.build.kustomize.config import Config
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fields import Mistake
from gitops.build.kustomize.kustomization import Kustomization
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import text
from gitops.build.kustomize.state import State
from gitops.model.finding import Severity
from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect

BUILTIN_SCHEMA = "v1.21.2"
"""The one Kubernetes version whose schema kustomize 5.8 has."""


def configure(state: State, found: Kustomization, current: Config) -> Config:
    """`current` with the built-in configuration and what the kustomization adds to it."""
    own = config.NOTHING
    for pointer, entry in found.entries("configurations"):
        asked = Directive(state, found, pointer)
        read = _configuration(asked, entry)
        own = own if read is None else _merged(asked, own, read)
    here = Directive(state, found, ("configurations",))
    current = _merged(here, current, _merged(here, defaults.DEFAULT, own))
    for pointer, entry in found.entries("crds"):
        asked = Directive(state, found, pointer)
        read = _definitions(asked, entry)
        current = current if read is None else _merged(asked, current, read)
    return current


def set_types(state: State, found: Kustomization) -> None:
    """Takes the schema that `openapi` names; the first kustomization that names one decides."""
    wanted = found.body.get("openapi", {})
    asked = Directive(state, found, ("openapi",))
    if "path" in wanted and "version" in wanted:
        hint = "keep path for a schema of your own, and version for one that is built in"
        asked.problem("kustomize/openapi", Problem("path and version cannot both be set", hint))
    elif "path" in wanted:
        document = load(asked, wanted["path"])
        if type(document) is dict:
            state.set_types(document)
        elif document is not None:
            hint = "give an OpenAPI document, as `kustomize openapi fetch` writes it"
            asked.problem("kustomize/openapi", Problem("the schema must be a mapping", hint))
    elif wanted.get("version"):
        if wanted["version"] != BUILTIN_SCHEMA:
            hint = f"use {BUILTIN_SCHEMA}, or give the schema as a file"
            problem = Problem(f"the schema {wanted['version']} is not built in", hint)
            asked.problem("kustomize/openapi", problem)
        state.fix_types()


def _configuration(asked: Directive, reference: str) -> Config | None:
    body = load(asked, reference)
    if body is None:
        return None
    mistakes: list[Mistake] = []
    checked = fields.check(body, fields.CONFIGURATION, mistakes, lenient=True)
    for mistake in mistakes:
        problem = Problem(f"{reference}: {mistake.problem.message}", mistake.problem.hint)
        asked.problem("kustomize/configuration", problem)
    if checked is None:
        return None
    return config.from_body(checked)


def _definitions(asked: Directive, reference: str) -> Config | None:
    body = load(asked, reference)
    if body is None:
        return None
    if type(body) is not dict or any(type(value) is not dict for value in body.values()):
        hint = "crds takes OpenAPI definitions; list CustomResourceDefinitions under resources"
        problem = Problem(f"{reference} holds no OpenAPI definitions", hint)
        asked.problem("kustomize/configuration", problem)
        return None
    read = config.from_crds(body)
    if isinstance(read, Problem):
        asked.problem("kustomize/configuration", read)
        return None
    return read


def _merged(asked: Directive, left: Config, right: Config) -> Config:
    merged = config.merge(left, right)
    if isinstance(merged, Problem):
        asked.problem("kustomize/configuration", merged)
        return left
    return merged


def load(asked: Directive, reference: str) -> Any:
    """The first document of a file; None after a finding."""
    content = asked.place.load(reference)
    if isinstance(content, Problem):
        asked.problem("kustomize/missing-file", content)
        return None
    path = asked.place.named(text(asked.place.resolve(reference))).path
    documents, findings = yamlio.parse(content, path, Dialect.SIGS)
    asked.state.report(*findings)
    if any(found.severity is Severity.ERROR for found in findings):
        return None
    return documents[0].value if documents else {}
