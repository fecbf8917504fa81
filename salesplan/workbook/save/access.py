"""Who may read and write a file: a new one gets what its model has, so that those who shared the
old one share it.

On POSIX that is the group, the mode and the access list (Linux keeps it in an extended attribute),
and where it can be had the owner. A colleague who saves becomes the owner; then the former owner
gets an entry of the access list unless the group lets them in anyway.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
from contextlib import suppress
from functools import reduce
from operator import or_
from pathlib import Path

from salesplan.dataclass import dataclass, replace
from salesplan.findings import Finding, Place
from salesplan.workbook.save.file_names import shown

ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"
_VERSION = 2
_OWNER, _USER, _GROUP, _NAMED_GROUP, _MASK, _OTHERS = 1, 2, 4, 8, 16, 32
_MASKED = (_USER, _GROUP, _NAMED_GROUP)
"""Entries that the mask of an access list bounds."""
_NOBODY = 0xFFFFFFFF
_HEAD, _ENTRY = struct.Struct("<I"), struct.Struct("<HHI")
_UNSUPPORTED = (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENODATA, errno.ENOSYS)
_SYSTEMS_OWN = ("security.", "trusted.", "system.")
"""Attributes that belong to the machine and not to the file: nobody misses them in a new one."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One line of an access list: whom it is for (``tag``, ``who``), and their rights (4 read, 2
    write, 1 enter).
    """

    tag: int
    who: int
    rights: int


def follow(model: Path, path: Path) -> None:
    """Give ``path`` the owner, group, mode and access list of ``model``, as far as this account
    may; nobody gets more.

    Whoever owns the model keeps their rights on it. What is not allowed or not known here is left
    out; :func:`shut_out` says whom that concerns. Raises OSError where the mode itself cannot be
    set.
    """
    if os.name != "posix":
        path.chmod(stat.S_IMODE(model.stat().st_mode))
        return
    old, new = model.stat(), path.stat()
    if old.st_gid != new.st_gid:
        with suppress(OSError):  # only a member of the group may give a file to it
            os.chown(path, -1, old.st_gid)
    if old.st_uid != new.st_uid:
        with suppress(OSError):  # only the superuser may give a file away
            os.chown(path, old.st_uid, -1)
    mode = stat.S_IMODE(old.st_mode)
    if path.stat().st_gid != old.st_gid:
        mode &= ~0o070  # another group gets nothing of what the model's has
    path.chmod(mode)
    with suppress(OSError):
        _follow_lists(model, path, old)


def shut_out(model: Path, path: Path) -> tuple[str, ...]:
    """The owner and the group of ``model``, by name, where they have fewer rights on ``path`` than
    on it; for after :func:`follow`.
    """
    if os.name != "posix":
        return ()
    old, new = model.stat(), path.stat()
    found = []
    owners = old.st_mode >> 6 & 7
    if new.st_uid != old.st_uid and not _lets_in(path, old.st_uid, owners):
        found.append(_user_name(old.st_uid))
    left = _rights(path, _NAMED_GROUP, old.st_gid) | new.st_mode & 7
    if new.st_gid != old.st_gid and _group_rights(model) & ~left:
        found.append(_group_name(old.st_gid))
    return tuple(found)


def follow_folder(model: Path, folder: Path) -> None:
    """:func:`follow` for a folder: who may save files in ``model`` may keep copies in ``folder``.
    Only its owner can mend one; for others nothing is done.
    """
    if os.name == "posix" and os.geteuid() not in (0, folder.stat().st_uid):
        return
    with suppress(OSError):
        follow(model, folder)


def owner_of(path: Path) -> str:
    """The name of the account that a file belongs to; empty where the system does not tell."""
    return _user_name(path.stat().st_uid) if os.name == "posix" else ""


def copy_attributes(old: Path, new: Path) -> None:
    """Copy the extended attributes that belong to the file itself; what is not allowed is left out
    (see :func:`losses`).
    """
    for name in _attributes(old):
        with suppress(OSError):
            os.setxattr(new, name, os.getxattr(old, name))


def losses(path: Path) -> tuple[Finding, ...]:
    """What replacing ``path`` by a new file cannot keep: other names of it (hard links), extended
    attributes that cannot be set.
    """
    name, found = shown(path.name), list[Finding]()
    others = path.stat().st_nlink - 1
    if others:
        found.append(Finding.of("save-parts-names", Place(name), file=name, count=others))
    lost = [one for one in _attributes(path) if not _can_set(path, one)]
    if lost:
        found.append(Finding.of("save-drops-attributes", Place(name), file=name, names=lost[:10]))
    return tuple(found)


def _follow_lists(model: Path, path: Path, old: os.stat_result) -> None:
    now = path.stat()
    entries = _list(model, ACCESS)
    if now.st_gid != old.st_gid:
        entries = tuple(replace(one, rights=0) if one.tag == _GROUP else one for one in entries)
    _put(path, ACCESS, entries)
    if stat.S_ISDIR(old.st_mode) and stat.S_ISDIR(now.st_mode):
        _put(path, DEFAULT, _list(model, DEFAULT))
    rights = old.st_mode >> 6 & 7
    if now.st_uid != old.st_uid and not _lets_in(path, old.st_uid, rights):
        _add(path, Entry(_USER, old.st_uid, rights))
    if now.st_gid != old.st_gid and (shared := _group_rights(model)):
        _add(path, Entry(_NAMED_GROUP, old.st_gid, shared))


def _lets_in(path: Path, user: int, rights: int) -> bool:
    """Whether an account that is not the owner has the rights: by the access list, by the file's
    group, else as anybody.
    """
    if not rights & ~_rights(path, _USER, user):
        return True
    status = path.stat()
    member = status.st_gid in _groups(user)
    return not rights & ~(_group_rights(path) if member else status.st_mode & 7)


def _groups(user: int) -> list[int]:
    """The groups that an account is in; none of an account that has no name here."""
    import pwd

    try:
        known = pwd.getpwuid(user)
    except KeyError:
        return []
    return os.getgrouplist(known.pw_name, known.pw_gid)


def _user_name(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _group_name(group: int) -> str:
    import grp

    try:
        return grp.getgrgid(group).gr_name
    except KeyError:
        return str(group)


def _group_rights(path: Path) -> int:
    """What the file's own group may: of an access list that is the mask's part of its entry."""
    if _list(path, ACCESS):
        return _rights(path, _GROUP, _NOBODY)
    return path.stat().st_mode >> 3 & 7


def _rights(path: Path, tag: int, who: int) -> int:
    """What an entry of the access list gives, less what its mask takes away."""
    entries = _list(path, ACCESS)
    mask = next((one.rights for one in entries if one.tag == _MASK), 7)
    found = (one.rights for one in entries if (one.tag, one.who) == (tag, who))
    return next(found, 0) & mask


def _list(path: Path, name: str) -> tuple[Entry, ...]:
    """A file's access list; empty where it has none beside its mode."""
    if not hasattr(os, "getxattr"):
        return ()
    try:
        raw = os.getxattr(path, name)
    except OSError:
        return ()
    if len(raw) < _HEAD.size or _HEAD.unpack_from(raw)[0] != _VERSION:
        return ()
    lines = _ENTRY.iter_unpack(raw[_HEAD.size :])
    return tuple(Entry(tag, who, rights) for tag, rights, who in lines)


def _put(path: Path, name: str, entries: tuple[Entry, ...]) -> None:
    if not hasattr(os, "setxattr"):
        return
    if entries:
        os.setxattr(path, name, _packed(entries))
        return
    try:
        os.removexattr(path, name)
    except OSError as problem:
        if problem.errno not in _UNSUPPORTED:
            raise


def _packed(entries: tuple[Entry, ...]) -> bytes:
    lines = (_ENTRY.pack(one.tag, one.rights, one.who) for one in sorted(entries))
    return _HEAD.pack(_VERSION) + b"".join(lines)


def _add(path: Path, entry: Entry) -> None:
    """Add an entry to a file's access list, which is made of its mode where it has none."""
    if not hasattr(os, "setxattr"):
        return
    mode = path.stat().st_mode
    entries = _list(path, ACCESS) or (
        Entry(_OWNER, _NOBODY, mode >> 6 & 7),
        Entry(_GROUP, _NOBODY, mode >> 3 & 7),
        Entry(_OTHERS, _NOBODY, mode & 7),
    )
    mask = next((one.rights for one in entries if one.tag == _MASK), 7)
    kept = [
        replace(one, rights=one.rights & mask) if one.tag in _MASKED else one
        for one in entries
        if one.tag != _MASK and (one.tag, one.who) != (entry.tag, entry.who)
    ]
    lines = [*kept, entry]
    most = reduce(or_, (one.rights for one in lines if one.tag in _MASKED), 0)
    _put(path, ACCESS, (*lines, Entry(_MASK, _NOBODY, most)))


def _attributes(path: Path) -> list[str]:
    """The extended attributes that belong to the file itself."""
    if not hasattr(os, "listxattr"):
        return []
    try:
        names = os.listxattr(path)
    except OSError:
        return []
    return sorted(name for name in names if not name.startswith(_SYSTEMS_OWN))


def _can_set(path: Path, name: str) -> bool:
    """Whether the attribute can be written beside the file, tried on a file of no other use."""
    import tempfile

    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=".salesplan-", suffix=".tmp"
        ) as one:
            os.setxattr(one.name, name, os.getxattr(path, name))
    except OSError:
        return False
    return True
