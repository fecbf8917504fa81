"""The seal of a manifest: that this account made it and nobody changed it since.

A keyed digest (HMAC-SHA256). The key stands in the user's configuration folder, readable by its
owner only; who has not got it can write a manifest, and cannot seal it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

FILE = "manifest.key"
FIELD = "seal"
_BYTES = 32


def seal(document: Mapping[str, object], key: bytes) -> str:
    """The keyed digest over a document without its own seal, whatever its layout."""
    plain = {name: value for name, value in document.items() if name != FIELD}
    data = json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def is_sealed(document: Mapping[str, object], key: bytes | None) -> bool:
    """Whether the document bears the seal that this key makes."""
    given = document.get(FIELD)
    if key is None or not isinstance(given, str):
        return False
    return hmac.compare_digest(given.encode(), seal(document, key).encode())


def key_file() -> Path:
    """Where this account's key is kept: beside the settings of the program."""
    from salesplan.config import load

    return load().path.parent / FILE


def known_key() -> bytes | None:
    """This account's key; None where there is none yet, or it cannot be read."""
    try:
        key = bytes.fromhex(key_file().read_text("ascii").strip())
    except (OSError, ValueError):
        return None
    return key if len(key) == _BYTES else None


def own_key() -> bytes | None:
    """This account's key, made (0600) where there is none; None where it cannot be kept."""
    path = key_file()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(_BYTES) + "\n")
    return known_key()
