"""Several processes and threads share one cache without a wrong answer and without an error."""

import multiprocessing
import os
import random
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from gitops.sources.cache import Cache

LIMIT = 1 << 20
KEYS = 200


def content(key: int) -> bytes:
    return sha256(str(key).encode()).digest() * (1 + key * 4)


def use(folder: str, seed: int, rounds: int) -> list[str]:
    """Put and get at random, at a size that makes every process tidy up often."""
    numbers = random.Random(seed)
    cache = Cache(folder, LIMIT)
    wrong = []
    for _ in range(rounds):
        key = numbers.randrange(KEYS)
        if numbers.random() < 0.5:
            cache.put("unit", str(key), content(key))
        elif cache.get("unit", str(key)) not in (None, content(key)):
            wrong.append(f"wrong data for {key}")
    return wrong + [note.message for note in cache.notes()]


def report(
    folder: str, seed: int, rounds: int, results: "multiprocessing.Queue[list[str]]"
) -> None:
    results.put(use(folder, seed, rounds))


def test_processes_share_a_cache(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[list[str]] = context.Queue()
    workers = [
        context.Process(target=report, args=(str(tmp_path), seed, 400, results))
        for seed in range(3)
    ]
    for worker in workers:
        worker.start()
    assert [results.get(timeout=60) for _ in workers] == [[], [], []]
    for worker in workers:
        worker.join(60)
    assert_tidy(tmp_path)


def test_threads_share_a_cache(tmp_path: Path) -> None:
    found: list[str] = []

    def work(seed: int) -> Callable[[], None]:
        return lambda: found.extend(use(str(tmp_path), seed, 200))

    threads = [threading.Thread(target=work(seed)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == []
    assert_tidy(tmp_path)


def assert_tidy(folder: Path) -> None:
    """No half-written file is left, and the limit holds, but for what came during tidying."""
    names = os.listdir(folder)
    assert [name for name in names if name.startswith(".")] == []
    assert sum((folder / name).stat().st_size for name in names) < LIMIT * 1.2
