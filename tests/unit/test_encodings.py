"""In which encoding a file is written that does not say so: recognised, or asked for, and never
garbled in silence.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesplan.plan.encodings import Unclear, name_of, recognised

HEAD = "id,date,owner,amount,customer\n"
TEXTS = {
    "Windows-1252": ("cp1252", "Müller GmbH\n2,2026-01-05,P1,20,Søderberg\n"),
    "Windows-1252 of a café": ("cp1252", "Café “L’Étoile”, Société Générale à Paris – 5 €\n"),
    "GBK": ("gb18030", "安徽重工集团\n2,2026-01-10,张伟,500,上海电气\n"),
    "GBK of one name": ("gb18030", "张伟\n"),
    "GBK of rare names": ("gb18030", "王喆、李玥\n"),
    "Big5": ("cp950", "台灣積體電路\n2,2026-01-11,陳怡君,500,鴻海精密\n"),
    "Big5 of one name": ("cp950", "張偉\n"),
    "Shift-JIS": ("cp932", "トヨタ自動車\n2,2026-01-11,鈴木,500,ソニー\n"),
    "Shift-JIS of one name": ("cp932", "田中\n"),
}


@pytest.mark.parametrize("country", ["CN", "DE", "TW", "JP", "KR", "US"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_usual_encoding_is_recognised_in_a_plan_of_any_country(name: str, country: str) -> None:
    codec, text = TEXTS[name]
    raw = (HEAD + text).encode(codec)
    read = recognised(raw, country=country)
    assert (raw.decode(read.codec), read.encoding, read.sure) == (
        HEAD + text,
        name_of(codec),
        False,
    )
    assert read.sample and all(word in raw.decode(read.codec) for word in read.sample.split(", "))


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-32", "UTF-32"),
    ],
)
def test_what_tells_itself_needs_no_recognition(codec: str, name: str) -> None:
    mark = "\ufeff" if codec == "utf-16-le" else ""
    raw = (mark + HEAD + "张伟\n").encode(codec)
    read = recognised(raw)
    assert (raw.decode(read.codec).removeprefix("\ufeff"), read.encoding, read.sure) == (
        HEAD + "张伟\n",
        name,
        True,
    )


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1250", "Łódź Spółka\n2,2026-01-11,P1,5,Wałęsa\n"),
        ("cp1251", "Газпром нефть\n"),
        ("mac_roman", "Müller\n"),
        ("cp949", "삼성전자\n2,2026-01-11,P1,5,현대자동차\n"),
    ],
)
def test_what_could_be_several_is_asked_for_and_read_as_asked(codec: str, text: str) -> None:
    """None of them is one of a Chinese plan's usual encodings; each reads as something else in one
    of those.
    """
    raw = (HEAD + text).encode(codec)
    with pytest.raises(Unclear) as unclear:
        recognised(raw, country="CN")
    assert all(encoding and sample for encoding, sample in unclear.value.readings)
    assert raw.decode(recognised(raw, asked=codec).codec) == HEAD + text


def test_a_long_file_in_a_rarer_encoding_is_recognised_by_the_library() -> None:
    text = HEAD + "".join(
        f"{n},2026-01-11,P1,5,Открытое акционерное общество «Российские железные дороги» {n}\n"
        for n in range(40)
    )
    raw = text.encode("cp1251")
    assert raw.decode(recognised(raw, country="CN").codec) == text


def test_korean_is_recognised_in_a_plan_of_korea() -> None:
    text = HEAD + "삼성전자\n2,2026-01-11,P1,5,현대자동차\n"
    raw = text.encode("cp949")
    assert raw.decode(recognised(raw, country="KR").codec) == text


@pytest.mark.parametrize("raw", [b"PK\x03\x04\xff\xff\x80\x00\xff", b"\xff\xfe\x00\x01\x81"])
def test_what_is_no_text_is_no_text(raw: bytes) -> None:
    with pytest.raises(Unclear) as unclear:
        recognised(raw)
    assert unclear.value.readings == ()


@given(st.binary(max_size=200), st.sampled_from(["CN", "US", "JP", "??"]))
def test_any_bytes_are_read_as_what_they_are_or_refused(raw: bytes, country: str) -> None:
    """What is read can be written again as it was: nothing is replaced or left out."""
    try:
        read = recognised(raw, country=country)
    except Unclear:
        return
    assert (
        "\ufffd" not in raw.decode(read.codec)
        or "\ufffd".encode() in raw
        or b"\x84\x31\xa4\x37" in raw
    )
