"""A tree as Flux hands it to kustomize: the files that generators and patches name are plain."""

from collections.abc import Mapping

from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.age import Keyring
from gitops.sources.sops import audit, files, formats
from gitops.sources.sops.formats import Format
from gitops.sources.sops.outcome import DecryptedFile, damaged
from gitops.sources.tree import Kind, SourceTree

_LARGEST = 5 << 20
_TOO_LARGE = damaged((), "is larger than 5 MiB, which Flux refuses where it decrypts")


class DecryptingTree:
    """A tree in which the files that Flux decrypts before it builds are plain.

    `forms` says which they are. Where no key opens one, its values are stand-ins.
    """

    def __init__(self, tree: SourceTree, keyring: Keyring, forms: Mapping[str, Format]) -> None:
        self._tree = tree
        self._keyring = keyring
        self._forms = dict(forms)
        self._plain: dict[str, bytes] = {}
        self._findings: list[Finding] = []
        self._stood_in: set[str] = set()
        self.revealed = False
        """Whether decrypted text was handed out: what is built of it is not to be kept."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong with the files read so far."""
        return tuple(sorted(self._findings, key=lambda found: found.order))

    @property
    def stood_in(self) -> frozenset[str]:
        """The files read so far whose secrets are not known."""
        return frozenset(self._stood_in)

    def kind(self, path: str) -> Kind | None:
        return self._tree.kind(path)

    def names(self, path: str) -> tuple[str, ...]:
        return self._tree.names(path)

    def is_link(self, path: str) -> bool:
        return self._tree.is_link(path)

    def read(self, path: str) -> bytes:
        content = self._tree.read(path)
        form = self._forms.get(path)
        if form is None:
            return content
        if path not in self._plain:
            self._plain[path] = self._decrypt(path, content, form)
        return self._plain[path]

    def _decrypt(self, path: str, content: bytes, form: Format) -> bytes:
        if len(content) > _LARGEST:
            self._findings += audit.report(_TOO_LARGE, Location(path))
        if not formats.is_encrypted_file(content, form):
            return content
        match files.decrypt_file(content, form, self._keyring):
            case DecryptedFile(plain):
                self.revealed = True
                return plain
            case outcome:
                self._findings += audit.report(outcome, Location(path))
                self._stood_in.add(path)
                return files.stand_in_file(content, form, path)
