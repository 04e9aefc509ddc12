import pytest

from gitops.check.traffic import statuses

CLASSES = {
    ("=", "5xx"): "5",
    ("!=", "5XX"): "5",
    ("=~", "5xx"): "5",
    ("!~", "4xx|5xx"): "45",
    ("=~", "[45]xx"): "45",
    ("=~", "[2-4]xx"): "234",
    ("=~", "(4|5)xx"): "45",
    ("=~", "(?:4|5)xx"): "45",
    ("=~", "^5xx$"): "5",
    ("=~", "4xx|500"): "4",
    ("=~", "[45]xx|5.."): "4",
}

NONE = [
    ("=", "500"),
    ("=", "4xx|5xx"),
    ("=", "6xx"),
    ("=", "15xx"),
    ("=~", "5.."),
    ("=~", "5xx|5.."),
    ("=~", "5xx|.*"),
    ("=~", "5xxx"),
    ("=~", "a5xx"),
    ("=~", "$class"),
    ("=~", "5xx("),
    ("=~", ""),
]

NUMBERS = {
    ("=", "503"): "5",
    ("!=", "404"): "4",
    ("=~", "50[0-9]"): "5",
    ("=~", r"5\d\d"): "5",
    ("=~", "[45][0-9]{2}"): "45",
    ("=~", "200|404"): "24",
    ("=~", "5.."): "",
    ("=~", ".*"): "",
    ("=~", "5xx|500"): "",
    ("=", "5xx"): "",
    ("=", "error"): "",
}


@pytest.mark.parametrize(("sign", "value"), CLASSES)
def test_a_class_that_is_written_with_x_is_no_status(sign: str, value: str) -> None:
    assert statuses.classes(sign, value) == {*CLASSES[sign, value]}


@pytest.mark.parametrize(("sign", "value"), NONE)
def test_what_may_be_a_status_is_left(sign: str, value: str) -> None:
    assert statuses.classes(sign, value) == frozenset()


@pytest.mark.parametrize(("sign", "value"), NUMBERS)
def test_numbers_are_those_that_take_no_class(sign: str, value: str) -> None:
    assert statuses.numbers(sign, value) == {*NUMBERS[sign, value]}
