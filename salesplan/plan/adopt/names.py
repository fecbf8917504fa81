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
_FAMILY_NAMES = """
佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡部 山本 中村 小林 加藤 吉田 山田 佐々木 山口
松本 井上 木村 林 斎藤 斉藤 齋藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川
前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本
藤原 中野 三浦 原田 中川 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田
酒井 宮崎 横山 高木 安藤 宮本 大野 小島 工藤 谷口 今井 高田 増田 丸山 杉山 村田 大塚
新井 小山 平野 藤本 河野 上野 野口 武田 松井 千葉 岩崎 菅原 木下 久保 佐野 野村 松尾
市川 菊地 菊池 杉本 古川 大西 島田 水野 桜井 高野 渡瀬 吉川 山内 西田 飯田 西川 北村
安田 五十嵐 川口 平田 関 中田 久保田 東 服部 川崎 岩田 土屋 福島 本田 樋口 秋山 田口
永井 山中 中西 吉村 川上 石原 大橋 松岡 馬場 浜田 森本 星野 矢野 浅野 大島 吉岡 小池
荒木 野田 熊谷 松浦 大谷 内藤 黒田 尾崎 永田 川村 望月 松村 田辺 荒井 平井 堀 大久保
早川
"""
_JAPANESE = frozenset(_FAMILY_NAMES.split())
_KOREAN = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민"
)
_EASTERN = "[\u3041-\u30ff\u3400-\u9fff々〆ヶ]"
_PARTED = re.compile(rf"({_EASTERN}{{1,4}}) ({_EASTERN}{{1,5}})")
"""A family name and a given name: 吉田 浩二, 张 伟."""
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
    """Whether most are Chinese, Japanese or Korean names, which are told by their surnames; "Office
    Supplies" looks like a name of the West, too.
    """
    told = [one for one in texts if one]
    return names_in(told) and 3 * sum(map(_has_surname, told)) >= 2 * len(told)


def groups_in(texts: Sequence[str]) -> bool:
    """Whether most of the texts are names of teams, regions, branches or countries."""
    told = [one for one in texts if one]
    return bool(told) and 3 * sum(map(_is_group, told)) >= 2 * len(told)


def _is_person(text: str) -> bool:
    if _is_group(text):
        return False
    if _has_surname(text) or _PARTED.fullmatch(" ".join(text.split())):
        return True
    return _WESTERN.fullmatch(text) is not None and not any(sign.isdigit() for sign in text)


def _has_surname(text: str) -> bool:
    """Whether a text begins with a family name of East Asia, and is as long as a name is."""
    parted = _PARTED.fullmatch(" ".join(text.split()))
    if parted is not None:
        return parted[1] in _JAPANESE or parted[1] in _SURNAMES
    if 2 <= len(text) <= 4 and all("가" <= sign <= "힣" for sign in text):
        return text[0] in _KOREAN and len(text) == 3
    if not all("\u3400" <= sign <= "\u9fff" or sign == "々" for sign in text):
        return False
    if 2 <= len(text) <= 3 and text[0] in _SURNAMES:
        return True
    family = next((text[:size] for size in (3, 2) if text[:size] in _JAPANESE), "")
    return 1 <= len(text) - len(family) <= 3 and bool(family)


def _is_group(text: str) -> bool:
    folded = " ".join(text.casefold().split())
    if folded in _COUNTRIES or folded in _COUNTRY_PAIRS:
        return True
    if text.isascii():
        words = folded.replace("-", " ").split()
        return bool(words) and (words[-1] in _GROUP_ENDS or words[0] in _GROUP_ENDS)
    return any(folded.endswith(end) and len(folded) > len(end) for end in _GROUP_ENDS)
