"""Makes Go templates give the same text each time, and look at the cluster that is meant.

Helm's engine has no hook for either, so function names are replaced in the text of templates:

- a function that draws random values, by an expression which takes the same arguments and gives a
  value made from a seed: the release, the template and the place in it. One place in a template
  gives one value, also when it runs several times, as in a loop or a named template;
- `now`, by the start of the year 2000, and `ago` by `0s`;
- `keys`, whose order Go leaves to chance, by sorted keys. `values` has no such remedy;
- `.Capabilities.APIVersions.Has`, by a look into exactly the API versions that are asked for.
  Helm's own list holds all that it was ever compiled with, also what clusters no longer serve.

Template text in values, which templates may evaluate with `tpl`, is settled only after two renders
differed: most texts with braces in values are meant for somebody else. So `now` is today in them.
What then comes out again unevaluated is put back as it was; strings in backquotes make that easy.
"""

import re
import string
from collections.abc import Callable, Iterable, Mapping

import msgspec

from gitops.sources.helm import seeded

_LENGTH = 512
"""Characters there are to choose from; nobody asks for longer random strings."""


class Replacement(msgspec.Struct, frozen=True):
    """What stands in for a function name, and what is put after its arguments."""

    text: str
    after: str = ""


_Maker = Callable[[str], Replacement]


def _drawn(alphabet: str, after: str = "") -> _Maker:
    # Go takes precision and value from where the numbers in brackets point: `printf F S 16` cuts S.
    return lambda seed: Replacement(
        f"printf `%.[2]*[1]s` `{seeded.text(seed, alphabet, _LENGTH)}`", after
    )


def _swallowing(value: Callable[[str], str]) -> _Maker:
    """`coalesce` gives its first argument that is not empty, whatever follows."""
    return lambda seed: Replacement(f"coalesce `{value(seed)}`")


def _pair(certificate: tuple[str, str]) -> Replacement:
    """A `dict` has fields like Helm's certificate, and takes more arguments as more fields."""
    cert, key = map(_quoted, certificate)
    return Replacement(f'dict "Cert" {cert} "Key" {key}')


def _authority(seed: str) -> str:
    # All certificates of a release are signed by one authority.
    return seed.partition("\n")[0]


def _signed(seed: str) -> Replacement:
    return _pair(seeded.certificate(seed, _authority(seed)))


def _private_key(seed: str) -> Replacement:
    keys = {kind.lower(): seeded.private_key(seed, kind) for kind in ("RSA", "DSA")}
    keys["ecdsa"] = seeded.private_key(seed, "EC")
    keys["ed25519"] = seeded.certificate(seed)[1]
    fields = " ".join(f'"{kind}" {_quoted(pem)}' for kind, pem in keys.items())
    return Replacement(f"get (dict {fields})")


_LETTERS, _DIGITS = string.ascii_letters, string.digits
_RANDOM: Mapping[str, _Maker] = {
    "randAlphaNum": _drawn(_LETTERS + _DIGITS),
    "randAlpha": _drawn(_LETTERS),
    "randAscii": _drawn(_LETTERS + _DIGITS),
    "randNumeric": _drawn(_DIGITS),
    "randBytes": _drawn(_LETTERS + _DIGITS, " | b64enc"),
    "randInt": lambda _: Replacement("min", " | int"),
    "uuidv4": lambda seed: Replacement(f"`{seeded.uuid(seed)}`"),
    "shuffle": lambda _: Replacement("toString"),
    "bcrypt": _swallowing(seeded.bcrypt),
    "htpasswd": lambda seed: Replacement(f"printf `%[1]s:{seeded.bcrypt(seed)}`"),
    "encryptAES": _swallowing(lambda seed: seeded.text(seed, _LETTERS + _DIGITS, 64)),
    "genPrivateKey": _private_key,
    "genCA": lambda seed: _pair(seeded.certificate(_authority(seed))),
    "genCAWithKey": lambda seed: _pair(seeded.certificate(_authority(seed))),
    "genSelfSignedCert": lambda seed: _pair(seeded.certificate(seed)),
    "genSelfSignedCertWithKey": lambda seed: _pair(seeded.certificate(seed)),
    "genSignedCert": _signed,
    "genSignedCertWithKey": _signed,
}
_TIME: Mapping[str, _Maker] = {
    "now": lambda _: Replacement('(toDate "2006-01-02" "2000-01-01")'),
    "ago": _swallowing(lambda _: "0s"),
}
_SORTED: Mapping[str, _Maker] = {"keys": lambda _: Replacement("keys", " | sortAlpha")}
_MAKERS = {**_RANDOM, **_TIME, **_SORTED}

_HAS = ".Capabilities.APIVersions.Has"
_HELD = 'hasKey (include "gitops.api-versions" . | fromJson)'
_WORDS = "|".join([*_MAKERS, "values", "lookup", "APIVersions"])
_WORTH = re.compile(rf"\b(?:{_WORDS})\b")
_WORTH_BYTES = re.compile(_WORTH.pattern.encode())
_VARYING = re.compile(rb"\{\{[^}]*\b(?:%s)\b" % "|".join(_RANDOM).encode())
_QUOTED = r""""(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|/\*.*?\*/"""
# Nothing is tried twice: an action that is never closed must not cost more than its length.
_ACTION = re.compile(rf"\{{\{{(?>{_QUOTED}|[^}}\"`']|\}}(?!\}}))*+\}}\}}", re.DOTALL)
_TOKEN = re.compile(
    rf"""(?P<quoted>{_QUOTED})
      |(?P<word>[$.\w][\w.]*)
      |(?P<close>(?:\s+-)?\}}\}}$)
      |(?P<rest>\s+|.)""",
    re.VERBOSE | re.DOTALL,
)


class Traits(msgspec.Struct, frozen=True):
    """What the actions of a template call, whether or not they run."""

    uses_random: bool = False
    uses_lookup: bool = False
    uses_api_versions: bool = False

    def __or__(self, other: "Traits") -> "Traits":
        return Traits(
            self.uses_random or other.uses_random,
            self.uses_lookup or other.uses_lookup,
            self.uses_api_versions or other.uses_api_versions,
        )


class Settled(msgspec.Struct, frozen=True):
    """A settled template. `actions` maps the actions that were changed to what they were."""

    text: bytes
    traits: Traits = Traits()
    actions: Mapping[str, str] = {}


def settle(template: bytes, seed: str, *, exact_api_versions: bool) -> Settled:
    """The template with the replacements of this module.

    `seed` names release and template; its first line names the release alone.
    """
    if not _WORTH_BYTES.search(template):
        return Settled(template)
    settling = _Settling(seed, exact_api_versions)
    text = template.decode("utf-8", "surrogateescape")
    settled = _ACTION.sub(settling.action, text).encode("utf-8", "surrogateescape")
    return Settled(settled, settling.traits, settling.actions)


def may_vary(values: bytes) -> bool:
    """Whether values hold template text that calls a random function."""
    return b"{{" in values and _VARYING.search(values) is not None


def api_versions(versions: Iterable[str]) -> bytes:
    """The template that settled templates look API versions up in."""
    held = msgspec.json.encode(dict.fromkeys(sorted(versions), 1))
    return b'{{ define "gitops.api-versions" }}' + held + b"{{ end }}"


class _Settling:
    """One pass over a template."""

    def __init__(self, seed: str, exact_api_versions: bool) -> None:
        self._seed = seed
        self._exact = exact_api_versions
        self._count = 0
        self.traits = Traits()
        self.actions: dict[str, str] = {}

    def action(self, found: re.Match[str]) -> str:
        """An action with its words replaced."""
        text = found.group()
        if not _WORTH.search(text):
            return text
        settled = self._settled(text)
        self.actions[settled] = text
        return settled

    def _settled(self, text: str) -> str:
        done: list[str] = []
        # For every parenthesis that is open: what is to follow the command at hand.
        pending: list[list[str]] = [[]]
        before = ""
        for token in _TOKEN.finditer(text):
            part = token.group()
            if token.lastgroup == "word":
                part, after = self._word(part, before)
                pending[-1].append(after)
            elif token.lastgroup == "close" or part in "|)":
                done += pending[-1]
                pending[-1].clear()
            if part == "(":
                pending.append([])
            elif part == ")" and len(pending) > 1:
                pending.pop()
            done.append(part)
            before = part
        return "".join(done)

    def _word(self, word: str, before: str) -> tuple[str, str]:
        """What stands in for a word, and what follows its arguments."""
        if "APIVersions" in word:
            self.traits |= Traits(uses_api_versions=True)
            # After a parenthesis the word is only the end of an expression.
            replace = self._exact and word.endswith(_HAS) and before != ")"
            return _HELD if replace else word, ""
        self.traits |= Traits(uses_random=word == "values", uses_lookup=word == "lookup")
        maker = _MAKERS.get(word)
        if maker is None:
            return word, ""
        self._count += 1
        self.traits |= Traits(uses_random=word not in _SORTED)
        replacement = maker(f"{self._seed}\n{self._count}")
        return replacement.text, replacement.after


def _quoted(text: str) -> str:
    return '"' + text.replace("\n", "\\n") + '"'
