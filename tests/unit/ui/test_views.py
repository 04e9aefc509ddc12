import json as standard_json

from gitops.model.build import Cluster, Fleet, Rendered, Unit
from gitops.model.finding import error
from gitops.model.origin import Location
from gitops.ui import json, names, text, tree, yaml
from tests.unit.ui import fleets


def test_a_tree_shows_who_renders_whom_and_what_became_of_it() -> None:
    assert "".join(tree.lines(fleets.FLEET)).splitlines() == [
        "one (clusters/one)",
        "└─ ✓ Kustomization/flux-system/flux-system  1 object",
        "   ├─ ✓ Kustomization/flux-system/apps  1 object",
        "   │  ├─ ≈ HelmRelease/web/web  web 1.0.0  from the lock",
        "   │  └─ ? HelmRelease/web/cache  unknown: no chart cache 2.0.0",
        "   ├─ ‖ Kustomization/flux-system/later  suspended",
        "   └─ ✗ Kustomization/flux-system/bad  broken",
        "two (clusters/two)",
    ]


def test_a_unit_whose_parent_was_filtered_out_stands_at_the_root() -> None:
    release = Unit(fleets.WEB, fleets.origin(1), fleets.APPS, Rendered(()))
    fleet = Fleet((Cluster("one", "", (release,)),))
    assert "".join(tree.lines(fleet)) == "one (.)\n└─ ✓ HelmRelease/web/web  0 objects\n"


def test_names_tell_kinds_of_different_groups_apart() -> None:
    assert list(names.lines(fleets.FLEET)) == [
        "one ConfigMap/web/a\n",
        "one ConfigMap/web/b\n",
        "one Deployment.apps/web/web\n",
    ]


def test_yaml_names_the_cluster_where_there_are_several_and_marks_what_is_not_whole() -> None:
    assert (
        "".join(yaml.documents(fleets.FLEET))
        == """\
---
# cluster one
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: web
data:
  colour: blue
---
# cluster one
apiVersion: v1
kind: ConfigMap
metadata:
  name: b
  namespace: web
data:
  colour: blue
---
# cluster one
# the chart is not here: only what the lock recorded of this object
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: web
"""
    )


def test_origin_comments_tell_the_unit_the_source_and_every_step() -> None:
    only = fleets.FLEET.clusters[0]
    fleet = Fleet((Cluster("one", "", only.units[1:2]),))
    assert next(yaml.documents(fleet, origin=True)).splitlines()[:4] == [
        "---",
        "# Kustomization/flux-system/apps from apps/web.yaml:9",
        "#   patch at apps/patch.yaml:1: spec.replicas",
        "apiVersion: v1",
    ]


def test_a_fleet_in_json_holds_units_and_whole_objects() -> None:
    text = "".join(json.fleet(fleets.FLEET, origin=True))
    one, two = standard_json.loads(text)["clusters"]
    assert two == {"name": "two", "entry": "clusters/two", "units": []}
    assert one["units"][1] == {
        "unit": {
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "namespace": "flux-system",
            "name": "apps",
        },
        "parent": {
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
            "kind": "Kustomization",
            "namespace": "flux-system",
            "name": "flux-system",
        },
        "at": {"path": "clusters/one/ks.yaml", "document": 0, "line": 10},
        "outcome": "rendered",
        "objects": [
            {
                "origin": {
                    "source": {"path": "apps/web.yaml", "document": 0, "line": 9},
                    "steps": [
                        {
                            "action": "patch",
                            "at": {"path": "apps/patch.yaml", "document": 0, "line": 1},
                            "detail": "spec.replicas",
                        }
                    ],
                },
                "object": {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": "b", "namespace": "web"},
                    "data": {"colour": "blue"},
                },
            }
        ],
    }
    assert one["units"][2]["lock"] == "lock/web"
    assert one["units"][2]["chart"] == {
        "address": "oci://example.org/charts/web",
        "version": "1.0.0",
    }
    assert one["units"][2]["objects"][0]["incomplete"] == "locked"
    assert one["units"][3]["reason"] == "no chart cache 2.0.0"


def test_a_report_in_json_holds_findings_coverage_and_counts() -> None:
    found = error("a/b", Location("x.yaml", 0, 2), "m", "h", Location("y.yaml"))
    text = "".join(json.report(Fleet(fleets.FLEET.clusters[:1]), [found]))
    assert standard_json.loads(text) == {
        "findings": [
            {
                "rule": "a/b",
                "severity": "error",
                "at": {"path": "x.yaml", "document": 0, "line": 2},
                "message": "m",
                "hint": "h",
                "related": [{"path": "y.yaml", "document": 0, "line": 0}],
                "in": [],
            }
        ],
        "ignored": [],
        "clusters": [
            {
                "name": "one",
                "entry": "clusters/one",
                "units": {
                    "Kustomization": {"rendered": 2, "suspended": 1, "broken": 1},
                    "HelmRelease": {"from the lock": 1, "unknown": 1},
                },
                "objects": 3,
            }
        ],
        "summary": {"error": 1, "warning": 0, "note": 0},
    }


def test_names_that_are_not_utf8_can_be_shown() -> None:
    name = b"a\xff".decode(errors="surrogateescape")
    found = error("a/b", Location(name), f"{name} is wrong", "")
    cluster = Cluster(name, name, fleets.FLEET.clusters[0].units[:1])
    fleet = Fleet((cluster, cluster))
    views = [
        text.report(fleet, [found]),
        json.report(fleet, [found]),
        json.fleet(fleet, origin=True),
        tree.lines(fleet),
        names.lines(fleet),
        yaml.documents(fleet, origin=True),
    ]
    for view in views:
        assert b"udcff" in "".join(view).encode()


def test_an_empty_report_in_json_is_whole() -> None:
    assert standard_json.loads("".join(json.report(Fleet(()), ()))) == {
        "findings": [],
        "ignored": [],
        "clusters": [],
        "summary": {"error": 0, "warning": 0, "note": 0},
    }
