"""The package's dataclass beside the standard library's: the same classes, made by both."""

from __future__ import annotations

import dataclasses
import inspect
import pickle
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from importlib import import_module
from types import MemberDescriptorType
from typing import Any

import pytest

from salesplan.dataclass import (
    asdict,
    dataclass,
    field,
    field_names,
    fields,
    is_dataclass,
    replace,
)
from tests.unit.test_rooms import MODULES


@dataclass(frozen=True, slots=True)
class Point:
    """A place."""

    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list, compare=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Point):
    name: str
    y: int = 7


@dataclass
class Open:
    x: int
    seen: dict[str, int] = field(default_factory=dict)
    double: int = field(init=False)

    def __post_init__(self) -> None:
        self.double = 2 * self.x


@dataclass(frozen=True, slots=True, order=True)
class Version:
    major: int
    minor: int = 0


def ours() -> Iterator[type]:
    """Every dataclass of the package."""
    for name in MODULES:
        if name.endswith("__main__"):
            continue
        module = import_module(name)
        for one in vars(module).values():
            if isinstance(one, type) and one.__module__ == name and is_dataclass(one):
                yield one


def standard(cls: Any) -> Any:
    """The class that the standard library makes of the same fields."""
    body: dict[str, Any] = {"__doc__": ".", "__annotations__": {}}
    for one in fields(cls):
        body["__annotations__"][one.name] = one.type
        body[one.name] = field(
            **{  # type: ignore[arg-type]
                name: getattr(one, name) for name in ("init", "repr", "hash", "compare", "kw_only")
            },
            **(
                {"default": one.default}
                if one.default_factory is dataclasses.MISSING
                else {"default_factory": one.default_factory}
            ),
        )
    frozen = cls.__setattr__ is not object.__setattr__
    return dataclasses.dataclass(type(cls.__name__, (), body), frozen=frozen)


ALL = sorted(ours(), key=lambda one: (one.__module__, one.__qualname__))


def test_every_dataclass_of_the_package_is_seen() -> None:
    assert len(ALL) > 250


@pytest.mark.parametrize(
    "cls", [*ALL, Point, Named, Open, Version], ids=lambda one: one.__qualname__
)
def test_a_class_is_made_as_the_standard_library_makes_it(cls: Any) -> None:
    alike = standard(cls)
    parameters = inspect.signature(cls).parameters.values()
    of_the_standard = inspect.signature(alike).parameters.values()
    assert [str(one) for one in parameters] == [str(one) for one in of_the_standard]
    assert cls.__match_args__ == alike.__match_args__
    assert (cls.__hash__ is None) == (alike.__hash__ is None)
    if "__slots__" in vars(cls):
        held = [inspect.getattr_static(cls, one.name) for one in fields(cls)]
        assert all(isinstance(one, MemberDescriptorType) for one in held)


def test_an_instance_says_hashes_and_compares_as_the_standard_librarys() -> None:
    mine, alike = Point(1, 2, ["a"], "n"), standard(Point)(1, 2, ["a"], "n")
    assert repr(mine) == repr(alike).replace("Point", Point.__qualname__)
    assert hash(mine) == hash(alike)
    assert mine == Point(1, 2, ["other"], "n") != Point(1, 3)
    assert mine != alike and mine != (1, 2)
    assert len({mine, Point(1, 2, [], "n")}) == 1


def test_a_frozen_instance_stays_as_it_is() -> None:
    point = Point(1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x
    with pytest.raises(FrozenInstanceError):
        point.other = 2  # type: ignore[attr-defined]


def test_what_is_not_given_has_its_default() -> None:
    assert Point(1) == Point(1, 0, [], "") and Point(1).tags is not Point(1).tags
    assert Open(2).double == 4 and Open(2) == Open(2, {})
    assert Named(1, name="a").y == 7
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Named(1, "a")  # type: ignore[call-arg, misc]


def test_a_default_that_can_be_changed_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):

        @dataclass
        class Shared:
            seen: list[str] = []  # noqa: RUF012


def test_an_open_instance_can_be_changed_and_has_no_hash() -> None:
    one = Open(2)
    one.x = 3
    assert one.x == 3
    with pytest.raises(TypeError):
        hash(one)


def test_order_is_that_of_the_fields() -> None:
    assert sorted([Version(2), Version(1, 5), Version(1)]) == [
        Version(1),
        Version(1, 5),
        Version(2),
    ]
    assert Version(1) <= Version(1) and Version(2) > Version(1, 9) and Version(2) >= Version(2)
    with pytest.raises(TypeError):
        Version(1) < (2, 0)  # type: ignore[operator]  # noqa: B015


def test_a_record_with_other_values_is_another() -> None:
    named = Named(1, name="a", y=2)
    assert (
        replace(named, name="b") == Named(1, name="b", y=2) == dataclasses.replace(named, name="b")
    )
    with pytest.raises(TypeError):
        replace(named, nobody=1)  # type: ignore[call-arg]


def test_the_standard_librarys_helpers_take_them() -> None:
    point = Point(1, 2, ["a"])
    assert asdict(point) == {"x": 1, "y": 2, "tags": ["a"], "note": ""}
    assert dataclasses.astuple(point) == (1, 2, ["a"], "")
    assert list(field_names(Named)) == [one.name for one in fields(Named)]
    assert [one.name for one in fields(Named)] == ["x", "y", "tags", "note", "name"]
    assert [one.kw_only for one in fields(Named)] == [False, True, False, False, True]
    assert is_dataclass(Point) and not is_dataclass(int)


def test_it_can_be_pickled() -> None:
    for one in (Named(1, name="a"), Open(2), Version(1)):
        assert pickle.loads(pickle.dumps(one)) == one


def test_it_can_be_matched() -> None:
    match Version(1, 5):
        case Version(major, minor):
            assert (major, minor) == (1, 5)


def test_classes_of_as_many_fields_share_the_code_of_their_init() -> None:
    """Only the names in it are each one's own."""

    @dataclass(frozen=True, slots=True)
    class Place:
        north: int
        east: int

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Span:
        first: int
        last: int = 9

    place, span = (one.__init__.__code__ for one in (Place, Span))
    assert place.co_code == span.co_code
    assert (place.co_varnames, span.co_varnames) == (
        ("self", "north", "east"),
        ("self", "first", "last"),
    )
    assert Span(first=1) == Span(first=1, last=9) and Place(1, 2) == Place(north=1, east=2)
