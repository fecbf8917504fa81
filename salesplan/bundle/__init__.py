"""salesplan for a machine without Python and without a network: one zip with the package, every
package it needs, and a script that installs them for one account (``python -m salesplan.bundle``).
"""

from salesplan.bundle.make import Bundle, bundle

__all__ = ["Bundle", "bundle"]
