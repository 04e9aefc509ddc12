"""Documents about services: extensions, watchdog, the kernel's log, mirrors of registries, time.

Source: Talos v1.13.9, `pkg/machinery/config/types/{runtime,cri}`; siderolabs/extensions, the
definitions of their services.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from gitops.model.finding import Finding
from gitops.talos.semantics import durations
from gitops.talos.semantics import subject as judged
from gitops.talos.semantics.subject import Subject

_CONFIGURED = {
    "nut-client": "/usr/local/etc/nut/upsmon.conf",
    "lldpd": "/usr/local/etc/lldpd/lldpd.conf",
}
"""Extensions that do nothing without a file, and where they look for it."""
_LEAST = 10
"""Seconds; source: `MinWatchdogTimeout`."""


def findings(subject: Subject) -> Iterator[Finding]:
    """What never starts, or does not do what it is there for."""
    for check in (_extensions, _files, _watchdog, _kernel_log, _mirrors, _names, _time):
        yield from check(subject)


def _extensions(subject: Subject) -> Iterator[Finding]:
    """A service without its extension, and an extension without its service's file."""
    if subject.schematic is None:
        return
    there = subject.schematic.extensions
    documents = list(subject.documents.of("ExtensionServiceConfig"))
    for document in documents:
        if document.name not in there:
            words = "is for an extension that talos/schematic.yaml does not have"
            hint = f"it has {', '.join(there) or 'none'}"
            yield subject.about("talos/extension", document, ("name",), words, hint)
    for name in sorted(_CONFIGURED.keys() & set(there)):
        if name not in [document.name for document in documents]:
            words = f"has no ExtensionServiceConfig {name}, without which the extension waits"
            yield subject.error("talos/extension", (), words, f"give it {_CONFIGURED[name]}")


def _files(subject: Subject) -> Iterator[Finding]:
    for document in subject.documents.of("ExtensionServiceConfig"):
        files = list(judged.records(document.value.get("configFiles")))
        if not files and not document.value.get("environment"):
            words = "has neither configFiles nor environment"
            yield subject.about("talos/extension", document, (), words, "give it one of them")
        for number, file in files:
            for field in ("content", "mountPath"):
                if not file.get(field):
                    at = ("configFiles", number, field)
                    yield subject.about("talos/extension", document, at, "is missing", "add it")
        wanted = _CONFIGURED.get(document.name)
        if files and wanted and wanted not in [file.get("mountPath") for _, file in files]:
            words = f"has no {wanted}, which is where the extension looks"
            yield subject.about("talos/extension", document, ("configFiles",), words, "name it so")


def _watchdog(subject: Subject) -> Iterator[Finding]:
    for document in subject.documents.of("WatchdogTimerConfig"):
        if not document.value.get("device"):
            hint = "/dev/watchdog0"
            yield subject.about("talos/watchdog", document, ("device",), "is missing", hint)
        seconds = durations.seconds(str(document.value.get("timeout", "1m")))
        if seconds is not None and 0 < seconds < _LEAST:
            words = f"is {document.value['timeout']}, and Talos takes {_LEAST} seconds and more"
            yield subject.about("talos/watchdog", document, ("timeout",), words, "raise it")


def _kernel_log(subject: Subject) -> Iterator[Finding]:
    for document in subject.documents.of("KmsgLogConfig"):
        if not document.name:
            yield subject.about("talos/log-receiver", document, ("name",), "is missing", "name it")
        text = str(document.value.get("url", ""))
        url = urlsplit(text)
        if url.scheme not in ("tcp", "udp") or url.path not in ("", "/") or ":" not in url.netloc:
            words = f"is {text!r}, and has to be tcp:// or udp:// with a port and without a path"
            yield subject.about(
                "talos/log-receiver", document, ("url",), words, "tcp://127.0.0.1:5170/"
            )


def _mirrors(subject: Subject) -> Iterator[Finding]:
    """Spegel is the mirror of every registry by the folder `_default`, which containerd reads only
    where a registry has no folder of its own. Talos makes that folder for each mirror."""
    for document in subject.documents.of("RegistryMirrorConfig"):
        words = f"takes {document.name} away from Spegel, which is the mirror of all registries"
        hint = "remove it, or take the registry out of Spegel's mirroredRegistries"
        yield subject.about("talos/mirror", document, ("name",), words, hint)
        for number, endpoint in judged.records(document.value.get("endpoints")):
            scheme = urlsplit(str(endpoint.get("url", ""))).scheme
            if scheme not in ("http", "https"):
                at = ("endpoints", number, "url")
                told = f"is {endpoint.get('url')!r}, and no http:// or https:// address"
                yield subject.about("talos/mirror", document, at, told, "correct it")


def _names(subject: Subject) -> Iterator[Finding]:
    wanted = [str(address) for address in subject.estate.dns_addresses]
    for document in subject.documents.of("ResolverConfig"):
        servers = judged.records(document.value.get("nameservers"))
        found = [str(each.get("address")) for _, each in servers]
        for number, address in enumerate(found):
            if not judged.is_address(address):
                at = ("nameservers", number, "address")
                words = f"is {address!r}, which is no address"
                yield subject.about("talos/resolver", document, at, words, "correct it")
        if found != wanted:
            words = f"is {', '.join(found) or 'empty'}, and fleet.yaml says {', '.join(wanted)}"
            hint = "others do not know the names of the estate"
            yield subject.about("talos/resolver", document, ("nameservers",), words, hint)


def _time(subject: Subject) -> Iterator[Finding]:
    for document in subject.documents.of("TimeSyncConfig"):
        if document.value.get("ntp") and document.value.get("ptp"):
            words = "is beside ptp, and Talos takes one of them"
            yield subject.about("talos/time", document, ("ntp",), words, "remove one")
        if document.value.get("enabled") is False:
            words = "is false: etcd and certificates need the time"
            yield subject.about("talos/time", document, ("enabled",), words, "remove it")
