"""Names that a package imports when they are first used."""

from __future__ import annotations

import pkgutil

import pytest

import salesplan
from salesplan import app, workbook


@pytest.mark.parametrize("package", [salesplan, app, workbook], ids=lambda one: one.__name__)
def test_no_module_is_called_as_a_name_its_package_offers(package: object) -> None:
    """An import of the module would put it in the name's place."""
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}  # type: ignore[attr-defined]
    assert not modules & set(package.__all__)  # type: ignore[attr-defined]
