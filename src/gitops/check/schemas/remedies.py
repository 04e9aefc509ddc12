"""Ways out of what the API server refuses, where a problem brings none of its own.

A message says what must hold, so the way out is read from it: what to change, by how much, and
which other field could give way instead.
"""

import re

from gitops.check.schemas.problem import Fault, Problem
from gitops.model.ids import ObjectId

_CHANGE = {
    Fault.TYPE: "quote texts that look like numbers or booleans, and only those",
    Fault.REQUIRED: "add it",
    Fault.ENUM: "choose one of them",
    Fault.VALUE: "correct the value",
    Fault.FORMAT: "write it in that form",
    Fault.LIMIT: "take away what is too much",
    Fault.DUPLICATE: "remove one of the two, or let them differ",
    Fault.METADATA: "write it in that form",
    Fault.CONFLICT: "change one of the two",
}
_ABOUT = {
    Fault.UNKNOWN: "correct its name or its place, or remove it: {version} has none",
    Fault.RULE: "the definition of {kind} holds this rule",
}
_REMEDIES = (
    (r"^may (?:not|only) be there(?: where (\w+)| beside (\S+))", r"remove it, or change \1\2"),
    (r"^may not be there", "remove it"),
    (r"^may not be \w+ where (?:the )?(\S+)", r"change it, or change the \1"),
    (r"^may not hold .* where (\w+)", r"take it out, or change \1"),
    (r"^may not begin with ", "choose a name that begins otherwise"),
    (r"^must be one of ", "choose one of them"),
    (r"^must have one of (.+)", r"keep or add exactly one of \1"),
    (r"^must have rules or ", "add one of the two"),
    (r"^must have a kind of volume", "add where its data lies"),
    (r"^may hold (?:nothing|no other mode) beside (\S+)", r"keep \1 alone, or leave it out"),
    (r"^may not hold both (\S+) and (\S+)", r"keep \1 or \2"),
    (r"^may not have both (\S+) and (\S+)", r"keep \1 or \2"),
    (r"^is given by the API server", "leave it out"),
    (r"^selects other pods", "let the labels of the template hold all that the selector names"),
    (r"^must be (?!one of)(.+?)(?: here| in a \S+)?; it is", r"set it to \1"),
    (r"^must be at (?:least|most) \S+ as (\w+)", r"change it, or \1"),
    (r"^(\w+) \S+ is more than (\w+) ", r"lower \1, or raise \2"),
    (r"^must be (\S+) for a ", r"set it to \1"),
    (r"^must be a part of ", "write a network that lies in it"),
    (r"^must be (?:at (?:least|most)|more|less|a port)", "choose a number in this range"),
    (r"^must not be less than 0|^must be .* at most", "choose a number in this range"),
    (r"^must begin with (\S+?),? ", r"put \1 before it"),
    (r"^must (?:begin with|hold) (\S+)$", r"add \1"),
    (r"^must be a number or a percentage", "write a number such as 1, or 25%"),
    (r"^must be a whole number", "leave out the fraction"),
    (r"^must be a multiple of (\S+),", r"choose a multiple of \1"),
    (r"^must be an object", "write fields and their values there"),
    (r"^(?:may not hold|must be a path) .*\.\.", "write the path without .. and from its top"),
    (r"^may not hold 0", "take 0 out of the list"),
    (r"^may not be empty", "add labels that the pods have"),
    (r"^must have at least \d+ (\w+)", r"add \1, or leave the field out"),
    (r"^holds the same element twice", "keep one of the two"),
    (r"^fits none of the forms", "write the fields of one of the forms, and of no other"),
    (r"^fits \d+ forms", "keep the fields of one of the forms"),
    (r"^has a form that is forbidden: (.+)\+(.+)", r"leave out \1 or \2"),
    (r"^has a form that is forbidden", "write it in another of the forms that it may have"),
    (r"does not match ", "change the text so that the pattern fits it"),
    (r"is too large for this field", "choose a smaller number"),
    (r"is no quantity", "write an amount such as 100m, 512Mi or 1Gi"),
    (r"is no (?:date-?time|time)$", "write it as 2006-01-02T15:04:05Z"),
    (r"is no date$", "write it as 2006-01-02"),
    (r"is no duration", "write it as 30s, 10m or 1h30m"),
    (r"is no byte", "write it in base64, or as plain text under stringData"),
    (r"is no (?:ipv[46]|address)", "write an address such as 10.0.0.1 or fd00::1"),
    (r"is no (?:cidr|network)", "write a network such as 10.0.0.0/8"),
    (r"is no uri", "write a whole address, such as https://example.org/path"),
    (r"is no hostname|is no DNS name", "write a name such as www.example.org"),
    (r"is no schedule", "write minute, hour, day, month and day of the week: 30 2 * * *"),
    (r"is no JSON object", "write an object in JSON: {}"),
    (r"is no resource of a container", "name a resource such as cpu or memory"),
    (r"is no (?:name|key)", "rename it, and what refers to it"),
    (r"is nothing that a quota counts", "name what is counted, such as pods or requests.cpu"),
    (r"is an address that each node", "name an address by which nodes reach each other"),
    (r"is no container here", "name a container of the pod"),
    (r"is no version here", "name a version once, such as v1"),
)
"""How messages read, each with the way out; compiled when something is refused."""
_MUCH = re.compile(r"^may have (\d+) (\w+), has (\d+)|^takes? (\d+) bytes of the (\d+)")
_LABELLED = re.compile(r"'(.+)' is no value of a label")
_FOREIGN = re.compile(r"[^A-Za-z0-9_.-]+")


def remedy(found: Problem, about: ObjectId) -> str:
    """The way out of a problem of an object."""
    if found.hint:
        return found.hint
    if found.fault in _ABOUT:
        return _ABOUT[found.fault].format(version=about.api_version, kind=about.kind)
    if found.fault in (Fault.TYPE, Fault.REQUIRED):
        return _CHANGE[found.fault]
    message = found.message
    return _excess(message) or _tamed(message) or _read(message) or _CHANGE[found.fault]


def _excess(message: str) -> str:
    much = _MUCH.match(message)
    if not much:
        return ""
    allowed, what, size, bytes_there, bytes_allowed = much.groups()
    if what:
        return f"take away {int(size) - int(allowed)} of the {what}"
    return f"take away {int(bytes_there) - int(bytes_allowed)} bytes"


def _tamed(message: str) -> str:
    """A value of a label, such as it may be."""
    labelled = _LABELLED.match(message)
    near = _FOREIGN.sub("-", labelled[1])[:63].strip("-_.") if labelled else ""
    return f"write it as {near}" if near else ""


def _read(message: str) -> str:
    for pattern, way in _REMEDIES:
        match = re.search(pattern, message)
        if match:
            return match.expand(way)
    return ""
