"""From the company's goals to every unit's months."""
