"""What an ended command means: done, try again, or stop.

Texts are those that programs print: talosctl and Talos 1.13.9 (`v1alpha1_server.go`, gRPC), kubectl
1.33 (`k8s.io/kubectl/pkg/cmd/util/helpers.go`), Helm 4 and helmfile 1.7. Those of `op` 2 are from
its documentation. A text that nobody knows stops a command and lets a probe look again.
"""

import re

import msgspec

from gitops.sources import process
from gitops.sources.process import Ended


class Done(msgspec.Struct, frozen=True):
    """It worked, or was done before."""


class Retry(msgspec.Struct, frozen=True):
    """It may work later; `reason` is what the program said."""

    reason: str


class Fatal(msgspec.Struct, frozen=True):
    """It will not work by waiting; `remedy` is what helps, where that is known."""

    reason: str
    remedy: str = ""


Verdict = Done | Retry | Fatal

_ALREADY = {
    "talosctl": (
        # A second `bootstrap` of the same node.
        r"code = AlreadyExists desc = etcd data directory is not empty",
        # `apply-config --insecure` to a machine that has a configuration: its API asks who calls.
        r"tls: certificate required",
    ),
}

_LATER = {
    "talosctl": (
        r"desc = bootstrap is not available yet",
        r"desc = time is not in sync yet",
        r"desc = another apply configuration is already in progress",
        r"code = Unavailable",
        r"code = DeadlineExceeded",
        r"context deadline exceeded",
    ),
    "kubectl": (
        r"was refused - did you specify the right host or port\?",
        r"Unable to connect to the server: (?!.*x509)",
        r"timed out waiting for the condition",
        r"error: no matching resources found",
        r"the server is currently unable to handle the request",
        r"etcdserver: ",
        r"TLS handshake timeout",
        r"no matches for kind",
        r"failed calling webhook",
        r"unexpected EOF",
        r"could not find the requested resource",
    ),
    "helmfile": (
        r"Kubernetes cluster unreachable",
        r"context deadline exceeded",
        r"timed out waiting for the condition",
        r"TLS handshake timeout",
        r"i/o timeout",
        r"connect: connection refused",
        r"etcdserver: ",
    ),
    "op": (r"dial tcp", r"Client\.Timeout exceeded"),
}

_NEVER = (
    (
        r"x509: certificate signed by unknown authority|tls: failed to verify certificate",
        "somebody else answers, or the configuration is of another cluster: compare the addresses, "
        "and remove the file that was written for the old one",
    ),
    (
        r"invalid ownership metadata",
        "somebody made this object without Helm: remove it, or install the release by itself",
    ),
    (
        r"another operation \(install/upgrade/rollback\) is in progress",
        "somebody else installs this release, or died while doing so: `helm history` tells",
    ),
    (r"not currently signed in|account is not signed in", "run `op signin`"),
    (r"isn't an item|isn't a vault|does not have a field", "secrets/vault.yaml lists what is read"),
    (
        r"code = InvalidArgument",
        "Talos refuses the configuration: `gitops talos validate` tells why",
    ),
    (r"code = PermissionDenied|code = Unauthenticated", "the certificate of talosconfig is over"),
    (r"\(Forbidden\)|\(Unauthorized\)", "the kubeconfig is not an administrator's: fetch it again"),
)


def of_command(program: str, ended: Ended) -> Verdict:
    """What became of a command that changes something."""
    if ended.code == 0:
        return Done()
    words = said(program, ended)
    if _any(_ALREADY.get(program, ()), ended.err):
        return Done()
    refused = _refused(program, ended, words)
    if refused is not None:
        return refused
    if ended.code == process.TIMED_OUT or _any(_LATER.get(program, ()), ended.err):
        return Retry(words)
    return Fatal(words)


def of_probe(program: str, ended: Ended) -> Verdict:
    """The same for a command that only looks: what nobody knows may change."""
    if ended.code == 0:
        return Done()
    words = said(program, ended)
    return _refused(program, ended, words) or Retry(words)


def said(program: str, ended: Ended) -> str:
    """The last line that calls itself an error, else the last that a program printed."""
    if ended.code == process.NOT_INSTALLED:
        return f"{program} is not installed"
    lines = [line.strip() for line in ended.err.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"\[?error", line, re.IGNORECASE)]
    return [f"{program} ended with {ended.code}", *lines, *errors][-1]


def _refused(program: str, ended: Ended, words: str) -> Fatal | None:
    if ended.code == process.NOT_INSTALLED:
        return Fatal(words, "`gitops doctor` tells where it comes from")
    for pattern, remedy in _NEVER:
        if re.search(pattern, ended.err):
            return Fatal(words, remedy)
    return None


def _any(patterns: tuple[str, ...], words: str) -> bool:
    return any(re.search(pattern, words) for pattern in patterns)
