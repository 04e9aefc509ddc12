"""Charts rendered in a real worker, and what becomes of it."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gitops.errors import WorkerDied
from gitops.model.render import RenderProblem, RenderRequest, RenderResult
from gitops.sources.helm import channel
from gitops.sources.helm.client import WorkerRenderer
from tests.unit.sources.helm_charts import CONFIG, packed, request

BOMB = {"values.yaml": "x: '{{ tpl .Values.x . }}'\n", "templates/a.yaml": "{{ tpl .Values.x . }}"}
ENDLESS = "{{ range until 100000 }}" * 3 + "{{ end }}" * 3
SMALL = 400 << 20
"""Memory that recursion fills fast."""


@pytest.fixture(scope="module")
def renderer() -> Iterator[WorkerRenderer]:
    with WorkerRenderer() as renderer:
        yield renderer


def small(folder: Path, text: str = CONFIG, name: str = "small") -> Path:
    return packed(folder / f"{name}.tgz", {"templates/a.yaml": text}, name)


def bodies(result: RenderResult) -> list[Any]:
    assert result.problem is None
    return [msgspec.json.decode(each.raw) for each in result.objects]


def message(result: RenderResult) -> str:
    assert result.problem is not None
    assert result.objects == ()
    return result.problem.message


def test_a_chart_renders_with_values_version_and_labels(renderer: WorkerRenderer) -> None:
    asked = request("web", {"replicas": 3}, chart_version="1.2.3+0123456789ab")
    crd, config, service, deployment = bodies(renderer.result(asked))
    assert (crd["metadata"]["name"], service["kind"]) == ("colours.example.org", "Service")
    assert config == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "web-web",
            "labels": {
                "app.kubernetes.io/name": "web",
                "app.kubernetes.io/instance": "web",
                "app.kubernetes.io/version": "2.0",
                "helm.sh/chart": "web-1.2.3_0123456789ab",
            },
        },
        "data": {"colour": "green", "size": "3"},
    }
    assert deployment["spec"]["replicas"] == 3


def test_one_result_for_each_request_in_their_order(renderer: WorkerRenderer) -> None:
    asked = [request("web", {"replicas": number}) for number in range(8)]
    results = renderer.render([*asked, asked[0]])
    replicas = [bodies(result)[3]["spec"]["replicas"] for result in results]
    assert replicas == [*range(8), 0]


def test_submitted_charts_render_while_the_caller_goes_on(renderer: WorkerRenderer) -> None:
    asked = request("web", {"replicas": 100})
    renderer.submit(asked)
    renderer.submit(asked)
    deadline = time.monotonic() + 20
    while asked not in _known(renderer) and time.monotonic() < deadline:
        renderer.submit(asked)
        time.sleep(0.01)
    assert _known(renderer)[asked] == renderer.result(asked)


def _known(renderer: WorkerRenderer) -> dict[RenderRequest, RenderResult]:
    return {renderer._requests[number]: result for number, result in renderer._results.items()}


def test_null_removes_a_default(renderer: WorkerRenderer) -> None:
    config = bodies(renderer.result(request("web", {"config": {"colour": None}})))[1]
    assert config["data"] == {"size": "3"}


def test_subcharts_follow_conditions_tags_and_aliases(renderer: WorkerRenderer) -> None:
    plain = renderer.result(request("parts"))
    assert [(each.template, each.crd) for each in plain.objects] == [
        ("charts/leaf/crds/leaf.yaml", True),
        ("charts/leaf/templates/leaf.yaml", False),
        ("templates/own.yaml", False),
    ]
    values = {"twig": {"enabled": True}, "tags": {"optional": True}}
    everything = renderer.result(request("parts", values))
    names = [body["metadata"]["name"] for body in bodies(everything)]
    assert names == [
        "leaves.example.org",
        "tags.example.org",
        "leaves.example.org",
        "web-leaf",
        "tagged",
        "web-twig",
        "web-shelf",
    ]


def test_templates_see_exactly_the_cluster_that_is_meant(renderer: WorkerRenderer) -> None:
    served = ("apps/v1", "policy/v1/PodDisruptionBudget", "monitoring.coreos.com/v1")
    (seen,) = bodies(renderer.result(request("cluster", api_versions=served)))
    assert seen["data"] == {
        "release": "web 1 Helm",
        "install": "true false",
        "kubernetes": "v1.33.5 33",
        "helm": "true",
        "chart": "cluster 1.2.3 1.1",
        "template": "cluster/templates/seen.yaml",
        "file": "a file\n",
        "host": "",
        "lookup": "{}",
        "apps.v1": "true",
        "policy.v1beta1": "false",
        "monitoring.coreos.com.v1": "true",
        "policy.v1.PodDisruptionBudget": "true",
    }


def test_random_values_are_the_same_each_time_and_in_every_process(
    renderer: WorkerRenderer, tmp_path: Path
) -> None:
    first = renderer.result(request("random"))
    with WorkerRenderer(jobs=1) as other:
        assert other.result(request("random")) == first
    certificates, drawn = bodies(first)
    assert first.uses_random
    assert certificates["stringData"]["again.crt"] == certificates["stringData"]["ca.crt"]
    values = drawn["stringData"]
    assert {
        key: values[key]
        for key in (
            "between",
            "computed",
            "shuffled",
            "now",
            "year",
            "unix",
            "ago",
            "keys",
            "quoted",
            "text",
        )
    } == {
        "between": "10",
        "computed": "11",
        "shuffled": "abcdef",
        "now": "2000-01-01",
        "year": "2000",
        "unix": "946684800",
        "ago": "0s",
        "keys": "a,b,c,d",
        "quoted": "not evaluated: {{ randAlpha 8 }}",
        "text": "now and then, randAlpha 5, randAlpha 5",
    }
    lengths = {key: len(values[key]) for key in ("alnum", "alpha", "numeric", "ascii", "evaluated")}
    assert lengths == {"alnum": 12, "alpha": 5, "numeric": 6, "ascii": 7, "evaluated": 8}


def test_random_values_differ_between_releases(renderer: WorkerRenderer) -> None:
    one, two = renderer.render([request("random"), request("random", name="other")])
    assert [each.raw for each in one.objects] != [each.raw for each in two.objects]


def test_values_that_break_the_schema_are_a_problem_with_their_place(
    renderer: WorkerRenderer,
) -> None:
    found = message(renderer.result(request("web", {"replicas": "many", "image": None})))
    assert "at '/replicas': got string, want integer" in found
    asked = request("web", {"replicas": "many"}, disable_schema_validation=True)
    assert renderer.result(asked).problem is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '{{ fail "not like this" }}',
            RenderProblem(
                "execution error at (small/templates/a.yaml:1:3): not like this",
                "templates/a.yaml",
                1,
            ),
        ),
        (
            "\n{{ if }}",
            RenderProblem(
                "parse error at (small/templates/a.yaml:2): missing value for if",
                "templates/a.yaml",
                2,
            ),
        ),
        (
            "{{ .Values.a.b.c }}",
            RenderProblem(
                'small/templates/a.yaml:1:10 executing "small/templates/a.yaml" '
                "at <.Values.a.b.c>: nil pointer evaluating interface {}.b",
                "templates/a.yaml",
                1,
            ),
        ),
    ],
)
def test_a_template_that_fails_is_a_problem_with_its_place(
    renderer: WorkerRenderer, tmp_path: Path, text: str, problem: RenderProblem
) -> None:
    assert renderer.result(request(small(tmp_path, text))).problem == problem


@pytest.mark.parametrize(
    "files",
    [
        {"templates/a.yaml": b"\xff\xfe\x00\x01{{ \x00 }}"},
        {"templates/a.yaml": bytes(range(256)) * 50},
        {"values.yaml": "- not a mapping\n"},
        {"values.yaml": "a: [\n"},
        {"values.schema.json": "{"},
        {"Chart.yaml": "apiVersion: v2\n"},
        {"Chart.yaml": "apiVersion: v2\nname: a\nversion: not semver\n"},
        {"templates/a.yaml": '{{ include "missing" . }}'},
        {"templates/a.yaml": '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}'},
        {"templates/a.yaml": "{{ div 1 0 }}"},
        {"templates/a.yaml": "{{ noSuchFunction }}"},
        {"charts/b.tgz": b"junk"},
    ],
)
def test_whatever_is_wrong_with_a_chart_is_a_problem(
    renderer: WorkerRenderer, tmp_path: Path, files: dict[str, str | bytes]
) -> None:
    assert message(renderer.result(request(packed(tmp_path / "a.tgz", files))))


def test_a_chart_that_crashes_helm_is_a_problem_and_the_others_render(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "bomb.tgz", BOMB)
    good = small(tmp_path)
    asked = [request(good, name=f"r{number}") for number in range(4)]
    asked.insert(1, request(bomb))
    with WorkerRenderer(memory=SMALL) as renderer:
        results = renderer.render(asked)
    assert message(results[1]) == (
        "this chart makes Helm crash: a template recurses without end, "
        "or needs more than 400 MiB of memory"
    )
    names = [bodies(result)[0]["metadata"]["name"] for result in (results[0], *results[2:])]
    assert names == ["r0", "r1", "r2", "r3"]


def test_a_chart_that_hangs_is_a_problem_and_the_others_render(tmp_path: Path) -> None:
    hanging, good = small(tmp_path, ENDLESS, "hanging"), small(tmp_path)
    asked = [request(good), request(hanging), request(good, name="other")]
    with WorkerRenderer(timeout=2) as renderer:
        results = renderer.render(asked)
    assert message(results[1]) == "rendering did not end within 2 s"
    assert [bodies(results[at])[0]["metadata"]["name"] for at in (0, 2)] == ["web", "other"]


def test_time_that_the_caller_spends_elsewhere_does_not_count(tmp_path: Path) -> None:
    asked = [request(small(tmp_path), name=f"r{number}") for number in range(3)]
    with WorkerRenderer(timeout=1) as renderer:
        for each in asked:
            renderer.submit(each)
        time.sleep(1.2)
        assert [result.problem for result in map(renderer.result, asked)] == [None] * 3


def test_a_worker_that_is_killed_is_started_again(tmp_path: Path) -> None:
    chart = small(tmp_path)
    with WorkerRenderer() as renderer:
        assert bodies(renderer.result(request(chart)))
        assert renderer._channel is not None
        os.kill(renderer._channel._program.pid, signal.SIGKILL)
        asked = [request(chart, name=f"r{number}") for number in range(5)]
        assert [result.problem for result in renderer.render(asked)] == [None] * 5


def test_a_worker_that_cannot_start_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\nexit 3\n")
    silent.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(silent))
    with WorkerRenderer(jobs=3) as renderer, pytest.raises(WorkerDied) as died:
        renderer.result(request("web"))
    assert str(died.value) == (
        "the Helm worker does not start; "
        "`python -m gitops.sources.helm.worker 3 1073741824` shows why"
    )


def test_a_library_that_cannot_be_loaded_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "helm_python").mkdir()
    (tmp_path / "helm_python" / "__init__.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with WorkerRenderer() as renderer, pytest.raises(WorkerDied) as died:
        renderer.result(request("web"))
    assert str(died.value).startswith("Helm cannot be loaded: ")
    assert str(died.value).endswith("; install helm-python-sdk anew")


def test_more_than_a_pipe_holds_goes_through_both_ways(tmp_path: Path) -> None:
    text = CONFIG + "data: {{ .Values | toJson }}\n"
    chart = small(tmp_path, text)
    large = {str(number): "x" * 1000 for number in range(300)}
    asked = [request(chart, large, name=f"r{number}") for number in range(8)]
    with WorkerRenderer() as renderer:
        assert [bodies(result)[0]["data"] for result in renderer.render(asked)] == [large] * 8


def test_a_worker_can_be_started_before_it_is_needed() -> None:
    with WorkerRenderer() as renderer:
        renderer.start()
        first = renderer._channel
        assert first is not None
        assert renderer.result(request("web")).problem is None
        assert renderer._channel is first


def test_closing_ends_the_worker_and_can_be_done_twice() -> None:
    renderer = WorkerRenderer()
    renderer.close()
    renderer.submit(request("web"))
    assert renderer._channel is not None
    program = renderer._channel._program
    renderer.close()
    renderer.close()
    assert program.poll() is not None
    assert renderer.result(request("web")).problem is None
    renderer.close()


def test_the_worker_ends_with_the_one_who_started_it() -> None:
    worker = channel.Channel(1, 1 << 30)
    assert worker._program.stdin is not None
    worker._program.stdin.close()
    assert worker._program.wait(timeout=20) == 0
    worker.close()
