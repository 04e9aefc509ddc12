"""What the machines give is what the clusters on them count on."""

from typing import Any

from gitops.sources import yamlio
from tests import machines
from tests.architecture import project

KUBERNETES = project.ROOT / "kubernetes" / "infrastructure"
MAIN = machines.first()[0]
MACHINE, CLUSTER = MAIN["machine"], MAIN["cluster"]


def read(path: str) -> dict[str, Any]:
    (document,), mistakes = yamlio.parse((KUBERNETES / path).read_bytes(), path)
    assert mistakes == ()
    found: dict[str, Any] = document.value
    return found


def document(kind: str) -> dict[str, Any]:
    (found,) = (each for each in machines.first() if each.get("kind") == kind)
    return found


def test_pods_get_the_roles_of_talos_that_they_ask_for_and_no_others() -> None:
    asked = sorted(
        (path.parent.name, role)
        for path in KUBERNETES.rglob("serviceaccount*.yaml")
        for found in [read(str(path.relative_to(KUBERNETES)))]
        if found["apiVersion"] == "talos.dev/v1alpha1"
        for role in found["spec"]["roles"]
    )
    access = MACHINE["features"]["kubernetesTalosAPIAccess"]
    given = [
        (each, role)
        for each in access["allowedKubernetesNamespaces"]
        for role in access["allowedRoles"]
    ]
    assert access["enabled"]
    assert given == asked == [("etcd-backup", "os:etcd:backup")]


def test_snapshots_are_taken_with_the_version_of_the_machines() -> None:
    (container,) = (
        each
        for each in read("operations/etcd-backup/cronjob.yaml")["spec"]["jobTemplate"]["spec"][
            "template"
        ]["spec"]["initContainers"]
        if each["name"] == "snapshot"
    )
    version = machines.loaded().estate.versions.talos
    assert container["image"] == f"ghcr.io/siderolabs/talosctl:{version}"


def test_logs_go_to_the_port_that_the_agent_listens_on() -> None:
    listens = read("observability/log-agent/clusterinput-machines.yaml")["spec"]["tcp"]
    url = f"tcp://127.0.0.1:{listens['port']}/"
    (destination,) = MACHINE["logging"]["destinations"]
    assert (destination["endpoint"], document("KmsgLogConfig")["url"]) == (url, url)
    assert f"{listens['format']}_lines" == destination["format"]


def test_cilium_finds_the_api_and_has_the_network_for_itself() -> None:
    values = read("networking/cilium/helmrelease.yaml")["spec"]["values"]
    assert (values["k8sServiceHost"], values["k8sServicePort"]) == (
        "localhost",
        MACHINE["features"]["kubePrism"]["port"],
    )
    assert values["kubeProxyReplacement"] is CLUSTER["proxy"]["disabled"] is True
    assert values["bpf"]["masquerade"] is True
    assert MACHINE["features"]["hostDNS"]["forwardKubeDNSToHost"] is False


def test_containerd_keeps_layers_for_spegel_and_has_no_other_mirror() -> None:
    values = read("networking/spegel/helmrelease.yaml")["spec"]["values"]["spegel"]
    assert "mirroredRegistries" not in values
    (file,) = MACHINE["files"]
    assert file["path"] == "/etc/cri/conf.d/20-customization.part"
    assert "discard_unpacked_layers = false" in file["content"]
    assert not [each for each in machines.first() if each.get("kind") == "RegistryMirrorConfig"]


def test_people_are_known_by_the_names_that_rights_are_given_to() -> None:
    given = CLUSTER["apiServer"]["extraArgs"]
    realm = read("identity/keycloak-realm/keycloakrealmimport.yaml")["spec"]["realm"]
    clients = [each["clientId"] for each in realm["clients"]]
    assert given["oidc-client-id"] in clients
    assert given["oidc-issuer-url"].endswith(f"/realms/{realm['realm']}")
    for path in sorted(KUBERNETES.glob("identity/cluster-access/clusterrolebinding-*.yaml")):
        for subject in read(str(path.relative_to(KUBERNETES)))["subjects"]:
            assert subject["name"].startswith(given["oidc-groups-prefix"])


def test_volumes_of_openebs_lie_on_the_volume_that_talos_makes() -> None:
    path = f"/var/mnt/{document('UserVolumeConfig')['name']}"
    for file in ("deployment.yaml", "storageclass.yaml"):
        text = (KUBERNETES / "storage/openebs" / file).read_text("utf-8")
        assert f"value: {path}\n" in text


def test_where_a_namespace_says_nothing_the_level_of_the_platform_holds() -> None:
    (plugin,) = CLUSTER["apiServer"]["admissionControl"]
    labels = yamlio.parse(
        (project.ROOT / "kubernetes/components/namespace-restricted/namespace.yaml").read_bytes(),
        "namespace",
    )[0][0].value["metadata"]["labels"]
    defaults = plugin["configuration"]["defaults"]
    modes = {mode: labels[f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "warn")}
    assert {mode: defaults[mode] for mode in modes} == modes
