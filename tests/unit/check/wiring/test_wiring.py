"""What decides between an error, a doubt and silence."""

import pytest

from gitops.check import wiring
from gitops.check.index import ClusterRule, Index
from gitops.check.knowledge import Knowledge
from gitops.check.wiring import configuration, identities, near, services, storage, tags
from gitops.model.build import Unit, Unknown
from tests.unit.check import clusters

POD = """\
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: web}
spec:
  containers:
    - name: main
      env: [{name: A, valueFrom: {secretKeyRef: {name: %s, key: %s}}}]
"""
SECRET = """\
---
apiVersion: v1
kind: Secret
metadata: {name: database, namespace: web}
data: {password: ""}
"""
HIDDEN = clusters.release("web", outcome=Unknown("no chart"))


def told(rule: ClusterRule, *units: Unit, outside: tuple[str, ...] = ()) -> list[str]:
    facts = Index(clusters.cluster(*units), Knowledge(outside=frozenset(outside)))
    return clusters.told(*rule(facts))


def unit(*texts: str) -> Unit:
    return clusters.kustomization("all", "".join(texts))


RELEASE = """\
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: web}
spec:
  chartRef: {kind: OCIRepository, name: web}
  values: %s
"""


def test_a_secret_that_nobody_makes_is_an_error_where_those_made_by_hand_are_listed() -> None:
    found = told(configuration.missing, unit(POD % ("x", "y")), outside=("Secret/web/other",))
    assert found == [
        "all.yaml:2 error secret/missing: "
        "Pod/web/web needs Secret/web/x, which nothing here creates"
    ]


def test_elsewhere_it_may_be_made_by_hand() -> None:
    (found,) = told(configuration.missing, unit(POD % ("x", "y")))
    assert found.startswith("all.yaml:2 warning secret/missing")


def test_a_name_that_is_nearly_right_is_an_error_anywhere() -> None:
    (found,) = told(configuration.missing, unit(POD % ("databse", "password"), SECRET))
    assert found.startswith("all.yaml:2 error secret/missing")


def test_what_is_made_by_hand_is_there() -> None:
    found = told(configuration.missing, unit(POD % ("x", "y")), outside=("Secret/web/x",))
    assert found == []


def test_a_release_that_cannot_be_seen_may_make_what_is_missing_in_its_namespace() -> None:
    release = RELEASE % "{}"
    (found,) = told(configuration.missing, unit(POD % ("x", "y"), release), HIDDEN)
    assert found.endswith("which nothing here creates, unless HelmRelease/web/web has it")
    assert " note " in found


def test_a_release_of_another_namespace_does_not() -> None:
    other = (RELEASE % "{}").replace("namespace: web", "namespace: api")
    (found,) = told(configuration.missing, unit(POD % ("x", "y"), other), HIDDEN)
    assert " warning " in found


def test_a_custom_resource_that_names_a_secret_may_make_it() -> None:
    text = """\
---
apiVersion: example.org/v1
kind: Key
metadata: {name: key, namespace: web}
spec: {writesTo: token-of-web}
"""
    (found,) = told(configuration.missing, unit(POD % ("token-of-web", "token"), text))
    assert found.endswith("unless Key/web/key has it")


@pytest.mark.parametrize(
    ("values", "severity"), [("{}", "note"), ("{existingSecret: hook-tls}", "warning")]
)
def test_a_name_that_a_chart_made_up_is_a_note(values: str, severity: str) -> None:
    release = clusters.release("web", POD % ("hook-tls", "tls.crt"))
    (found,) = told(configuration.missing, unit(RELEASE % values), release)
    assert f" {severity} secret/missing" in found


def test_keys_that_an_external_secret_merges_in_are_not_missed() -> None:
    text = """\
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: more, namespace: web}
spec: {target: {name: database, creationPolicy: Merge}, data: [{secretKey: extra}]}
"""
    pod = POD % ("database", "other")
    assert told(configuration.incomplete, unit(pod, SECRET, text)) == []
    assert told(configuration.incomplete, unit(pod, SECRET)) == [
        "all.yaml:2 error secret/key-missing: "
        "Pod/web/web needs other of Secret/web/database, which has password"
    ]


def test_selectors_of_custom_resources_are_followed() -> None:
    text = """\
---
apiVersion: operator.victoriametrics.com/v1beta1
kind: VMUser
metadata: {name: u, namespace: web}
spec: {passwordRef: {name: database, key: pasword}}
"""
    (found,) = told(configuration.incomplete, unit(SECRET, text))
    assert "VMUser/web/u needs pasword of Secret/web/database" in found


def test_a_label_that_moves_between_pods_is_not_missed() -> None:
    text = """\
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db, namespace: data}
spec: {instances: 3}
---
apiVersion: v1
kind: Service
metadata: {name: writer, namespace: data}
spec: {selector: {cnpg.io/cluster: db, role: primary}, ports: [{port: 5432}]}
"""
    assert told(services.idle, unit(text)) == []


def test_a_service_of_the_mesh_may_have_its_pods_elsewhere() -> None:
    text = """\
---
apiVersion: v1
kind: Service
metadata: {name: far, namespace: web, annotations: {service.cilium.io/global: "true"}}
spec: {selector: {app: far}, ports: [{port: 80}]}
"""
    assert told(services.idle, unit(text)) == []


def test_classes_of_a_cluster_that_declares_none_are_its_own() -> None:
    text = """\
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: web}
spec: {storageClassName: standard}
"""
    assert told(storage.classes, unit(text)) == []


def test_a_chart_that_binds_a_role_that_is_not_there_is_a_warning() -> None:
    text = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: unrestricted-psp}
"""
    (found,) = told(identities.roles, clusters.release("web", text))
    assert " warning rbac/role-missing" in found


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("databse", ["database", "cache"], "database"),
        ("db", ["database"], ""),
        ("wbe", ["web"], "web"),
        ("settings", ["setting", "settinsg"], "setting"),
    ],
)
def test_a_slip_or_two_of_the_finger_are_recognised(
    name: str, known: list[str], expected: str
) -> None:
    assert near.best(name, known) == expected


def test_nothing_is_said_of_an_empty_cluster() -> None:
    facts = Index(clusters.cluster())
    assert [found for rule in wiring.RULES for found in rule(facts)] == []


IDLE = """\
---
apiVersion: v1
kind: Secret
metadata: {name: keycloak-%s, namespace: web}
data: {username: ""}
---
apiVersion: k8s.keycloak.org/v2beta1
kind: Keycloak
metadata: {name: keycloak, namespace: web}
spec: {db: {usernameSecret: {name: keycloak-db, key: %s}}}
"""


def test_a_secret_that_nothing_reads_is_more_likely_meant_than_one_that_nobody_can_see() -> None:
    found = told(
        configuration.missing, unit(IDLE % ("database", "username"), RELEASE % "{}"), HIDDEN
    )
    assert found == [
        "all.yaml:7 warning secret/missing: Keycloak/web/keycloak needs Secret/web/keycloak-db, "
        "which nothing here creates, unless HelmRelease/web/web has it"
    ]


def test_it_is_not_where_it_lacks_the_key() -> None:
    found = told(
        configuration.missing, unit(IDLE % ("database", "password"), RELEASE % "{}"), HIDDEN
    )
    assert [each.split(" ")[1] for each in found] == ["note"]


FILTERS = """\
---
apiVersion: fluentbit.fluent.io/v1alpha2
kind: ClusterInput
metadata: {name: pods}
spec: {tail: {tag: kube.*}}
---
apiVersion: fluentbit.fluent.io/v1alpha2
kind: ClusterFilter
metadata: {name: pods}
spec: {match: kube.*, filters: [%s]}
---
apiVersion: fluentbit.fluent.io/v1alpha2
kind: ClusterOutput
metadata: {name: pods}
spec: {match: app.*}
"""


def test_a_filter_may_give_records_another_tag() -> None:
    assert len(told(tags.unmatched, unit(FILTERS % "{grep: {}}"))) == 2
    assert told(tags.unmatched, unit(FILTERS % "{rewriteTag: {}}")) == []


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("kube.*", "kube.var.*", True),
        ("*", "tcp.0", True),
        ("*.log", "kube.*", True),
        ("kube.*", "k8s.*", False),
        ("tcp.0", "tcp.*1", False),
    ],
)
def test_two_patterns_meet_in_a_text_that_fits_both(one: str, other: str, *, meet: bool) -> None:
    assert tags.meets(one, other) is tags.meets(other, one) is meet
