"""The same mapping and the same groups, to the millionth, on Spark in local mode.

``SALESPLAN_THOROUGH=1 python -m pytest -n 0 -m spark tests/integration/test_linked_spark.py`` with
pyspark (``ibis-framework[pyspark]``) and a Java runtime.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from salesplan.plan.sources.groups import Grouping
from salesplan.plan.sources.map_file import read_mapping
from salesplan.plan.sources.pushdown import group
from salesplan.plan.sources.relations import of_backend
from tests.integration.test_linked_engines import (
    AGAIN,
    FIRST,
    MESSY,
    PLAN,
    WINDOW,
    WITH_CUSTOMERS,
    asked,
    by_engine,
    by_record,
    messy,
    sums,
    sums_of_records,
    told,
)
from tests.integration.test_source_engines import FILES, MAP, SQL

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(
        not os.environ.get("SALESPLAN_THOROUGH")
        or find_spec("pyspark") is None
        or shutil.which("java") is None,
        reason="Spark is asked in the thorough run only, with pyspark and Java",
    ),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A session of Spark on this machine, one core, nothing of it kept."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    yield session
    session.stop()


def by_spark(spark: Any, folder: Path, mapping: str) -> Grouping:
    import ibis

    path = folder / "map.toml"
    path.write_text(mapping, encoding="utf-8")
    mapped = read_mapping(path)
    made = Grouping(PLAN, WINDOW, "spark")
    relation = of_backend(ibis.pyspark.connect(spark), mapped, Path("spark"))
    sources = asked(folder, "spark", mapping)
    group(made, sources, relation)
    return made


@pytest.mark.parametrize("top", ['table = "lines"', SQL])
def test_spark_gives_the_same_figures(spark: Any, tmp_path: Path, top: str) -> None:
    path = FILES["parquet"](tmp_path)
    spark.read.parquet(str(path)).createOrReplaceTempView("lines")
    made = by_spark(spark, tmp_path, MAP.format(top=top))
    assert sums(made) == sums_of_records()


@pytest.mark.parametrize("mapping", [FIRST, AGAIN, WITH_CUSTOMERS.format(top="")])
def test_first_deals_and_customers_are_those_of_duckdb(
    spark: Any, tmp_path: Path, mapping: str
) -> None:
    path = FILES["parquet"](tmp_path)
    spark.read.parquet(str(path)).createOrReplaceTempView("lines")
    theirs = told(by_engine(asked(tmp_path, path, mapping)))
    assert told(by_spark(spark, tmp_path, 'table = "lines"\n' + mapping)) == theirs


@pytest.mark.parametrize("rule", ["REV", "NEW", "WIN", "STK", "AVG"])
def test_whatever_stands_in_a_field_is_read_alike(spark: Any, tmp_path: Path, rule: str) -> None:
    path = messy(tmp_path, 1)
    spark.read.csv(str(path), header=True, escape='"').createOrReplaceTempView("messy")
    top, *rules = MESSY.split("[[rule]]")
    (chosen,) = (one for one in rules if f'"{rule}"' in one)
    mapping = f"{top}[[rule]]{chosen}"
    theirs = by_record(asked(tmp_path, path, mapping))
    made = by_spark(spark, tmp_path, f'table = "messy"\n{mapping}')
    assert made.groups() == theirs.groups()
