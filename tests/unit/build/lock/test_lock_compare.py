from typing import Any

import msgspec
import pytest

from gitops.build.lock import compare
from gitops.model.finding import Finding, Severity
from gitops.model.ids import ObjectId
from gitops.model.lock import Interface, Lock, Wanted, path_of
from gitops.model.origin import Location
from gitops.model.render import RenderRequest

PATH = path_of("apps", "web", "app")
AT = Location("kubernetes/app/helmrelease.yaml", 0, 3)
RELEASE = ObjectId("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "web", "app")
LOCK = Lock(
    PATH,
    "oci://r.example/app",
    "1.2.3",
    "sha256:d",
    "sha256:v",
    Interface((b"1", b"2")),
    origin_digest="sha256:o",
)
WANTED = Wanted(PATH, AT, RELEASE, "apps", "oci://r.example/app", "1.2.3", "sha256:v")
REQUEST = RenderRequest("/c.tgz", "sha256:d", "app", "web", b'{"a": 1, "b": [1, 2]}')


def stale(**changes: Any) -> Finding:
    (found,) = compare.compare([LOCK], [msgspec.structs.replace(WANTED, **changes)])
    return found


def test_locks_lie_by_cluster_namespace_and_release() -> None:
    assert PATH == "gitops.lock.d/apps/web/app.yaml"


@pytest.mark.parametrize("known", [{}, {"digest": "sha256:d"}])
def test_a_lock_that_matches_is_no_finding(known: dict[str, Any]) -> None:
    assert compare.compare([LOCK], [msgspec.structs.replace(WANTED, **known)]) == ()


def test_another_version_is_an_error_at_the_release_that_names_the_lock() -> None:
    assert stale(version="2.0.0", values="sha256:other") == Finding(
        "lock/stale-version",
        Severity.ERROR,
        AT,
        "HelmRelease/web/app wants oci://r.example/app 2.0.0, "
        "its lock holds oci://r.example/app 1.2.3",
        "write it again with `gitops lock`",
        (Location(PATH),),
        RELEASE,
        "apps",
    )


def test_the_lock_is_named_at_the_line_that_differs() -> None:
    lock = msgspec.structs.replace(LOCK, head=(("version", 3), ("digest", 5), ("values", 7)))
    for changes, line in (
        ({"version": "2.0.0"}, 3),
        ({"values": "sha256:other"}, 7),
        ({"digest": "sha256:other"}, 5),
    ):
        (found,) = compare.compare([lock], [msgspec.structs.replace(WANTED, **changes)])
        assert found.related == (Location(PATH, 0, line),)


def test_another_chart_is_another_version() -> None:
    assert stale(chart="oci://r.example/other").rule == "lock/stale-version"


def test_other_values_are_an_error() -> None:
    found = stale(values="sha256:other")
    assert (found.rule, found.message) == (
        "lock/stale-values",
        "HelmRelease/web/app is rendered with other values than its lock was made of",
    )


def test_a_chart_that_was_published_again_is_an_error() -> None:
    found = stale(digest="sha256:e")
    assert (found.rule, found.message) == (
        "lock/stale-chart",
        "oci://r.example/app 1.2.3 is sha256:e, the lock of HelmRelease/web/app holds sha256:d: "
        "the chart was published again",
    )


def test_a_lock_of_an_imported_copy_is_only_warned_about() -> None:
    copy = msgspec.structs.replace(LOCK, origin_digest="")
    (found,) = compare.compare([copy], [msgspec.structs.replace(WANTED, digest="sha256:e")])
    assert (found.rule, found.severity) == ("lock/stale-chart", Severity.WARNING)
    assert found.message.endswith(
        "the lock of HelmRelease/web/app holds sha256:d: it was made of a copy"
    )


def test_a_release_without_a_lock_is_a_note() -> None:
    assert compare.compare([], [WANTED]) == (
        Finding(
            "lock/missing",
            Severity.NOTE,
            AT,
            "HelmRelease/web/app has no lock, so it cannot be built where its chart is absent",
            "write one with `gitops lock`",
            (),
            RELEASE,
            "apps",
        ),
    )


def test_a_lock_that_no_release_needs_is_a_warning() -> None:
    assert compare.compare([LOCK], []) == (
        Finding(
            "lock/orphan",
            Severity.WARNING,
            Location(PATH),
            f"{PATH} locks a release that no cluster has",
            "remove it with `gitops lock`",
        ),
    )


def test_the_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    other = msgspec.structs.replace(REQUEST, values=b'{"b":[1,2],"a":1}')
    assert compare.fingerprint(REQUEST) == compare.fingerprint(other)
    assert compare.fingerprint(REQUEST).startswith("sha256:")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "b"},
        {"namespace": "b"},
        {"values": b'{"a": 1, "b": [2, 1]}'},
        {"values_files": ("values-prod.yaml",)},
        {"kube_version": "1.34.0"},
        {"include_crds": False},
        {"disable_hooks": True},
    ],
)
def test_the_fingerprint_changes_with_what_is_rendered_with(change: dict[str, Any]) -> None:
    other = msgspec.structs.replace(REQUEST, **change)
    assert compare.fingerprint(REQUEST) != compare.fingerprint(other)


def test_the_fingerprint_leaves_the_chart_and_the_cluster_out() -> None:
    other = msgspec.structs.replace(
        REQUEST, chart="/d.tgz", digest="sha256:e", chart_version="2", api_versions=("a/v1",)
    )
    assert compare.fingerprint(REQUEST) == compare.fingerprint(other)


def test_the_fingerprint_changes_with_what_happens_afterwards() -> None:
    prints = {compare.fingerprint(REQUEST, *more) for more in ((), (b"a",), (b"a", b"b"), (b"ab",))}
    assert len(prints) == 4
