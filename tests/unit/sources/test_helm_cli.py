"""Helm as a program. What stands in for it here is a script that prints what Helm would."""

from pathlib import Path

import pytest

from gitops.errors import ProcessFailed
from gitops.model.render import RenderProblem
from gitops.sources.helm.cli import CommandRenderer
from tests.unit.sources.helm_charts import request

OUTPUT = """\
---
# Source: web/crds/b.yaml
kind: CustomResourceDefinition
metadata: {name: b}
---
# Source: web/templates/s.yaml
kind: Secret
metadata: {name: s}
text: |
  line
---
# Source: web/charts/sub/templates/h.yaml
kind: Job
metadata:
  name: h
  annotations: {helm.sh/hook: pre-install}
"""


def script(folder: Path, text: str) -> CommandRenderer:
    program = folder / "helm"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return CommandRenderer(str(program), timeout=5)


def test_objects_are_those_that_helm_prints(tmp_path: Path) -> None:
    renderer = script(tmp_path, f"cat <<'END'\n{OUTPUT}END")
    asked = request("web")
    renderer.submit(asked)
    (result, again) = renderer.render([asked, asked])
    assert again is result
    assert [(each.template, each.hook, each.crd, each.raw) for each in result.objects] == [
        (
            "crds/b.yaml",
            "",
            True,
            b'{"kind":"CustomResourceDefinition","metadata":{"name":"b"}}',
        ),
        (
            "templates/s.yaml",
            "",
            False,
            b'{"kind":"Secret","metadata":{"name":"s"},"text":"line"}',
        ),
        (
            "charts/sub/templates/h.yaml",
            "pre-install",
            False,
            b'{"kind":"Job","metadata":{"name":"h","annotations":{"helm.sh/hook":"pre-install"}}}',
        ),
    ]


def test_helm_is_asked_with_values_version_and_apis_and_without_a_cluster(tmp_path: Path) -> None:
    log = tmp_path / "log"
    renderer = script(tmp_path, f'echo "$@" "$KUBECONFIG" "$HTTPS_PROXY" >{log}; cat >>{log}')
    renderer.result(request("web", {"global": 1}, api_versions=("apps/v1", "v1")))
    arguments, values = log.read_text().splitlines()
    before, _, after = arguments.partition("/chart.tgz ")
    assert before.startswith("template web /")
    assert after == (
        "--namespace apps --values - --include-crds --kube-version 1.33.5 "
        "--api-versions apps/v1 --api-versions v1 /nonexistent http://127.0.0.1:9"
    )
    assert values == '{"global":1}'


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (
            'level=WARN msg="deprecated"\\nError: execution error at '
            "(web/templates/a.yaml:3:4): no\\n\\nUse --debug flag to render out invalid YAML",
            RenderProblem(
                "execution error at (web/templates/a.yaml:3:4): no", "templates/a.yaml", 3
            ),
        ),
        ("killed", RenderProblem("killed")),
    ],
)
def test_what_helm_says_is_a_problem(tmp_path: Path, words: str, problem: RenderProblem) -> None:
    renderer = script(tmp_path, f"printf '%b' '{words}' >&2; exit 1")
    assert renderer.result(request("web")).problem == problem


def test_a_helm_that_hangs_is_a_problem(tmp_path: Path) -> None:
    script(tmp_path, "exec sleep 60")
    renderer = CommandRenderer(str(tmp_path / "helm"), timeout=0.3)
    problem = renderer.result(request("web")).problem
    assert problem == RenderProblem(f"{tmp_path}/helm did not finish within 0.3 s")


def test_without_helm_nothing_can_be_rendered() -> None:
    with pytest.raises(ProcessFailed, match="no-such-helm is not installed"):
        CommandRenderer("no-such-helm")
