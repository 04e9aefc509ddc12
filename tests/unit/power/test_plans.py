"""The order of going down and up."""

from gitops.bootstrap.journal import Entry, Journal, State
from gitops.bootstrap.step import Await, Ensure, Says, Step
from gitops.power import groups
from tests import estates, outages

KUBECTL = "kubectl --kubeconfig /state/one/kubeconfig --context one "
CEPH = (
    f"{KUBECTL}--namespace rook-ceph exec deployment/rook-ceph-operator -- "
    "ceph --conf /var/lib/rook/rook-ceph/rook-ceph.config "
)


def line(step: Step) -> str:
    match step.act:
        case Ensure(command):
            return " ".join(command.arguments)
        case Await((probe,), Says(text)):
            return f"{' '.join(probe.arguments)} -> {text!r}"
        case Await((probe,)):
            return " ".join(probe.arguments)
    raise AssertionError(step)


def lines(steps: tuple[Step, ...]) -> list[str]:
    return [
        line(step).replace(KUBECTL, "K ").replace(CEPH.replace(KUBECTL, "K "), "C ")
        for step in steps
    ]


def test_the_hungriest_goes_down_first_and_the_nas_last() -> None:
    assert [each.name for each in outages.all_groups()] == ["two", "one", "nas"]


def test_consumers_stop_before_databases_and_machines_stop_last() -> None:
    running = (
        "get pods --field-selector=status.phase=Running --output "
        'jsonpath={.items[?(@.metadata.ownerReferences[0].kind!="DaemonSet")].metadata.name} '
        "-> ''"
    )
    postgres = "cluster.postgresql.cnpg.io postgres"
    asleep = 'jsonpath={.status.conditions[?(@.type=="cnpg.io/hibernation")].status}'
    assert lines(outages.all_groups()[1].down.steps) == [
        "K get --raw=/readyz",
        "K cordon one-01",
        "K --namespace flux-system delete pods --all --wait=false",
        f"K --namespace flux-system {running}",
        "K --namespace shop delete pods --all --wait=false",
        f"K --namespace shop {running}",
        "K --namespace logs delete pods --all --wait=false",
        f"K --namespace logs {running}",
        f"K --namespace databases annotate {postgres} cnpg.io/hibernation=on --overwrite",
        f"K --namespace databases get {postgres} --output {asleep} -> 'True'",
        "K --namespace databases delete pods --all --wait=false",
        f"K --namespace databases {running}",
        "C osd set noout",
        "C osd set nobackfill",
        "C osd set norebalance",
        "C osd set norecover",
        "talosctl --talosconfig /state/one/talosconfig --endpoints 10.0.11.11 --nodes 10.0.11.11 "
        "shutdown --force",
    ]


def test_ceph_mends_itself_before_its_last_flags_go_and_flux_comes_last() -> None:
    talos = (
        "talosctl --talosconfig /state/one/talosconfig --endpoints 10.0.11.11 --nodes 10.0.11.11 "
    )
    postgres = "cluster.postgresql.cnpg.io postgres"
    assert lines(outages.all_groups()[1].up.steps) == [
        "wakeonlan -i 10.0.99.255 00:00:5e:00:53:10",
        f"{talos}version --short",
        f"{talos}etcd members",
        "K get --raw=/readyz",
        "K wait nodes --all --for=condition=Ready --timeout=10s",
        "K uncordon one-01",
        "K --namespace rook-ceph wait deployment --selector app=rook-ceph-osd "
        "--for=condition=Available --timeout=10s",
        "C osd unset norecover",
        "C osd unset nobackfill",
        "C health -> 'HEALTH_WARN noout,norebalance flag(s) set'",
        "C osd unset noout",
        "C osd unset norebalance",
        "C health",
        f"K --namespace databases annotate {postgres} cnpg.io/hibernation=off --overwrite",
        f"K --namespace databases wait {postgres} --for=condition=Ready --timeout=10s",
        "K --namespace flux-system wait --all --timeout=10s deployment --for=condition=Available",
        "K --namespace flux-system wait --all --timeout=10s "
        "kustomizations.kustomize.toolkit.fluxcd.io --for=condition=Ready",
    ]


def test_the_flag_that_kills_osds_is_never_set() -> None:
    assert [
        step for each in outages.all_groups() for step in each.down.steps if "noup" in line(step)
    ] == []


def test_each_step_says_what_to_do_when_it_fails() -> None:
    steps = [
        step
        for each in outages.all_groups()
        for plan in (each.down, each.up)
        for step in plan.steps
    ]
    assert [step.name for step in steps if not step.remedy or step.timeout <= 0] == []


def test_names_of_steps_are_keys() -> None:
    for each in outages.all_groups():
        for plan in (each.down, each.up):
            names = [step.name for step in plan.steps]
            assert len(names) == len(set(names))


def test_each_has_until_the_next_begins_and_the_last_until_the_battery_is_low() -> None:
    found = outages.all_groups()
    estate = estates.loaded().estate
    assert groups.seconds(found, estate) == {"two": 600, "one": 600, "nas": 300}
    assert groups.seconds(groups.chosen(found, ["one"]), estate) == {"one": 600}


def test_a_group_is_down_when_its_machines_are() -> None:
    two = outages.all_groups()[0]
    empty = Journal(two.down.name)
    assert not two.is_down(empty)
    assert two.is_down(empty.with_entry("off/two-01", Entry(State.DONE, "digest", "then")))
