"""Objects that lie in no namespace, whatever their text says.

Source: kustomize gives the namespace of a build, which is Flux's `targetNamespace`, too, to every
object of a kind that it does not know (api/filters/namespace); the API server takes it from the
objects of kinds without namespaces (apiserver, EnsureObjectNamespaceMatchesRequestNamespace).
"""

from collections.abc import Callable, Iterable
from contextlib import suppress

import msgspec

from gitops.build.helm import scopes
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest

_KIND = ("apiextensions.k8s.io", "CustomResourceDefinition")
Imported = Callable[[str, str], bytes | None]


class _Names(msgspec.Struct, frozen=True):
    kind: str = ""


class _Spec(msgspec.Struct, frozen=True):
    scope: str = ""
    names: _Names = _Names()


class _Definition(msgspec.Struct, frozen=True):
    """What of a definition tells where its objects lie."""

    spec: _Spec = _Spec()


_decode = msgspec.json.Decoder(_Definition).decode


class Places:
    """Where the objects of a cluster lie, by the definitions that it applies, then by those that
    were imported, then by what is known of the kind and its name."""

    def __init__(self, applied: Iterable[Manifest], imported: Imported) -> None:
        self._texts: dict[str, list[bytes]] = {}
        for each in applied:
            if each.id.key[:2] == _KIND:
                group = each.id.name.partition(".")[2]
                self._texts.setdefault(group, []).append(each.raw)
        self._imported = imported
        self._of_group: dict[str, scopes.Scopes] = {}
        self._wide: dict[tuple[str, str], bool] = {}

    def put(self, found: Manifest) -> Manifest:
        """The object, named as the API server has it."""
        about = found.id
        if not (about.namespace and self._is_wide(about)):
            return found
        return msgspec.structs.replace(found, id=msgspec.structs.replace(about, namespace=""))

    def _is_wide(self, about: ObjectId) -> bool:
        kind = (about.group, about.kind)
        if kind not in self._wide:
            known = self._own(about.group)
            imported = None if kind in known else self._imported(*kind)
            known = {**known, **_scopes(about.group, [imported] if imported else ())}
            self._wide[kind] = not scopes.is_namespaced(about, known)
        return self._wide[kind]

    def _own(self, group: str) -> scopes.Scopes:
        if group not in self._of_group:
            self._of_group[group] = _scopes(group, self._texts.get(group, ()))
        return self._of_group[group]


def _scopes(group: str, texts: Iterable[bytes]) -> scopes.Scopes:
    """Whether the objects of each kind live in a namespace; what cannot be read says nothing."""
    found: dict[tuple[str, str], bool] = {}
    for text in texts:
        with suppress(msgspec.MsgspecError):
            spec = _decode(text).spec
            found[group, spec.names.kind] = spec.scope != "Cluster"
    return found
