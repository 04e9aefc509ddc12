"""Expressions of rules, with the functions of Kubernetes."""

from typing import Any

import pytest

from gitops.check.schemas import cel

SELF: dict[str, Any] = {
    "name": "web",
    "count": 3,
    "ratio": 0.5,
    "ports": [{"name": "a", "port": 80}, {"name": "b", "port": 443}],
    "labels": {"app": "web", "tier": "front"},
    "nothing": None,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("self.count + 2 * 3 == 9 && !(self.count > 3)", True),
        ("self.count % 2 == 1 ? 'odd' : 'even'", "odd"),
        ("-7 / 2 == -3 && -7 % 2 == -1", True),
        ("self.ratio < 1 && self.count >= 3.0", True),
        ("has(self.name) && !has(self.missing)", True),
        ("has(self.missing) || self.ports.exists(p, p.port == 443)", True),
        ("self.missing == 1 || true", True),
        ("self.missing == 1 && false", False),
        ("self.ports.all(p, p.port > 0) && self.ports.exists_one(p, p.name == 'a')", True),
        ("self.ports.map(p, p.port).sum() == 523", True),
        ("self.ports.filter(p, p.port > 100).map(p, p.name)", ["b"]),
        ("self.ports.map(p, p.port > 100, p.name)", ["b"]),
        ("self.ports.map(p, p.port).isSorted() && self.ports.map(p, p.port).max() == 443", True),
        ("self.labels.all(k, k.size() < 5 && self.labels[k] != '')", True),
        ("self.labels.all(k, v, k != v)", True),
        ("self.labels.transformMap(k, v, v + '!')['app']", "web!"),
        ("'app' in self.labels && 80 in self.ports.map(p, p.port)", True),
        ("self.?missing.orValue('none') + self.?name.orValue('')", "noneweb"),
        ("self.?missing.hasValue() || [?self.?missing, 1].size() == 1", True),
        ("cel.bind(x, self.count, x * x)", 9),
        ("self.name.matches('^[a-z]+$') && !'a1'.matches('^[a-z]+$')", True),
        ("r'a\\d' + 'b\\n' == \"a\\\\db\\n\"", True),
        ("'a,b,c'.split(',').join('-') + 'x'.replace('x', 'y').upperAscii()", "a-b-cY"),
        ("'%s has %d'.format([self.name, self.count])", "web has 3"),
        ("'abc'.find('b.') + string('aXbX'.findAll('[A-Z]').size())", "bc2"),
        ("isURL('https://a.example:8443/p') && url('https://a.example:8443/p').getPort()", "x"),
        ("url('https://a.example:8443/p?q=1').getHostname()", "a.example"),
        ("isIP('10.0.0.1') && !isIP('10.0.0') && ip('::1').family() == 6", True),
        ("cidr('10.0.0.0/8').containsIP('10.1.2.3') && !isCIDR('10.0.0.0')", True),
        ("cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16'))", True),
        ("quantity('1Gi').isGreaterThan(quantity('1G')) && !isQuantity('1GB')", True),
        ("quantity('500m').add(quantity('1500m')).asInteger()", 2),
        ("semver('1.10.0').isGreaterThan(semver('1.9.3-rc.1'))", True),
        ("duration('90m') > duration('1h') && duration('1h').getMinutes() == 60", True),
        ("timestamp('2026-01-01T00:00:00Z').getFullYear()", 2026),
        ("sets.contains([1, 2, 3], [3, 1]) && !sets.intersects([1], [2])", True),
        ("type(self.count) == int && type(self.name) == string", True),
        ("self.nothing == null && dyn(1) != 'a'", True),
        ("int('12') + size('ab')", 14),
        ("!format.dns1123Label().validate('A').hasValue()", False),
    ],
)
def test_an_expression_has_the_value_that_the_language_gives_it(text: str, expected: Any) -> None:
    if expected == "x":
        with pytest.raises(cel.CelError, match="no such overload"):
            cel.compiled(text)({"self": SELF})
    else:
        assert cel.compiled(text)({"self": SELF}) == expected


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("self.missing", "no such key: missing"),
        ("self.ports[2]", "index out of bounds: 2"),
        ("1 / 0", "division by zero"),
        ("9223372036854775807 + 1", "integer overflow"),
        ("self.name + 1", "no such overload: string, int"),
        ("self.name > 1", "no such overload: string, int"),
        ("quantity('1GB')", "quantities must match"),
        ("unheard(1)", "undeclared reference to 'unheard'"),
        ("self.", "Syntax error"),
    ],
)
def test_an_expression_without_a_value_says_why(text: str, error: str) -> None:
    with pytest.raises(cel.CelError, match=error.replace("(", r"\(")):
        cel.compiled(text)({"self": SELF})
