"""Charts made ready for Helm."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from gitops.model.render import RenderProblem, RenderRequest
from gitops.sources.charts import archive
from gitops.sources.helm import preparation
from gitops.sources.helm.preparation import Unfit
from gitops.sources.helm.templates import Traits
from tests.unit.sources.helm_charts import packed, request


def files(asked: RenderRequest, *, settle_values: bool = False) -> dict[str, bytes]:
    chart = preparation.prepare(asked, settle_values=settle_values)
    return archive.unpack(chart.archive, "prepared")


def values(asked: RenderRequest) -> Any:
    return msgspec.json.decode(files(asked)["values.yaml"])


def refused(asked: RenderRequest) -> RenderProblem:
    with pytest.raises(Unfit) as unfit:
        preparation.prepare(asked)
    return unfit.value.problem


def test_a_chart_without_anything_to_change_is_taken_as_it_is() -> None:
    chart = preparation.prepare(request("web", {"a": 1}))
    assert (chart.name, chart.version, chart.app_version) == ("web", "1.2.3", "2.0")
    assert (chart.traits, chart.unchecked, chart.may_vary) == (Traits(), (), False)
    assert chart.values == b'{"a":1}'
    held = archive.unpack(chart.archive, "prepared")
    assert "templates/ignored.yaml" not in held
    folder = Path(request("web").chart)
    assert held == {path: (folder / path).read_bytes() for path in held}


def test_folders_and_archives_give_the_same(tmp_path: Path) -> None:
    folder = request("web")
    content = archive.unpack(preparation.prepare(folder).archive, "prepared")
    texts: dict[str, str | bytes] = dict(content)
    packaged = request(packed(tmp_path / "web.tgz", texts, "web"))
    assert preparation.prepare(packaged).archive == preparation.prepare(folder).archive


def test_the_version_is_replaced_and_the_rest_of_the_metadata_stays() -> None:
    asked = request("cluster", chart_version="1.2.3+0123456789ab")
    chart = preparation.prepare(asked)
    assert chart.version == "1.2.3+0123456789ab"
    assert msgspec.json.decode(files(asked)["Chart.yaml"]) == {
        "apiVersion": "v2",
        "name": "cluster",
        "version": "1.2.3+0123456789ab",
        "appVersion": 1.1,
    }


def test_values_files_replace_the_defaults() -> None:
    assert values(request("web", values_files=("values-large.yaml",))) == {
        "replicas": 5,
        "config": {"size": 30, "extra": ["a", "b"]},
    }


def test_values_files_are_merged_in_order_and_the_defaults_can_be_one() -> None:
    asked = request("web", values_files=("values.yaml", "./values-large.yaml"))
    assert values(asked)["config"] == {"colour": "green", "size": 30, "extra": ["a", "b"]}


def test_given_defaults_replace_those_of_the_chart() -> None:
    assert values(request("web", defaults=b'{"replicas":7}')) == {"replicas": 7}


def test_a_values_file_that_is_absent_is_a_problem_unless_that_is_allowed() -> None:
    asked = request("web", values_files=("none.yaml",))
    assert refused(asked) == RenderProblem("no values file found at path 'none.yaml'")
    allowed = msgspec.structs.replace(asked, ignore_missing_values_files=True)
    assert values(allowed) == {}


def test_several_documents_of_values_are_laid_over_one_another(tmp_path: Path) -> None:
    text = "a: {b: 1, c: 1}\n---\na: {b: 2}\n"
    chart = packed(tmp_path / "a.tgz", {"values.yaml": text})
    assert values(
        request(chart, values_files=("values.yaml", "none"), ignore_missing_values_files=True)
    ) == {"a": {"b": 2, "c": 1}}


def test_schemas_do_not_lead_to_the_network(tmp_path: Path) -> None:
    schema = '{"$ref": "https://example.org/a.json", "allOf": [{"$ref": "https://example.org/b"}]}'
    chart = packed(tmp_path / "a.tgz", {"values.schema.json": schema})
    prepared = preparation.prepare(request(chart))
    assert prepared.unchecked == (
        "small/values.schema.json refers to https://example.org/a.json and 1 more",
    )
    assert files(request(chart))["values.schema.json"] == b'{"allOf":[{}]}'


def test_schemas_are_put_out_of_force_where_flux_is_told_so() -> None:
    assert files(request("web", disable_schema_validation=True))["values.schema.json"] == b"{}"


def test_templates_of_subcharts_are_settled_packed_ones_too(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.tgz", {"templates/a.yaml": "{{ uuidv4 }}"}, "inner")
    drawing: dict[str, str | bytes] = {
        "charts/inner-0.1.0.tgz": inner.read_bytes(),
        "charts/b/templates/x.yaml": "{{ now }}",
    }
    held = files(request(packed(tmp_path / "a.tgz", drawing)))
    assert held["charts/b/templates/x.yaml"].startswith(b"{{ (toDate")
    packed_one = archive.unpack(held["charts/inner-0.1.0.tgz"], "inner")
    assert packed_one["templates/a.yaml"].startswith(b"{{ `")


@pytest.mark.parametrize(
    "path", ["templates/NOTES.txt", "README.md", "files/a.yaml", "charts/_off/templates/a.yaml"]
)
def test_what_helm_does_not_render_is_left_alone(tmp_path: Path, path: str) -> None:
    chart = packed(tmp_path / "a.tgz", {path: "{{ now }}"})
    prepared = preparation.prepare(request(chart))
    assert archive.unpack(prepared.archive, "a")[path] == b"{{ now }}"
    assert prepared.traits == Traits()


def test_api_versions_are_put_into_the_chart_where_a_template_asks_for_them() -> None:
    held = files(request("cluster", api_versions=("v1",)))
    assert held["templates/_gitops.tpl"] == b'{{ define "gitops.api-versions" }}{"v1":1}{{ end }}'
    assert "templates/_gitops.tpl" not in files(request("cluster"))
    assert "templates/_gitops.tpl" not in files(request("web", api_versions=("v1",)))


def test_values_are_settled_only_when_that_is_asked_for() -> None:
    asked = request("random", {"evaluated": "{{ randAlpha 3 }}", "list": ["{{ uuidv4 }}", 1]})
    plain = preparation.prepare(asked)
    assert (plain.may_vary, plain.actions, plain.values) == (True, {}, asked.values)
    settled = preparation.prepare(asked, settle_values=True)
    given = msgspec.json.decode(settled.values)
    assert given["evaluated"].startswith("{{ printf `")
    assert given["list"][0].startswith("{{ `")
    assert settled.restored(settled.values.decode()) == asked.values.decode()


@pytest.mark.parametrize(
    ("constraint", "version", "fits"),
    [
        (">=1.25.0-0", "1.33.5", True),
        (">=1.25", "v1.33.5-gke.100", True),
        ("<1.33", "1.33.5", False),
        (">=1.99-0 || nonsense", "1.33.5", False),
        (">=1.99", "", True),
    ],
)
def test_the_version_of_kubernetes_must_suit_the_chart(
    tmp_path: Path, constraint: str, version: str, fits: bool
) -> None:
    chart = packed(tmp_path / "a.tgz", {}, meta=f"kubeVersion: '{constraint}'\n")
    asked = request(chart, kube_version=version)
    if fits:
        preparation.prepare(asked)
    else:
        assert refused(asked) == RenderProblem(
            f"chart requires kubeVersion: {constraint} which is incompatible with Kubernetes "
            f"v{version}",
            "Chart.yaml",
        )


def test_dependencies_must_be_in_the_chart(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.tgz", {}, "packed")
    chart = packed(
        tmp_path / "a.tgz",
        {
            "charts/folder-name/Chart.yaml": "name: folder\nversion: 1\n",
            "charts/packed-1.tgz": inner.read_bytes(),
            "requirements.yaml": "dependencies: [{name: old}]\n",
        },
        meta="dependencies: [{name: folder}, {name: packed}, {name: one}, {name: two}]\n",
    )
    assert refused(request(chart)) == RenderProblem(
        "found in Chart.yaml, but missing in charts/ directory: one, two, old", "Chart.yaml"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no archive", "a.tgz is not a gzip archive, or a damaged one"),
        (b"", "a.tgz holds no files"),
    ],
)
def test_junk_is_a_problem(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.tgz").write_bytes(content)
    assert refused(request(tmp_path / "a.tgz")).message.startswith(reason)


def test_a_chart_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert refused(request(tmp_path / "none.tgz")) == RenderProblem(
        "none.tgz cannot be read: No such file or directory"
    )


@pytest.mark.parametrize("text", ["name: [\n", "- a\n"])
def test_metadata_that_cannot_be_read_is_a_problem(tmp_path: Path, text: str) -> None:
    chart = packed(tmp_path / "a.tgz", {"Chart.yaml": text})
    problem = refused(request(chart))
    assert (problem.template, problem.line) == ("Chart.yaml", 1)
    assert problem.message.startswith("cannot load Chart.yaml: ")
