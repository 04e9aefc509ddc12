"""Plans and progress as people read them."""

from gitops.bootstrap.running import Completed, Interrupted, Skipped, Started, Stopped, Waiting
from gitops.bootstrap.step import (
    Act,
    Await,
    Command,
    Definitions,
    Ensure,
    Mentions,
    Once,
    Output,
    Phase,
    Plan,
    Says,
    Sealed,
    Step,
    Text,
)
from gitops.ui import steps

SECRET = {
    "kind": "Secret",
    "metadata": {"name": "ca", "namespace": "kube-system"},
    "stringData": {"ca.crt": "op://operator/ca/crt"},
}
LOOK = Step(
    "look", Phase.NODES, "it answers", Await((Command(("kubectl", "get")),), Says("ok")), 90, "wait"
)


def test_a_plan_holds_exact_commands_and_no_secret() -> None:
    rendered = Command(("gitops", "talos", "render", "a b"))
    once = Once(
        Command(("talosctl", "apply"), Output(Command(("op", "inject"), Output(rendered)))),
        "one",
        Await((Command(("talosctl", "version")),), Mentions(("x", "y"))),
    )
    template = Command(("helmfile", "template"), environment=(("KUBECONFIG", "/k"),))
    acts: tuple[Act, ...] = (
        once,
        Ensure(Command(("kubectl", "apply"), Sealed(SECRET)), (Command(("kubectl", "delete")),)),
        Ensure(Command(("kubectl", "apply"), Definitions(template))),
        Ensure(Command(("kubectl", "apply"), Text("{}"))),
    )
    made = (Step(f"s{at}", Phase.CORE, f"step {at}", act, 30, "") for at, act in enumerate(acts))
    assert "".join(steps.plan(Plan("p", "c", (LOOK, *made)))) == (
        "nodes\n"
        "  1. it answers\n"
        "       look:  kubectl get\n"
        "       until: it says 'ok', for 1.5 min\n"
        "core\n"
        "  2. step 0\n"
        "       once:  gitops talos render 'a b' | op inject | talosctl apply\n"
        "       done:  talosctl version\n"
        "       until: it mentions x, y, for 30 s\n"
        "  3. step 1\n"
        "       run:   (Secret kube-system/ca: ca.crt from op://operator/ca/crt) | kubectl apply\n"
        "       after a broken attempt, first: kubectl delete\n"
        "  4. step 2\n"
        "       run:   KUBECONFIG=/k helmfile template | (only CustomResourceDefinitions) | "
        "kubectl apply\n"
        "  5. step 3\n"
        "       run:   kubectl apply <<< '{}'\n"
    )


def told(*, terminal: bool) -> str:
    written: list[str] = []
    progress = steps.Progress(written.append, terminal=terminal, count=2)
    progress.tell(Skipped(LOOK))
    progress.tell(Started(LOOK))
    for seconds in (5, 10):
        progress.tell(Waiting(LOOK, "refused", seconds))
    progress.tell(Waiting(LOOK, "not ready", 15))
    progress.tell(Completed(LOOK, 20))
    return "".join(written)


def test_a_log_has_a_line_for_each_new_reason() -> None:
    assert told(terminal=False) == (
        "[ 1/2] = it answers (before)\n"
        "[ 2/2] … it answers: refused\n"
        "[ 2/2] … it answers: not ready\n"
        "[ 2/2] ✓ it answers (20 s)\n"
    )


def test_a_terminal_has_one_line_that_changes() -> None:
    clear = "\r\033[K"
    assert told(terminal=True) == (
        f"{clear}[ 1/2] = it answers (before)\n"
        f"{clear}[ 2/2] … it answers"
        f"{clear}[ 2/2] … it answers: 5 s: refused"
        f"{clear}[ 2/2] … it answers: 10 s: refused"
        f"{clear}[ 2/2] … it answers: 15 s: not ready"
        f"{clear}[ 2/2] ✓ it answers (20 s)\n"
    )


def test_programs_read_a_line_of_json_for_each_event() -> None:
    assert steps.event(Waiting(LOOK, "refused", 5)) == (
        '{"event":"waiting","phase":"nodes","step":"look","reason":"refused","seconds":5}'
    )
    assert steps.outcome(Stopped(LOOK, "refused", "wait")) == (
        '{"event":"stopped","step":"look","reason":"refused","remedy":"wait"}'
    )
    assert steps.outcome(Interrupted(LOOK)) == '{"event":"interrupted","step":"look"}'
