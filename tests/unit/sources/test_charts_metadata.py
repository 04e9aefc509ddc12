import pytest

from gitops.errors import ChartError
from gitops.sources.charts import metadata
from gitops.sources.charts.metadata import Metadata


def test_a_chart_is_known_by_name_version_and_app_version() -> None:
    text = b"apiVersion: v2\nname: app\nversion: v1.2.3-rc.1+build\nappVersion: 2024a\n"
    assert metadata.read({"Chart.yaml": text}, "c") == Metadata("app", "v1.2.3-rc.1+build", "2024a")


@pytest.mark.parametrize(("written", "read"), [("1.16", "1.16"), ("7", "7"), ("true", "true")])
def test_an_app_version_may_be_written_as_a_number(written: str, read: str) -> None:
    text = f"name: app\nversion: 1.0.0\nappVersion: {written}\n".encode()
    assert metadata.read({"Chart.yaml": text}, "c").app_version == read


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"values.yaml": b""}, "c holds no Chart.yaml: it is not a chart"),
        ({"Chart.yaml": b"- a\n"}, "c: Chart.yaml is not a mapping"),
        ({"Chart.yaml": b""}, "c: Chart.yaml is not a mapping"),
        ({"Chart.yaml": b"version: 1.0.0\n"}, "c: Chart.yaml gives no usable name: ''"),
        ({"Chart.yaml": b"name: ../x\n"}, "c: Chart.yaml gives no usable name: '../x'"),
        ({"Chart.yaml": b"name: [a]\n"}, "c: Chart.yaml gives no usable name: ''"),
        ({"Chart.yaml": b"name: a\n"}, "c: Chart.yaml gives a version that is not semver: ''"),
        (
            {"Chart.yaml": b"name: a\nversion: latest\n"},
            "c: Chart.yaml gives a version that is not semver: 'latest'",
        ),
    ],
)
def test_what_is_no_chart_is_refused(files: dict[str, bytes], message: str) -> None:
    with pytest.raises(ChartError) as error:
        metadata.read(files, "c")
    assert str(error.value) == message


def test_broken_yaml_is_refused_with_the_readers_words() -> None:
    with pytest.raises(ChartError, match=r"^c: Chart\.yaml: "):
        metadata.read({"Chart.yaml": b"a: [\n"}, "c")
