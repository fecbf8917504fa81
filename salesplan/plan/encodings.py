"""The text of a file that does not say in which encoding it is written.

UTF-8 tells itself, and a byte order mark does. Of the others several decode the same bytes without
an error: ``Müller`` in Windows-1252 is ``M黮ler`` in GBK. So each candidate is judged by what it
would make of the file: real text holds the common characters of its script. The best one is
taken where it is clearly the best, or nearly so and the usual one of the plan's country; else
nothing is taken, and the readings are shown to choose from. Rarer encodings are recognised by
charset-normalizer, where the file is long enough to tell.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable

from salesplan.dataclass import dataclass

NAMES = {
    "utf_8": "UTF-8",
    "utf_8_sig": "UTF-8",
    "utf_16": "UTF-16",
    "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16",
    "utf_32": "UTF-32",
    "gb18030": "GBK (GB18030)",
    "gbk": "GBK",
    "gb2312": "GB2312",
    "cp950": "Big5",
    "big5": "Big5",
    "big5hkscs": "Big5-HKSCS",
    "cp932": "Shift-JIS",
    "shift_jis": "Shift-JIS",
    "cp949": "EUC-KR",
    "euc_kr": "EUC-KR",
    "cp1252": "Windows-1252",
    "cp1251": "Windows-1251",
    "cp1250": "Windows-1250",
    "latin_1": "ISO-8859-1",
    "iso8859_1": "ISO-8859-1",
}
"""What people call a codec."""

USUAL = {
    "CN": "gb18030",
    "SG": "gb18030",
    "TW": "cp950",
    "HK": "cp950",
    "MO": "cp950",
    "JP": "cp932",
    "KR": "cp949",
}
"""What a spreadsheet program of that country writes; of every other one Windows-1252."""

LEAST, CLEAR, NEAR = 0.5, 0.25, 0.05
"""A reading is taken from this score on, where it is so far ahead; the country's usual one where
none is ahead of it by so much.
"""

WHOLE = 0.8
"""The least score of a reading by single letters, and of Korean: their letters are common ones
throughout.
"""

ENOUGH = 64
"""Letters beyond ASCII that the library needs to tell a rarer encoding."""

COHERENT = 30
"""Per cent of coherence from which the library's answer is taken; a wrong one has hardly any."""

_MARKS = (
    (codecs.BOM_UTF8, "utf_8_sig"),
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
_HIGH = re.compile(r"[^\x00-\x7f]+")
_PIECE = 1 << 20
_SAMPLE = 20_000
"""Characters beyond ASCII that are looked at."""


@dataclass(frozen=True, slots=True)
class Read:
    """How a file's text is read: a codec, and what people call it.

    ``sure`` is False where the encoding was recognised by what the text looks like; ``sample`` is a
    word of it then, for a person to see whether it was right.
    """

    codec: str
    encoding: str
    sure: bool = True
    sample: str = ""


class Unclear(Exception):  # noqa: N818
    """No encoding is clearly the right one. ``readings``: by encoding, what a word of the file
    would be.
    """

    def __init__(self, readings: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(readings)
        self.readings = readings


def recognised(raw: bytes, asked: str = "", country: str = "CN") -> Read:
    """How a file's bytes are read, in the encoding ``asked`` for, else in the one recognised.

    Raises UnicodeDecodeError or LookupError where it is not in the encoding asked for, and
    :class:`Unclear` where none is clearly right.
    """
    if asked:
        _decode(raw, asked)
        marked = codecs.lookup(asked).name == "utf-8" and raw.startswith(codecs.BOM_UTF8)
        return Read("utf_8_sig" if marked else asked, name_of(asked))
    for mark, codec in _MARKS:
        if raw.startswith(mark):
            return _marked(raw, codec)
    try:
        _decode(raw, "utf-8")
        return Read("utf-8", "UTF-8")
    except UnicodeDecodeError:
        pass
    if b"\x00" in raw:
        raise Unclear
    scored = sorted(_scores(raw), reverse=True)
    found = _best(scored, USUAL.get(country.upper(), "cp1252")) or _by_library(raw, scored)
    if found is None:
        raise Unclear(tuple((name_of(one), _sample(text)) for _, one, text in scored[:3]))
    return Read(found, name_of(found), False, _sample(raw.decode(found)))


def name_of(codec: str) -> str:
    """What people call an encoding. Raises LookupError for none that is known."""
    known = codecs.lookup(codec).name.replace("-", "_")
    return NAMES.get(known, NAMES.get(codec.lower().replace("-", "_"), known.upper()))


def _decode(raw: bytes, codec: str) -> None:
    """Raise UnicodeDecodeError where the bytes are no text in that encoding; the text of a long
    file is never held whole.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    piece = memoryview(raw)
    try:
        for start in range(0, len(raw), _PIECE):
            decoder.decode(piece[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raw.decode(codec)
        raise


def _marked(raw: bytes, codec: str) -> Read:
    try:
        _decode(raw, codec)
        return Read(codec, name_of(codec))
    except UnicodeDecodeError as error:
        raise Unclear from error


def _best(scored: list[tuple[float, str, str]], usual: str) -> str | None:
    """The codec that is clearly the best, or the country's usual one where it is about as good as
    the best.
    """
    if not scored or scored[0][0] < LEAST:
        return None
    best, codec, _ = scored[0]
    home = next((score for score, one, _ in scored if one == usual), 0.0)
    if home >= LEAST and home >= best - NEAR and _is_alone(scored, home, usual):
        return usual
    second = scored[1][0] if len(scored) > 1 else 0.0
    return codec if best - second >= CLEAR else None


def _is_alone(scored: list[tuple[float, str, str]], home: float, usual: str) -> bool:
    """Whether no other reading is better, or made of the frequent syllables of Korean, which chance
    does not bring about.
    """
    return not any(
        score > max(home, 0.95) or (codec == "cp949" and score >= WHOLE)
        for score, codec, _ in scored
        if codec != usual
    )


def _by_library(raw: bytes, scored: list[tuple[float, str, str]]) -> str | None:
    """What charset-normalizer makes of a file that none of the usual encodings fits."""
    if (scored and scored[0][0] >= LEAST) or sum(byte > 127 for byte in raw) < ENOUGH:
        return None
    from charset_normalizer import from_bytes

    found = from_bytes(raw).best()
    return None if found is None or found.percent_coherence < COHERENT else found.encoding


def _scores(raw: bytes) -> Iterable[tuple[float, str, str]]:
    """(score, codec, text) of each usual encoding in which the bytes can be read; a score is
    between 0 and 1.
    """
    for codec, weigh in _WEIGHTS.items():
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        yield weigh(text), codec, text


def _sample(text: str) -> str:
    """The first words with a letter beyond ASCII, as a person would look at them."""
    return ", ".join(dict.fromkeys(one.strip(' ,;"\t') for one in _words(text)))


def _words(text: str) -> Iterable[str]:
    """Three fields by which a person can tell: such with letters beyond ASCII, else with signs."""
    fields = [field.strip() for field in re.split(r"[,;\t\r\n\"]", text) if _HIGH.search(field)]
    telling = []
    for one in fields:
        if any(sign.isalpha() and sign > "\x7f" for sign in one):
            telling.append(one)
    return (telling or fields)[:3]


def _mean(weights: Iterable[float]) -> float:
    known = list(weights)[:_SAMPLE]
    return sum(known) / len(known) if known else 0.0


def _high(text: str) -> str:
    return "".join(_HIGH.findall(text[: _SAMPLE * 20]))


def _double(codec: str, weight: Callable[[int, int], float]) -> Callable[[str], float]:
    """How common the characters of a two-byte encoding are, by the rows of its table: common ones
    stand first.
    """

    def score(text: str) -> float:
        return _mean(_of(letter) for letter in _high(text))

    def _of(letter: str) -> float:
        pair = letter.encode(codec, "replace")
        return weight(pair[0], pair[1]) if len(pair) == 2 else 0.2

    return score


def _simplified(lead: int, trail: int) -> float:
    """GB2312: signs, 3,755 common characters, 3,008 rarer ones; what only GBK has is rare."""
    if trail < 0xA1 or lead < 0xA1:
        return 0.2
    if lead <= 0xD7:
        return 1.0
    if lead <= 0xF7:
        return 0.8
    return 0.2


def _traditional(lead: int, trail: int) -> float:
    """Big5: signs, 5,401 common characters, 7,652 rarer ones."""
    if not (0x40 <= trail <= 0x7E or trail >= 0xA1):
        return 0.0
    if 0xA1 <= lead <= 0xC6:
        return 1.0
    if 0xC9 <= lead <= 0xF9:
        return 0.5
    return 0.0


def _big5(text: str) -> float:
    """Two in five characters of Big5 end in a byte of ASCII; text without any such is that of
    another encoding.
    """
    score = _double("cp950", _traditional)(text)
    letters = _high(text)
    low = any(
        len(pair := letter.encode("cp950", "replace")) == 2 and pair[1] < 0x80 for letter in letters
    )
    return score if low or len(letters) < _FEW else score / 2


_FEW = 8
"""Letters from which on chance hardly leaves out what two in five of them have."""


def _japanese(lead: int, _trail: int) -> float:
    """JIS X 0208: signs and kana, 2,965 common characters, 3,390 rarer ones."""
    return 1.0 if 0x81 <= lead <= 0x97 else 0.4


_COMMON_HANGUL = frozenset(
    "가각간감강개거건검게겨결경계고공과관광교구국군권그근글금급기김나난남내너네노농는능니다단달담당대덕도독동두드들등라락란래략량러레려력련령로록료루류르른를름리린림마만말매머메명모목무문물미민바박반발방배백번법변별병보복본부북분비사산삼상새생서석선설성세소속송수숙술스승시식신실심아악안알애액야약양어언업에여역연열영예오온와완왕외요용우운울원월위유육윤으은을음의이인일임입자작장재저적전절점정제조종주준중지직진질집차착참창채책처천철청체초총최추출충치카커코크키타탁태터테토통투트특티파판팔페평포표품프피하학한할함합항해행향허험현형호홍화확환활회효후훈희히점원"
)


def _korean(text: str) -> float:
    """Korean is known by its frequent syllables: what is another script fills the table evenly."""
    return _mean(map(_as_hangul, _high(text)))


def _as_hangul(letter: str) -> float:
    if letter in _COMMON_HANGUL:
        return 1.0
    return 0.2 if "가" <= letter <= "힣" else 0.0


_WESTERN = frozenset("ŠŽšžŸŒœ°§€£«»“”‘’–—…®©™·\u00a0¡¿ºª") | frozenset(
    chr(code) for code in range(0xC0, 0x100) if chr(code) not in "×÷"
)


_BETWEEN = frozenset("“”‘’–—·\u00a0")
"""Signs that can stand between two letters."""


def _western(text: str) -> float:
    """Accented letters stand alone among plain ones: four in a row are no word of any language."""
    head = f" {text[: _SAMPLE * 20]} "
    weights: list[float] = []
    for run in _HIGH.finditer(head):
        for at in range(run.start(), run.end()):
            fits = _fits(head[at], head[at - 1], head[at + 1])
            weights.append(fits if len(run[0]) <= 2 else 0.0)
    score = _mean(weights)
    return score if score >= WHOLE else score / 2


def _fits(letter: str, before: str, after: str) -> float:
    """Whether a letter beyond ASCII can stand between these two: no £ and no capital inside a
    word.
    """
    if letter not in _WESTERN:
        return 0.0
    if not letter.isalpha():
        inside = before.isalpha() and after.isalpha()
        paid = letter in "£€" and (before.isalpha() or after.isalpha())
        return 0.0 if paid or (inside and letter not in _BETWEEN) else 1.0
    if letter.isupper() and (before.islower() or (before.isalpha() and after.islower())):
        return 0.0
    in_word = (before + after).isascii() or not (before.isalpha() and after.isalpha())
    return 1.0 if in_word else 0.7


_WEIGHTS: dict[str, Callable[[str], float]] = {
    "gb18030": _double("gb18030", _simplified),
    "cp950": _big5,
    "cp932": _double("cp932", _japanese),
    "cp949": _korean,
    "cp1252": _western,
}
