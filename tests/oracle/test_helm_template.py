"""Rendered charts against `helm template`, object for object and in its order."""

import os
import re
import subprocess
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from gitops.model.render import RenderRequest, RenderResult
from gitops.sources import yamlio
from gitops.sources.helm.client import WorkerRenderer
from tests.oracle import helm_cases, tools
from tests.oracle.helm_cases import KUBE_VERSION, Case

pytestmark = pytest.mark.oracle

SOURCE = re.compile(r"^---\n# Source: [^/]+/(.+)\n", re.MULTILINE)
Objects = list[tuple[str, Any]]


def request(case: Case) -> RenderRequest:
    return RenderRequest(
        chart=str(case.chart),
        digest="",
        name="web",
        namespace="apps",
        values=msgspec.json.encode(case.values),
        kube_version=KUBE_VERSION,
    )


def theirs(case: Case) -> Objects | str:
    """Template and body of what Helm prints, or what it says instead."""
    command = [tools.helm(), "template", "web", str(case.chart), "--namespace", "apps"]
    command += ["--include-crds", "--kube-version", KUBE_VERSION, "--values", "-"]
    closed = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    values = msgspec.json.encode(case.values)
    environment = {**os.environ, **closed}
    done = subprocess.run(command, input=values, capture_output=True, env=environment, check=False)
    if done.returncode:
        return " ".join(done.stderr.decode().split())
    _, *parts = SOURCE.split(done.stdout.decode())
    return definitions_sorted(
        (template, helm_cases.whole(document.value))
        for template, text in zip(parts[::2], parts[1::2], strict=True)
        for document in parsed(template, text)
    )


def parsed(template: str, text: str) -> Iterable[yamlio.Document]:
    crd = "/crds/" in f"/{template}" and "/templates/" not in f"/{template}"
    dialect = yamlio.Dialect.SIGS if crd else yamlio.Dialect.KUSTOMIZE
    documents, _ = yamlio.parse(text.encode(), template, dialect)
    return documents


def ours(result: RenderResult) -> Objects:
    return definitions_sorted(
        (each.template, helm_cases.whole(msgspec.json.decode(each.raw))) for each in result.objects
    )


def definitions_sorted(objects: Iterable[tuple[str, Any]]) -> Objects:
    """Helm prints the CRDs of several subcharts in any order."""
    held = list(objects)
    crds = [each for each in held if "/templates/" not in f"/{each[0]}"]
    return sorted(crds, key=lambda each: each[0]) + held[len(crds) :]


def differs(result: RenderResult, expected: Objects | str) -> str:
    """How our result is another than Helm's; "" when it is not."""
    if isinstance(expected, str):
        words = result.problem.message if result.problem else ""
        return "" if words and words in expected else f"{result.problem} instead of {expected!r}"
    if result.problem:
        return f"{result.problem} instead of {len(expected)} objects"
    # Helm prints the last line end of a document, or does not, whatever the template gave.
    found, expected = helm_cases.ended(ours(result)), helm_cases.ended(expected)
    if result.uses_random:
        found, expected = helm_cases.masked(found), helm_cases.masked(expected)
    if len(found) != len(expected):
        return f"{len(found)} objects instead of {len(expected)}"
    wrong = [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]]
    return f"{wrong[0][0]} instead of {wrong[0][1]}" if wrong else ""


def compare(cases: list[Case]) -> tuple[dict[str, str], int]:
    """What differs, by case, and how many cases Helm could be asked about."""
    with WorkerRenderer() as renderer:
        results = renderer.render([request(case) for case in cases])
    found: dict[str, str] = {}
    asked = 0
    for case, result in zip(cases, results, strict=True):
        if result.unchecked:
            continue  # Helm would ask the network.
        expected = theirs(case)
        if "library charts are not installable" in expected:
            continue  # Only the command says so, and Flux does not.
        asked += 1
        different = differs(result, expected)
        if different:
            found[str(case)] = different
    return found, asked


def test_our_charts_render_as_helm_renders_them() -> None:
    assert compare(list(helm_cases.own())) == ({}, 18)


@pytest.mark.public
def test_public_charts_render_as_helm_renders_them() -> None:
    found, asked = compare(list(helm_cases.public()))
    print(f"{asked} cases, {asked - len(found)} equal")
    assert found == {}
