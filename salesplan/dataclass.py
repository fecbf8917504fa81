"""The standard library's dataclass, made when it is first needed.

``dataclasses.dataclass`` writes the source of six methods and compiles it when a module is
imported: half a millisecond for each of the two hundred classes of a click. This one takes its
parameters and does what it does (``tests/unit/test_dataclass.py`` holds the two side by side), but
comparison, hash and text are functions that all classes share, and ``__init__`` is made for the
first instance, of code that all classes of as many fields share. What salesplan has no use for is
not there: ``ClassVar``, ``InitVar``, ``KW_ONLY``, ``eq=False``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, asdict, field, fields, is_dataclass
from functools import cache
from operator import attrgetter, ge, gt, le, lt
from reprlib import recursive_repr
from types import CodeType, FunctionType, MemberDescriptorType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, kw_only=False, order=False):
        """``dataclasses.dataclass``, with parameters or without."""
        if cls is None:
            return lambda cls: _made(cls, frozen, slots, kw_only, order)
        return _made(cls, frozen, slots, kw_only, order)

    def replace(record, /, **changes):
        """``dataclasses.replace``: the record with other values in some of its fields."""
        kind = type(record)
        known = _VALUES.get(kind)
        if known is None:
            names = tuple(one.name for one in kind.__items__ if one.init)
            known = _VALUES[kind] = names, attrgetter(*names) if len(names) > 1 else None
        names, values = known
        if values is not None:
            return kind(**{**dict(zip(names, values(record), strict=True)), **changes})
        return kind(**{**{name: getattr(record, name) for name in names}, **changes})

    _VALUES = {}
    """By class, the names of what a record is made of and what reads them all at once."""


__all__ = [
    "MISSING",
    "asdict",
    "dataclass",
    "field",
    "field_names",
    "fields",
    "is_dataclass",
    "replace",
]


def field_names(record: Any) -> tuple[str, ...]:
    """The names of a record's fields, or of its class: what ``fields`` says of them makes the class
    once more.
    """
    return tuple(one.name for one in record.__items__)


class _Factory:
    """Stands in a signature for a default that is made for each instance."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


class _Item(NamedTuple):
    """What a class body says of a field: ``name: annotation = given``. Its ``default`` is a value,
    :data:`_FACTORY` or MISSING.
    """

    name: str
    annotation: str
    given: Any
    kw_only: bool
    init: bool
    default: Any


def _item(name: str, annotation: str, given: Any, kw_only: bool) -> _Item:
    if not isinstance(given, Field):
        return _Item(name, annotation, given, kw_only, True, given)
    default = given.default if given.default_factory is MISSING else _FACTORY
    return _Item(name, annotation, given, kw_only, given.init, default)


class _Later:
    """An attribute of a class that is worked out when it is first asked for."""

    __slots__ = ("cls", "make", "name")

    def __init__(self, cls: type, name: str, make: Callable[[Any], Any]) -> None:
        self.cls, self.name, self.make = cls, name, make
        setattr(cls, name, self)

    def __get__(self, instance: object, owner: type) -> Any:
        value = self.make(self.cls)
        setattr(self.cls, self.name, value)
        bind = getattr(value, "__get__", None)
        return bind(instance, owner) if bind else value


def _made(cls: Any, frozen: bool, slots: bool, kw_only: bool, order: bool) -> Any:
    """The class as a dataclass: itself, or another one with slots."""
    body = dict(cls.__dict__)
    own = {
        name: _item(name, annotation, body.pop(name, MISSING), kw_only)
        for name, annotation in body.get("__annotations__", {}).items()
    }
    for one in own.values():
        if one.default is not MISSING and type(one.default).__hash__ is None:
            raise ValueError(
                f"{cls.__qualname__}.{one.name}: all instances would share one default"
            )
    methods = _COMPARED | (_FROZEN if frozen else _OPEN) | (_ORDERED if order else {})
    if frozen and slots:
        methods |= _PICKLED
    # A class with an __eq__ of its own has None for a hash.
    methods = {name: one for name, one in methods.items() if body.get(name) is None}
    if slots:
        cls = _with_slots(cls, body | methods, own)
    else:
        for name, method in methods.items():
            setattr(cls, name, method)
        for name, item in own.items():
            if item.default is _FACTORY or (item.default is MISSING and name in cls.__dict__):
                delattr(cls, name)
            elif item.default is not MISSING:
                setattr(cls, name, item.default)
    above: dict[str, _Item] = {}
    for base in cls.__mro__[:0:-1]:
        above |= _items(base)
    cls.__items__ = tuple((above | own).values())
    _Later(cls, "__values__", _values)
    _Later(cls, "__dataclass_fields__", _fields)
    _Later(cls, "__match_args__", _match_args)
    if "__init__" not in body:
        _Later(cls, "__init__", _init)
    return cls


def _items(cls: type) -> dict[str, _Item]:
    return {one.name: one for one in cls.__dict__.get("__items__", ())}


def _with_slots(cls: type, body: dict[str, Any], own: dict[str, _Item]) -> type:
    """The class once more: slots are laid out when a class is made."""
    above = set()
    for base in cls.__mro__[1:]:
        above.update(base.__dict__.get("__slots__", ()))
    body["__slots__"] = tuple(name for name in own if name not in above)
    body.pop("__dict__", None)
    body.pop("__weakref__", None)
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


def _values(cls: Any) -> Callable[[object], Any]:
    """A function that takes what is compared out of an instance."""
    names = [
        one.name for one in cls.__items__ if not isinstance(one.given, Field) or one.given.compare
    ]
    return attrgetter(*names) if names else lambda self: ()


def _fields(cls: Any) -> dict[str, Field[Any]]:
    """What ``dataclasses.fields`` and its like ask for: taken from a class that the standard
    library has made of the same body.
    """
    body: dict[str, Any] = {"__doc__": cls.__doc__, "__annotations__": {}}
    for one in cls.__items__:
        given = one.given
        if one.kw_only and not isinstance(given, Field):
            given = field(default=given)
        if one.kw_only:
            given.kw_only = True
        if given is not MISSING:
            body[one.name] = given
        body["__annotations__"][one.name] = one.annotation
    alike: Any = dataclasses.dataclass(type(cls.__name__, (), body), init=False)
    found: dict[str, Field[Any]] = alike.__dataclass_fields__
    return found


def _match_args(cls: Any) -> tuple[str, ...]:
    return tuple(one.name for one in cls.__items__ if one.init and not one.kw_only)


def _init(cls: Any) -> Callable[..., None]:
    """``__init__`` of a class: the code that all classes of so many fields share, with the names of
    its fields, what stores each of them, and their defaults.
    """
    given = [one for one in cls.__items__ if one.init]
    given.sort(key=lambda one: one.kw_only)
    by_name = [one.name for one in given if one.kw_only]
    others = [one for one in cls.__items__ if not one.init and one.default is not MISSING]
    scope: dict[str, Any] = {"defaults": [one.default for one in others]}
    for at, one in enumerate(given + others):
        scope[f"store{at}"] = _store(cls, one)
    code = _code(len(given), len(others), hasattr(cls, "__post_init__")).replace(
        co_argcount=1 + len(given) - len(by_name),
        co_kwonlyargcount=len(by_name),
        co_varnames=("self", *[one.name for one in given]),
    )
    made = FunctionType(code, scope)
    defaults = {one.name: one.default for one in given if one.default is not MISSING}
    made.__kwdefaults__ = {name: defaults.pop(name) for name in by_name if name in defaults}
    made.__defaults__ = tuple(defaults.values())
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {one.name: one.annotation for one in given}
    return made


def _store(cls: Any, one: _Item) -> Callable[[Any, Any], None]:
    """What puts a value into a field of an instance."""
    slot = getattr(cls, one.name, None)
    if isinstance(slot, MemberDescriptorType):
        put: Callable[[Any, Any], None] = slot.__set__
    else:
        setter = object.__setattr__ if cls.__setattr__ is _refuse_to_set else setattr

        def put(self: Any, value: Any) -> None:
            setter(self, one.name, value)

    if one.default is not _FACTORY:
        return put
    anew = one.given.default_factory

    def put_or_make(self: Any, value: Any) -> None:
        put(self, anew() if value is _FACTORY else value)

    return put_or_make


@cache
def _code(given: int, others: int, after: bool) -> CodeType:
    """The code of an ``__init__`` that is given so many fields and fills ``others`` with their
    defaults. Compiling is what takes time, and classes differ in little but names.
    """
    names = [f"p{at}" for at in range(given)]
    values = names + [f"defaults[{at}]" for at in range(others)]
    lines = [f"store{at}(self, {value})" for at, value in enumerate(values)]
    if after:
        lines.append("self.__post_init__()")
    body = "".join(f"\n    {line}" for line in lines or ["pass"])
    scope: dict[str, Any] = {}
    exec(f"def __init__({', '.join(['self', *names])}):{body}", scope)
    code: CodeType = scope["__init__"].__code__
    return code


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.__values__(self) == self.__values__(other)


def _hash(self: Any) -> int:
    return hash(self.__values__(self))


@recursive_repr()
def _text(self: Any) -> str:
    shown = (
        f"{one.name}={getattr(self, one.name)!r}"
        for one in self.__items__
        if not isinstance(one.given, Field) or one.given.repr
    )
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse_to_set(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, one.name) for one in self.__items__]


def _take_state(self: Any, state: list[object]) -> None:
    for one, value in zip(self.__items__, state, strict=True):
        object.__setattr__(self, one.name, value)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compare(self.__values__(self), self.__values__(other))

    return method


_COMPARED: dict[str, object] = {"__eq__": _equal, "__repr__": _text}
_OPEN: dict[str, object] = {"__hash__": None}
_FROZEN: dict[str, object] = {
    "__hash__": _hash,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
}
_PICKLED: dict[str, object] = {"__getstate__": _state, "__setstate__": _take_state}
"""Of frozen classes with slots: what pickle does by itself sets attributes."""
_ORDERED: dict[str, object] = {
    "__lt__": _ordered(lt),
    "__le__": _ordered(le),
    "__gt__": _ordered(gt),
    "__ge__": _ordered(ge),
}
