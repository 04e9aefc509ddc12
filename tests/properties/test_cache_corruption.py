"""Whatever happens to the files of a cache, it gives what was put, or nothing."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gitops.sources.cache import Cache

Damage = Callable[[bytes], bytes]

FLIPS = st.tuples(st.integers(0, 400), st.integers(1, 255)).map(
    lambda flip: (
        lambda old: bytes(
            byte ^ flip[1] if place == flip[0] % len(old) else byte
            for place, byte in enumerate(old)
        )
    )
)
CUTS = st.integers(0, 400).map(lambda end: lambda old: old[: end % len(old)])
TAILS = st.binary(min_size=1, max_size=50).map(lambda tail: lambda old: old + tail)
OTHERS = st.binary(max_size=100).map(lambda new: lambda _: new)
DAMAGES: st.SearchStrategy[Damage] = FLIPS | CUTS | TAILS | OTHERS


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.lists(DAMAGES, min_size=1, max_size=3))
def test_a_damaged_entry_is_never_taken_for_what_was_put(
    data: bytes, damages: list[Damage]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(folder, 1 << 20)
        cache.put("unit", "key", data)
        (entry,) = (path for path in Path(folder).iterdir() if path.name != "ledger")
        sound = content = entry.read_bytes()
        for damage in damages:
            content = damage(content or b"\0")
        entry.write_bytes(content)
        assert cache.get("unit", "key") == (data if content == sound else None)
        assert entry.exists() == (content == sound)
        cache.put("unit", "key", data)
        assert cache.get("unit", "key") == data
        assert cache.notes() == ()
