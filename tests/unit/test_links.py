"""Which addresses may stand in a mail, and how a file's is made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.links import file_link, folder_link, host_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://share.example.com", "https://share.example.com"),
        ("HTTPS://Share.Example.com:8443/Sales/", "https://share.example.com:8443/Sales"),
        ("https://intranet/a%20b/~x", "https://intranet/a%20b/~x"),
        ("https://s.cn/月报", "https://s.cn/%E6%9C%88%E6%8A%A5"),
    ],
)
def test_an_address_of_a_folder(typed: str, kept: str) -> None:
    assert folder_link(typed) == kept
    assert folder_link(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "share.example.com/reports",
        "http://share.example.com/reports",
        "javascript:alert(1)",
        "file:///etc",
        "\\\\server\\reports",
        "https://",
        "https:///reports",
        "https://user@evil.example/reports",
        "https://share.example.com@evil.example",
        "https://192.168.1.7/reports",
        "https://[::1]/reports",
        "https://3232235777/reports",
        "https://share.example.com:0/x",
        "https://share.example.com:70000/x",
        "https://share.example.com/x?to=",
        "https://share.example.com/x#y",
        "https://share.example.com/x/../y",
        "https://share.example.com/x/%2e%2e/y",
        "https://share.example.com/x%2F%2e%2e%2Fy",
        "https://share.example.com//evil.example",
        "https://share.example.com\\@evil.example",
        "https://share.example.com/x%0d%0aBcc:a@b.cn",
        "https://share.example.com/x\r\nBcc: a@b.cn",
        "https://share.example.com/x y",
        "https://share.example.com/%zz",
        'https://share.example.com/"><b>',
        "https://sh\u0430re.example.com/x",
        "https://share.example.com/\u202efdp",
        " https://share.example.com",
        "https://share.example.com/" + "x" * 1000,
    ],
)
def test_any_other_is_refused(typed: str) -> None:
    assert folder_link(typed) is None


@given(st.text(max_size=30), st.text(min_size=1, max_size=30))
def test_a_link_never_leaves_its_folder(path: str, name: str) -> None:
    """Whatever was typed and whatever a file is called: the same host, in plain ASCII."""
    folder = folder_link(f"https://share.example.com/{path}")
    if folder is None:
        return
    name = "".join(one for one in name if not "\ud800" <= one <= "\udfff")
    link = file_link(folder, name)
    assert link.isascii() and link.isprintable() and not set(link) & set('<> "\\?#')
    assert host_of(link) == "share.example.com"
    assert link.startswith(f"{folder}/") and "/" not in link.removeprefix(f"{folder}/")
