"""Whether texts are names of people, or of teams, regions and branches."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢"
    "安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路"
    "游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全"
    "佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_GROUP_ENDS = [
    "部",
    "区",
    "队",
    "组",
    "公司",
    "中心",
    "店",
    "省",
    "市",
    "处",
    "片区",
    "战区",
    "事业部",
    "分部",
    "团队",
    "办",
    "办事处",
    "线",
    "大区",
    "国",
    "州",
    "team",
    "region",
    "branch",
    "office",
    "area",
    "district",
    "division",
    "department",
    "unit",
    "group",
    "store",
    "territory",
    "zone",
    "north",
    "south",
    "east",
    "west",
    "central",
    "emea",
    "apac",
    "amer",
    "americas",
    "europe",
    "asia",
    "nord",
    "sud",
    "süd",
    "ost",
    "norte",
    "sur",
    "este",
    "oeste",
    "centro",
]
_COUNTRIES = frozenset(
    [
        "china",
        "usa",
        "us",
        "uk",
        "germany",
        "france",
        "italy",
        "spain",
        "japan",
        "korea",
        "india",
        "brazil",
        "canada",
        "mexico",
        "australia",
        "argentina",
        "chile",
        "colombia",
        "columbia",
        "peru",
        "panama",
        "netherlands",
        "belgium",
        "poland",
        "russia",
        "sweden",
        "norway",
        "denmark",
        "finland",
        "austria",
        "switzerland",
        "portugal",
        "ireland",
        "turkey",
        "egypt",
        "singapore",
        "malaysia",
        "thailand",
        "vietnam",
        "indonesia",
        "philippines",
        "deutschland",
        "frankreich",
        "italien",
        "spanien",
        "österreich",
        "schweiz",
        "france",
        "espagne",
        "allemagne",
        "italie",
        "belgique",
        "suisse",
        "españa",
        "alemania",
        "francia",
        "brasil",
        "méxico",
        "portugal",
        "中国",
        "美国",
        "日本",
        "韩国",
        "德国",
        "法国",
        "英国",
        "印度",
        "加拿大",
        "巴西",
        "越南",
        "泰国",
        "新加坡",
        "华东",
        "华南",
        "华北",
        "华中",
        "西南",
        "西北",
        "东北",
        "北方",
        "南方",
        "東日本",
        "西日本",
        "関東",
        "関西",
        "北海道",
        "九州",
        "東北",
        "中部",
        "中国",
        "四国",
    ]
)
_COUNTRY_PAIRS = frozenset(
    {"united states", "united kingdom", "south korea", "new zealand", "south africa", "hong kong"}
)
_WESTERN = re.compile(
    r"[A-ZÀ-ÞА-Я][\w'’.-]*(?:\s+(?:de|da|van|von|der|del|di|la|le))*\s+[A-ZÀ-ÞА-Я][\w'’.-]*(?:\s+[A-ZÀ-ÞА-Я][\w'’.-]*)?"
)


def names_in(texts: Sequence[str]) -> bool:
    """Whether most of the texts are names of people."""
    told = [one for one in texts if one]
    return bool(told) and 3 * sum(map(_is_person, told)) >= 2 * len(told)


def surnames_in(texts: Sequence[str]) -> bool:
    """Whether most are Chinese names, which are told by their surnames; "Office Supplies" looks
    like a name of the West, too.
    """
    told = [one for one in texts if one]
    return names_in(told) and 3 * sum("\u4e00" <= one[0] <= "\u9fff" for one in told) >= 2 * len(
        told
    )


def groups_in(texts: Sequence[str]) -> bool:
    """Whether most of the texts are names of teams, regions, branches or countries."""
    told = [one for one in texts if one]
    return bool(told) and 3 * sum(map(_is_group, told)) >= 2 * len(told)


def _is_person(text: str) -> bool:
    if _is_group(text):
        return False
    if 2 <= len(text) <= 3 and all("\u4e00" <= sign <= "\u9fff" for sign in text):
        return text[0] in _SURNAMES
    return _WESTERN.fullmatch(text) is not None and not any(sign.isdigit() for sign in text)


def _is_group(text: str) -> bool:
    folded = " ".join(text.casefold().split())
    if folded in _COUNTRIES or folded in _COUNTRY_PAIRS:
        return True
    if text.isascii():
        words = folded.replace("-", " ").split()
        return bool(words) and (words[-1] in _GROUP_ENDS or words[0] in _GROUP_ENDS)
    return any(folded.endswith(end) and len(folded) > len(end) for end in _GROUP_ENDS)
