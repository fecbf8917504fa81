"""Figures that are worked out when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class OnDemand(Mapping[K, V], Generic[K, V]):
    """Figures by key, each worked out when it is first asked for, and then kept.

    A run knows of tens of thousands of spans, and what follows asks for some of them: nobody shows
    the quarter of each unit. ``work_out`` is a pure function: nobody can tell when it was called.
    """

    def __init__(self, keys: Iterable[K], work_out: Callable[[K], V]) -> None:
        self._keys = dict.fromkeys(keys)
        self._work_out = work_out
        self._known: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        known = self._known
        if key not in known:
            if key not in self._keys:
                raise KeyError(key)
            known[key] = self._work_out(key)
        return known[key]

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
