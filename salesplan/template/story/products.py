"""Step 2 of the sample: what is sold. High-margin A earns the money, B brings traffic, the service
package goes with both, and D is no longer sold. Prices are 万元 a piece.
"""

from __future__ import annotations

from decimal import Decimal

from salesplan.template.story.goals import OLD_MODEL, PRODUCT_A, PRODUCT_B, SERVICES
from salesplan.template.story.values import Row, Tables

D = Decimal


def products() -> Tables:
    """Rows of 产品."""
    rows: list[Row] = [
        {
            "code": "A",
            "name": PRODUCT_A,
            "margin": D("0.58"),
            "list_price": D("1.25"),
            "capacity_month": 95,
            "delivery_days": 10,
        },
        {
            "code": "B",
            "name": PRODUCT_B,
            "margin": D("0.22"),
            "list_price": D("0.38"),
            "capacity_month": 320,
            "delivery_days": 5,
        },
        {"code": "S", "name": SERVICES, "margin": D("0.45"), "list_price": D("0.6")},
        {"code": "D", "name": OLD_MODEL, "margin": D("0.15"), "high_margin": False},
    ]
    return {"products": rows}
