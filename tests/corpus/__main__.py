"""``python -m tests.corpus FOLDER``: write the corpus."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.corpus import write_all

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(*write_all(Path(sys.argv[1])), sep="\n")
