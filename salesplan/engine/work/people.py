"""Who is meant: units by code, else by a name that only one bears."""

from __future__ import annotations

from collections.abc import Mapping

from salesplan.plan.model import Plan


class People:
    """The plan's units by code and by name. A name that two units bear tells nothing."""

    def __init__(self, plan: Plan) -> None:
        found: dict[str, list[str]] = {}
        for unit in plan.units:
            found.setdefault(unit.name, []).append(unit.code)
        self._codes = plan.unit_by_code
        self._named: Mapping[str, str] = {
            name: codes[0] for name, codes in found.items() if len(codes) == 1
        }

    def code(self, name: str) -> str:
        """The unit's code where ``name`` is a unit's code or name, else ``name`` as typed."""
        return name if name in self._codes else self._named.get(name, name)
