"""Which values a chart never reads, told by a stand-in for Helm that reads what a test says."""

from collections.abc import Callable, Mapping

import msgspec
import pytest

from gitops.sources.charts import archive
from gitops.sources.helm import unread

Reads = Callable[[dict[str, dict[str, object]]], object]


def found(
    values: object, files: Mapping[str, str], reads: Reads, rendered: str = ""
) -> tuple[unread.Path, ...]:
    given = msgspec.json.encode(values)
    chart = {path: text.encode() for path, text in files.items()}

    def render(changed: bytes) -> object:
        try:
            return repr(reads(msgspec.json.decode(changed)))
        except (KeyError, TypeError):
            return None

    return unread.unread(given, chart, [rendered], render)


SERVER = {"values.yaml": "server:\n  port: 80\n"}


def test_a_key_beside_known_ones_that_changes_nothing_is_told() -> None:
    values = {"server": {"prot": 8080, "port": 81}}
    assert found(values, SERVER, lambda v: v["server"].get("port")) == (("server", "prot"),)


def test_a_key_that_only_looks_unknown_is_innocent_when_it_changes_the_result() -> None:
    values = {"server": {"anything": 1}}
    assert found(values, SERVER, lambda v: v["server"]) == ()


def test_a_value_that_equals_what_is_taken_without_it_is_innocent() -> None:
    values = {"server": {"tls": False}}
    assert found(values, SERVER, lambda v: v["server"].get("tls", False)) == ()


def test_a_value_without_which_the_chart_fails_is_innocent() -> None:
    values = {"server": {"name": "a"}}
    assert found(values, SERVER, lambda v: len(str(v["server"]["name"])) and 1) == ()


def test_leaves_below_a_key_are_tried_with_other_values() -> None:
    values = {"server": {"service": {"enabled": False}}}

    def reads(given: dict[str, dict[str, object]]) -> object:
        service = given["server"].get("service")
        return isinstance(service, dict) and service["enabled"] is True

    assert found(values, SERVER, reads) == ()


def test_a_mapping_that_is_empty_by_default_takes_any_key_that_is_seen_in_the_result() -> None:
    values = {"labels": {"team": "web", "other": "x"}}
    files = {"values.yaml": "labels: {}\n"}
    assert found(values, files, lambda v: 1, rendered="team: web") == (("labels", "other"),)


def test_a_word_that_the_chart_says_anywhere_is_not_foreign() -> None:
    values = {"options": {"verbose": True}}
    files = {"values.yaml": "options: {}\n", "templates/a.yaml": "{{ .verbose }}"}
    assert found(values, files, lambda v: 1) == ()


@pytest.mark.parametrize("alias", ["", "cache"])
def test_defaults_of_a_subchart_stand_below_its_name_or_its_alias(alias: str) -> None:
    entry = f'    version: "1"\n    alias: {alias}\n' if alias else '    version: "1"\n'
    files = {
        "Chart.yaml": f"name: web\nversion: 1.0.0\ndependencies:\n  - name: redis\n{entry}",
        "values.yaml": "port: 80\n",
        "charts/redis/Chart.yaml": "name: redis\nversion: 1.0.0\n",
        "charts/redis/values.yaml": "memory: 1Gi\n",
    }
    key = alias or "redis"
    assert found({key: {"memory": "2Gi"}}, files, lambda v: 1) == ()
    assert found({key: {"memroy": "2Gi"}}, files, lambda v: 1) == ((key, "memroy"),)


def test_a_packed_subchart_is_looked_into() -> None:
    inner = {"Chart.yaml": b"name: redis\nversion: 1.0.0\n", "values.yaml": b"memory: 1Gi\n"}
    files = {
        "Chart.yaml": b"name: web\nversion: 1.0.0\n",
        "values.yaml": b"port: 80\n",
        "charts/redis-1.0.0.tgz": archive.pack("redis", inner),
    }
    told = unread.unread(b'{"redis":{"memroy":1,"memory":2}}', files, [], lambda _: 1)
    assert told == (("redis", "memroy"),)


def test_global_values_are_for_whoever_wants_them() -> None:
    assert found({"global": {"x": 1}}, SERVER, lambda v: 1) == ()


def test_guilty_and_innocent_are_told_apart_one_by_one() -> None:
    values = {"server": {"prot": 1, "hots": 2, "host": 3}}
    assert found(values, SERVER, lambda v: v["server"].get("host")) == (
        ("server", "hots"),
        ("server", "prot"),
    )
