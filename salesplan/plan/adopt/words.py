"""The words of heads, titles and totals in planners' own tables, in many languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache, lru_cache

from salesplan.dataclass import dataclass
from salesplan.plan.normalize import bare as without_blanks
from salesplan.plan.normalize import folded, in_one_line


class Role(Enum):
    """What a column of figures says of its KPI."""

    TARGET = "target"
    ACTUAL = "actual"
    RATE = "rate"
    GAP = "gap"
    LAST_YEAR = "last year"
    GROWTH = "growth"
    SHARE = "share"
    AVERAGE = "average"
    FORECAST = "forecast"
    HALF = "half-year"
    TOTAL = "total"
    RUNNING = "running"


READ = (Role.TARGET, Role.ACTUAL)
"""The roles that are read; of the others one is worked out by the engine, or has no place."""

_ROLES: Mapping[Role, str] = {
    Role.RATE: (
        "完成率 达成率 达标率 完成比 完成百分比 达成 % completion attainment achievement% "
        "achieved% achv ach% %ach %achieved %oftarget %toplan percentage 達成率 달성률 "
        "zielerreichung erfüllung erfüllungsgrad erreichung taux réalisation% %réalisation "
        "cumplimiento atingimento выполнение"
    ),
    Role.GAP: (
        "差额 差异 缺口 差距 超欠 variance var diff difference gap delta abweichung differenz "
        "écart diferencia diferença desvio 差異 차이 отклонение scostamento"
    ),
    Role.LAST_YEAR: (
        "去年同期 上年同期 去年 上年 同期 lastyear prioryear previousyear ly py vorjahr n-1 "
        "añoanterior anoanterior 前年 전년 annoprecedente"
    ),
    Role.GROWTH: (
        "同比 环比 增长率 增长 增幅 yoy growth mom wachstum croissance crecimiento crescimento "
        "伸び率 성장률"
    ),
    Role.SHARE: "占比 比重 份额 share mix anteil part% 構成比",
    Role.AVERAGE: "月均 平均 均值 average avg mean durchschnitt moyenne promedio média 平均値",
    Role.FORECAST: (
        "预测 预计 滚动预测 forecast fcst fc outlook prognose prévision pronóstico previsão "
        "見込 見込み 예상 прогноз"
    ),
    Role.HALF: "上半年 下半年 半年 h1 h2 1h 2h half-year halbjahr semestre 上期 下期 полугодие",
    Role.RUNNING: "累计 年初至今 ytd qtd mtd cumulative cum kumuliert cumul acumulado 累計 누계",
    Role.TOTAL: (
        "fytotal yeartotal totalyear annualtotal totalannée totalannuel 年間合計 年間計 "
        "合计 总计 小计 汇总 全年 全年合计 年合计 年度合计 total totals grandtotal subtotal sum "
        "fullyear allyear year annual gesamt summe jahr totale sous-total suma soma 計 合計 "
        "小計 합계 총계 итого всего razem suma celkem"
    ),
    Role.TARGET: (
        "umsatzziel umsatzziele vertriebsziel vertriebsziele absatzziel absatzziele jahresziel "
        "jahresziele monatsziele umsatzplan absatzplan vertriebsplan planumsatz sollumsatz "
        "目标 目标值 目标额 目标数 计划 计划数 计划值 计划额 任务 任务数 任务额 任务量 指标值 "
        "预算 预算数 target targets tgt plan planned budget budgeted quota quotas goal goals "
        "objective ziel ziele soll planwert vorgabe objectif objectifs obj prévu meta metas "
        "objetivo objetivos presupuesto orçamento obiettivo obiettivi 目標 計画 予算 목표 계획 "
        "план цель cel doel"
    ),
    Role.ACTUAL: (
        "istumsatz istabsatz umsatzist "
        "实际 实绩 实际值 实际数 实际额 实际完成 完成 完成数 完成额 完成值 完成情况 达成 达成额 "
        "业绩达成 实现 已完成 actual actuals act achieved achievement result results booked "
        "realised realized ist istwert erreicht réalisé réalisés réalisée réalisées "
        "réel real reales realizado reale consuntivo 実績 実際 실적 факт fakt wykonanie skutečnost"
    ),
}


class Field(Enum):
    """What a column beside the figures says of a row."""

    PERSON = "person"
    GROUP = "group"
    CODE = "code"
    KPI = "kpi"
    PRODUCT = "product"
    CUSTOMER = "customer"
    CHANNEL = "channel"
    DAY = "day"
    YEAR = "year"
    MONTH = "month"
    CURRENCY = "currency"
    ROLE = "role"
    NUMBER = "number"
    REMARK = "remark"
    MEASURE = "measure"
    EMAIL = "email"
    MANAGER = "manager"
    TITLE = "title"


_FIELDS: Mapping[Field, str] = {
    Field.PERSON: (
        "姓名 人员 销售 销售员 销售人员 业务员 业务人员 员工 员工姓名 成员 销售代表 客户经理 "
        "销售姓名 name names rep reps salesrep salesreps salesperson salesman person employee "
        "employeename owner accountmanager accountexecutive ae agent salesagent member seller "
        "consultant salesowner opportunityowner dealowner accountowner leadowner recordowner "
        "商机负责人 商机所有人 客户负责人 销售负责人 业务负责人 跟进人 所有人 归属人 "
        "mitarbeiter verkäufer vertriebler außendienst vendeur commercial "
        "commerciaux nom vendedor vendedora comercial nombre ejecutivo venditore agente 担当者 "
        "担当 氏名 営業担当 이름 담당자 담당 менеджер сотрудник фио handlowiec pracownik"
    ),
    Field.GROUP: (
        "组织 组织单元 组织架构 责任单位 责任中心 经营单位 "
        "部门 团队 小组 组别 组 大区 片区 区域 地区 战区 事业部 分公司 子公司 办事处 城市 省份 "
        "省区 省 国家 机构 单位 门店 店铺 所属部门 所属团队 department dept team teams group "
        "region regions area territory branch office division unit businessunit bu country "
        "countries city state store market abteilung bereich filiale gebiet land équipe région "
        "agence pays service equipo región sucursal zona país tienda equipe região filial "
        "reparto 部署 部門 チーム 支店 地域 拠点 부서 팀 지역 지점 отдел регион филиал страна "
        "команда dział zespół"
    ),
    Field.CODE: (
        "工号 编码 编号 员工编号 人员编码 部门编码 组织编码 代码 code id employeeid empid empno "
        "staffid number no. personalnummer matricule código codice 社員番号 コード 社員コード "
        "部門コード 사번 табельный"
    ),
    Field.KPI: (
        "指标 指标名称 考核指标 项目 科目 kpi kpis metric measure indicator item lineitem "
        "kennzahl indicateur indicador indicatore 指標 項目 지표 показатель wskaźnik"
    ),
    Field.PRODUCT: (
        "产品 产品名称 产品线 品类 品名 产品类别 商品 品牌 型号 规格 系列 product products "
        "productline productname category categories subcategory sku brand model series produkt "
        "produktgruppe warengruppe artikel kategorie produit produits catégorie gamme producto "
        "línea categoría produto categoria prodotto 製品 商品名 品目 제품 상품 товар продукт "
        "категория produkt"
    ),
    Field.CUSTOMER: (
        "客户 客户名称 客户名 customer customers client account accountname kunde kunden "
        "cliente 顧客 得意先 고객 거래처 клиент klient"
    ),
    Field.CHANNEL: (
        "渠道 销售渠道 渠道类型 channel saleschannel kanal canal canale チャネル 채널 канал"
    ),
    Field.DAY: (
        "日期 时间 月份 月 年月 期间 成交日期 签约日期 订单日期 下单日期 回款日期 销售日期 date "
        "day month period orderdate monthoforderdate closedate saledate invoicedate datum monat "
        "zeitraum mois période fecha mes período periodo data mese 日付 年月日 날짜 월 дата "
        "месяц период miesiąc"
    ),
    Field.YEAR: "年份 年度 年 year fiscalyear fy jahr année año ano anno 年度別 연도 год rok",
    Field.CURRENCY: (
        "币种 货币 币别 currency ccy währung devise moneda moeda valuta 通貨 통화 валюта"
    ),
    Field.ROLE: "类别 类型 口径 type kind scenario version planist typ art version",
    Field.NUMBER: "序号 序 行号 排名 名次 # no rank ranking nr nr. lfd.nr 番号 순번",
    Field.MEASURE: "计量单位 uom measureunit unitofmeasure einheit",
    Field.REMARK: (
        "商机名称 机会名称 项目名称 合同名称 订单名称 任务名称 opportunity opportunityname deal "
        "dealname projectname leadname campaignname contractname ordername "
        "备注 说明 描述 note notes remark remarks comment comments bemerkung kommentar "
        "commentaire observaciones 備考 비고 примечание uwagi"
    ),
    Field.EMAIL: "邮箱 邮件 电子邮箱 email e-mail mail emailaddress メール 이메일",
    Field.MANAGER: (
        "负责人 上级 主管 直属上级 经理 manager lead supervisor reportsto teamlead vorgesetzter "
        "responsable 上司"
    ),
    Field.TITLE: "岗位 职位 职务 职级 title jobtitle position role grade",
}

KPI_WORDS: Mapping[str, str] = {
    "flow": (
        "营业收入 营收 收入 销售额 销售收入 销售 业绩 销量 签约额 合同额 合同金额 订单额 "
        "订单金额 订单 订单数 回款 回款额 新客户 新客户数 新增客户 新签客户 拜访量 拜访 毛利 "
        "毛利额 利润 利润额 商机数 台数 数量 金额 成交额 gmv revenue revenues sales netsales "
        "turnover bookings billings orders order units unitssold volume quantity qty amount "
        "value grossprofit profit margin$ newcustomers newclients newlogos calls visits leads "
        "deals collections cash arr mrr pipeline umsatz absatz erlös neukunden ertrag ventas "
        "ingresos facturación unidades venta ca chiffred'affaires chiffredaffaires ventes vente "
        "vendas receita faturamento fatturato vendite ricavi 売上 売上高 受注 粗利 매출 매출액 "
        "수주 выручка продажи sprzedaż przychód tržby omzet"
    ),
    "stock": (
        "在手客户 客户数 应收余额 应收账款 库存 余额 在手订单 人数 编制 activecustomers "
        "customersbase headcount backlog inventory receivables bestand"
    ),
    "ratio": (
        "毛利率 回款率 转化率 转换率 利润率 复购率 续约率 费用率 winrate conversionrate "
        "conversion grossmargin margin% renewalrate retention marge% quote"
    ),
    "average": (
        "客单价 单价 均价 平均单价 averageordervalue aov asp averageprice durchschnittspreis "
        "price unitprice einzelpreis stückpreis prixunitaire preciounitario prezzounitario 単価 "
        "단가 цена"
    ),
}
"""Names of KPIs by kind; what is called otherwise is taken for a flow, and asked about."""

_SALES = [
    "销售",
    "销售额",
    "业绩",
    "金额",
    "成交额",
    "销售金额",
    "业绩额",
    "完成额",
    "sales",
    "amount",
    "value",
    "salesamount",
    "salesvalue",
    "totalsales",
    "umsatz",
    "betrag",
    "ventas",
    "importe",
    "vente",
    "ventes",
    "montant",
    "vendas",
    "valor",
    "vendite",
    "importo",
    "売上",
    "売上高",
    "売上金額",
    "金額",
    "매출",
    "매출액",
    "금액",
    "продажи",
    "сумма",
    "sprzedaż",
    "kwota",
]
"""Names that say no more than how much was sold: beside 营收 they mean it."""
_SOLD = [
    "营业收入",
    "营收",
    "收入",
    "销售收入",
    "签约额",
    "合同额",
    "合同金额",
    "订单额",
    "订单金额",
    "revenue",
    "revenues",
    "turnover",
    "netsales",
    "bookings",
    "billings",
    "gmv",
    "ingresos",
    "facturación",
    "receita",
    "faturamento",
    "fatturato",
    "ricavi",
    "chiffredaffaires",
    "ca",
    "выручка",
    "przychód",
    "omzet",
    "tržby",
    "erlös",
]

COMPANY_WORDS = frozenset(
    [
        "公司",
        "集团",
        "全公司",
        "总公司",
        "本公司",
        "公司合计",
        "公司总计",
        "全国",
        "总部",
        "company",
        "group",
        "corporate",
        "headquarters",
        "hq",
        "global",
        "worldwide",
        "nationwide",
        "national",
        "allregions",
        "allteams",
        "unternehmen",
        "konzern",
        "empresa",
        "société",
        "entreprise",
        "azienda",
        "全社",
        "会社",
        "회사",
        "компания",
        "firma",
    ]
)

_SPENDING = (
    "费用 成本 支出 開支 开支 花费 経費 費用 支払 비용 경비 expense expenses expenditure cost "
    "costs opex spending spend kosten aufwand aufwände ausgaben betriebskosten dépenses charges "
    "coûts gastos costes costos despesas custos spese costi расходы затраты koszty wydatki"
)

_PAY = (
    "提成 佣金 奖金 工资 薪酬 薪资 考勤 排班 休假 人员编制 招聘 培训 采购 生产 賞与 給与 手当 勤怠 "
    "シフト 採用 研修 수당 급여 commission commissions bonus bonuses salary salaries payroll wages "
    "headcount hiring recruiting vacation attendance training procurement purchasing "
    "production provision provisionen provisionsplan bonusplan gehalt gehälter lohn urlaub "
    "urlaubsplan personalplan einkauf einkaufsplan produktionsplan prime primes salaires congés "
    "effectifs comisiones nómina comissões salários provvigioni stipendi премии зарплата prowizje"
)
"""What has plans and figures by month, too, and is no sale."""

_LOST = (
    "丢单 输单 丢失 流失 失败 取消 已取消 作废 无效 退货 退款 失注 キャンセル 返品 취소 lost "
    "closedlost cancelled canceled void refunded returned rejected verloren storniert storno "
    "abgelehnt perdu perdue annulé annulée refusé perdido cancelado anulado perso annullato "
    "отменен проиграно anulowane"
)
"""What a list says of a deal that came to nothing."""

_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")


def bare(text: str) -> str:
    """A word as it is compared: one width, one case, without blanks and the marks around it."""
    return without_blanks(text).strip(":;,-–—|*")


@dataclass(frozen=True, slots=True)
class Said:
    """The roles that a text names, and what else it says."""

    roles: frozenset[Role]
    rest: str


@lru_cache(maxsize=20_000)
def said(text: str) -> Said:
    """The roles in a head, the longest words first: "营收完成率" is a rate of 营收, no actual."""
    rest = folded(text)
    roles: set[Role] = set()
    for pattern, role in _role_patterns():
        found = pattern.search(rest)
        if found is not None:
            roles.add(role)
            rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    if Role.RATE in roles:
        roles.discard(Role.ACTUAL)
        roles.discard(Role.TARGET)
    return Said(frozenset(roles), " ".join(rest.split()).strip(" -–—_/|:·,."))


@cache
def _role_patterns() -> tuple[tuple[re.Pattern[str], Role], ...]:
    words: list[tuple[str, Role]] = []
    for role, text in _ROLES.items():
        words += [(word, role) for word in text.split()]
    words.sort(key=lambda one: -len(one[0]))
    return tuple((_pattern(word), role) for word, role in words)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """The word anywhere in a text; one of Latin letters stands by itself, with blanks or not."""
    if all(ord(sign) < 0x2E80 for sign in word):
        spaced = r"\s*".join(map(re.escape, word))
        start = r"(?<![^\W\d_])" if word[0].isalpha() else ""
        end = r"(?![^\W\d_])" if word[-1].isalpha() else ""
        return re.compile(f"{start}{spaced}{end}")
    return re.compile(re.escape(word))


def speaks_of_spending(text: str) -> bool:
    """Whether a title is about what is spent (费用, Kosten, opex), and about no sales; or about pay
    and people (提成, commission), be it for sales.
    """
    title = folded(text)
    if any(one.search(title) for one in _patterns(_PAY)):
        return True
    return any(one.search(title) for one in _patterns(_SPENDING)) and not kpi_within(text)


@cache
def _patterns(words: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(word) for word in words.split())


def came_to_nothing(text: str) -> bool:
    """Whether a cell says that its row's deal was lost, cancelled or returned."""
    return bare(text) in _lost()


@cache
def _lost() -> frozenset[str]:
    return frozenset(map(bare, _LOST.split()))


def field_of(text: str) -> Field | None:
    """What a head of a column beside the figures says; None where it is none of the words known."""
    known = words_of_fields()
    whole = bare(text)
    return known.get(whole) or known.get(bare(_BRACKETS.sub("", text)))


def field_within(text: str) -> Field | None:
    """The same of a head that only ends with a known word: 所在大区, Sales region."""
    whole = bare(_BRACKETS.sub("", text))
    ends = [word for word in words_of_fields() if len(word) > 1 and whole.endswith(word)]
    return words_of_fields()[max(ends, key=len)] if ends else None


@cache
def words_of_fields() -> Mapping[str, Field]:
    """What each word means that heads a column beside the figures."""
    found: dict[str, Field] = {}
    for field, text in _FIELDS.items():
        for word in text.split():
            found.setdefault(bare(word), field)
    return found


def kpi_kind(text: str) -> str:
    """The kind (flow, stock, ratio, average) of a KPI known by that name; "" for one unknown."""
    name = bare(_BRACKETS.sub("", text))
    return _kpi_names().get(name, "flow" if name in _SALES else "")


def kpi_within(text: str) -> str:
    """The longest name of a KPI within a title, as it is written there; "" for none."""
    title, best = folded(text), ""
    shown = in_one_line(text)
    for word in _kpi_names():
        found = _pattern(word).search(title)
        if found is not None and len(found[0]) > len(best):
            best = shown[found.start() : found.end()] if len(shown) == len(title) else found[0]
    return best


def sales_name(text: str) -> bool | None:
    """Whether a KPI's name says no more than that something is sold (True), or names how that is
    counted (False: 营收, bookings); None for any other KPI.
    """
    name = bare(text)
    if name in _SALES:
        return True
    return False if name in _SOLD else None


@cache
def _kpi_names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for kind, text in KPI_WORDS.items():
        for word in text.split():
            found.setdefault(bare(word), kind)
    return found


_TOTALS = [
    "合计",
    "总计",
    "小计",
    "汇总",
    "总合计",
    "共计",
    "总",
    "累计",
    "total",
    "totals",
    "grandtotal",
    "sub-total",
    "subtotal",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "zwischensumme",
    "total",
    "général",
    "sous-total",
    "somme",
    "suma",
    "subtotaal",
    "totaal",
    "subtotale",
    "totale",
    "soma",
    "計",
    "合計",
    "小計",
    "総計",
    "합계",
    "소계",
    "총계",
    "итого",
    "всего",
    "razem",
    "celkem",
    "overall",
    "all",
    "totalgénéral",
    "totalgeneral",
    "totalgeral",
    "totalegenerale",
    "endsumme",
    "総合計",
    "年間合計",
    "全体計",
]


@lru_cache(maxsize=20_000)
def total_of(text: str) -> str | None:
    """What a row's name is a total of: "" for 合计 alone, 华东 for 华东小计; None: no total."""
    whole = folded(text).strip(" :*-–—()")
    if bare(whole) in _TOTALS:
        return ""
    for word in sorted(_TOTALS, key=len, reverse=True):
        if len(word) < 2 and not word.isascii():
            continue
        latin = word.isascii()
        if whole.endswith((f" {word}", f"-{word}") if latin else word):
            return whole[: -len(word)].strip(" -–—:_")
        if whole.startswith((f"{word} ", f"{word}:", f"{word}-") if latin else word):
            return whole[len(word) :].strip(" -–—:_")
    return None


def is_company(text: str) -> bool:
    """Whether a name means the whole company."""
    return bare(text) in COMPANY_WORDS
