"""What planners of five countries write: names, teams, heads, units, notes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One language's words; ``scale`` is what a figure under ``unit_note`` counts."""

    code: str
    people: tuple[str, ...]
    teams: tuple[str, ...]
    products: tuple[str, ...]
    months: tuple[str, ...]
    long_months: tuple[str, ...]
    team: str
    person: str
    product: str
    customer: str
    date: str
    target: str
    actual: str
    rate: str
    gap: str
    total: str
    subtotal: str
    grand: str
    year_total: str
    kpi: str
    kpis: tuple[str, ...]
    amount: str
    remark: str
    item: str
    company: str
    target_title: str
    plan_title: str
    actual_title: str
    list_title: str
    unit_note: str
    scale: int
    big: tuple[int, int]
    notes: tuple[str, ...]
    preamble: tuple[str, ...]
    contacts: tuple[tuple[str, ...], ...]
    prices: tuple[tuple[str, ...], ...]
    expenses: tuple[str, ...]
    expense_title: str
    code_word: str
    pending: str

    @property
    def indent_mark(self) -> str:
        """What this country's typists put before a name that stands below another."""
        return "　" if self.code in ("zh", "ja") else "   "


# fmt: off
ZH = Words(
    code="zh",
    people=("张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆", "赵磊", "黄敏", "周杰", "吴倩", "徐强", "孙丽", "马超", "朱琳", "胡军", "林晓东", "郭雪梅", "何志远"),
    teams=("华东大区", "华南大区", "华北大区", "西南大区"),
    products=("净水器", "空气净化器", "耗材", "服务合同"),
    months=tuple(f"{m}月" for m in range(1, 13)),
    long_months=("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"),
    team="大区", person="业务员", product="产品", customer="客户名称", date="日期",
    target="目标", actual="实际", rate="完成率", gap="差额",
    total="合计", subtotal="小计", grand="总计", year_total="全年合计",
    kpi="指标", kpis=("销售额(万元)", "回款额(万元)", "新增客户数(家)"), amount="销售金额(元)", remark="备注", item="项目",
    company="苏州清源环境科技有限公司",
    target_title="{y}年度销售目标分解表", plan_title="{y}年销售目标与完成情况", actual_title="{y}年实际销售额", list_title="{y}年销售明细",
    unit_note="单位：万元", scale=10_000, big=(12, 96),
    notes=("备注：1. 本表目标为含税销售额。", "2. 春节所在月份目标已下调。", "3. 如有疑问请联系销售管理部。"),
    preamble=("编制部门：销售管理部", "编制人：赵敏", "审核：王总", "版本：V2.1（董事会审定稿）", "编制日期：2025-12-18"),
    contacts=(("姓名", "分机", "手机", "座位"), ("张伟", "8021", "13800001111", "A-12"), ("王芳", "8022", "13800002222", "A-13"), ("李娜", "8035", "13800003333", "B-02")),
    prices=(("型号", "规格", "出厂价(元)", "建议零售价(元)"), ("JS-100", "台式", "860", "1299"), ("JS-200", "立式", "1420", "1999"), ("KJ-50", "桌面", "560", "899")),
    expenses=("差旅费", "招待费", "办公费", "车辆费"), expense_title="{y}年费用预算表", code_word="编码", pending="待定",
)

EN = Words(
    code="en",
    people=("Sarah Miller", "John Davis", "Emily Clark", "Tom Baker", "Priya Patel", "Mike O'Brien", "Laura Chen", "David Kim", "Anna Novak", "Chris Evans", "Rachel Green", "Omar Haddad", "Julia Ross", "Ben Carter", "Nina Shah", "Paul Stone", "Grace Lee", "Victor Cruz"),
    teams=("Northeast", "Southeast", "Midwest", "West"),
    products=("Starter", "Professional", "Enterprise", "Add-ons"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    long_months=("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
    team="Region", person="Sales Rep", product="Product", customer="Customer", date="Date",
    target="Target", actual="Actual", rate="% Attainment", gap="Variance",
    total="Total", subtotal="Subtotal", grand="Grand Total", year_total="FY Total",
    kpi="Metric", kpis=("Revenue", "Collections", "New customers"), amount="Amount (USD)", remark="Comments", item="Item",
    company="Brightwater Systems Inc.",
    target_title="Sales Targets {y}", plan_title="Sales Quota vs. Actual {y}", actual_title="Actual Sales {y}", list_title="Sales ledger {y}",
    unit_note="Figures in USD k", scale=1_000, big=(35, 240),
    notes=("Notes: quotas are gross bookings, net of returns.", "Sign-off pending from Finance for H2.", "Questions: sales.ops@brightwater.example"),
    preamble=("Prepared by: Sales Operations", "Owner: K. Whitfield", "Approved: VP Sales", "Version 3 (final)", "Last updated: 12/18/2025"),
    contacts=(("Name", "Extension", "Mobile", "Desk"), ("Sarah Miller", "4021", "617-555-0134", "3F-12"), ("John Davis", "4022", "617-555-0167", "3F-14"), ("Emily Clark", "4035", "617-555-0190", "2F-02")),
    prices=(("SKU", "Edition", "List price", "Floor price"), ("BW-10", "Starter", "49", "39"), ("BW-20", "Professional", "149", "119"), ("BW-30", "Enterprise", "499", "399")),
    expenses=("Travel", "Entertainment", "Office supplies", "Vehicles"), expense_title="Operating expense budget {y}", code_word="Code", pending="TBD",
)

DE = Words(
    code="de",
    people=("Thomas Müller", "Sabine Schmidt", "Michael Weber", "Andrea Fischer", "Stefan Wagner", "Claudia Becker", "Jürgen Hoffmann", "Petra Schäfer", "Markus Koch", "Heike Bauer", "Frank Richter", "Monika Klein", "Uwe Wolf", "Birgit Neumann", "Ralf Schwarz", "Silke Braun", "Dirk Krüger", "Anke Vogel"),
    teams=("Nord", "Süd", "Ost", "West"),
    products=("Pumpen", "Ventile", "Ersatzteile", "Wartung"),
    months=("Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    long_months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
    team="Region", person="Verkäufer", product="Produkt", customer="Kunde", date="Datum",
    target="Soll", actual="Ist", rate="Zielerreichung %", gap="Abweichung",
    total="Summe", subtotal="Zwischensumme", grand="Gesamtsumme", year_total="Gesamt",
    kpi="Kennzahl", kpis=("Umsatz", "Zahlungseingang", "Neukunden"), amount="Betrag (EUR)", remark="Bemerkung", item="Position",
    company="Rheintal Pumpentechnik GmbH",
    target_title="Umsatzziele {y}", plan_title="Umsatz Soll/Ist {y}", actual_title="Ist-Umsatz {y}", list_title="Umsatzliste {y}",
    unit_note="Angaben in T€", scale=1_000, big=(28, 190),
    notes=("Hinweis: Werte ohne Mehrwertsteuer.", "Stand der Planung: Beirat vom 12.12.2025", "Rückfragen an das Vertriebscontrolling."),
    preamble=("Ersteller: Vertriebscontrolling", "Verantwortlich: Dr. Lange", "Freigabe: Geschäftsführung", "Version 1.4", "Stand: 18.12.2025"),
    contacts=(("Name", "Durchwahl", "Mobil", "Raum"), ("Thomas Müller", "121", "0171 555123", "E.12"), ("Sabine Schmidt", "122", "0171 555124", "E.13"), ("Michael Weber", "135", "0171 555125", "1.02")),
    prices=(("Artikel", "Ausführung", "Listenpreis", "Mindestpreis"), ("P-100", "Standard", "890", "790"), ("P-200", "Edelstahl", "1490", "1290"), ("V-50", "Messing", "85", "72")),
    expenses=("Reisekosten", "Bewirtung", "Büromaterial", "Fahrzeuge"), expense_title="Kostenbudget {y}", code_word="Nr.", pending="offen",
)

JA = Words(
    code="ja",
    people=("佐藤 健", "鈴木 美咲", "高橋 翔太", "田中 陽子", "伊藤 大輔", "渡辺 直美", "山本 拓也", "中村 恵", "小林 誠", "加藤 由美", "吉田 浩二", "山田 花子", "松本 亮", "井上 真理", "木村 聡", "林 香織", "清水 隆", "森 千尋"),
    teams=("東日本営業部", "西日本営業部", "首都圏営業部", "九州営業部"),
    products=("複合機", "消耗品", "保守", "ソフトウェア"),
    months=tuple(f"{m}月" for m in range(1, 13)),
    long_months=tuple(f"{m}月" for m in range(1, 13)),
    team="部署", person="担当者", product="商品", customer="得意先", date="日付",
    target="目標", actual="実績", rate="達成率", gap="差異",
    total="合計", subtotal="小計", grand="総合計", year_total="年間合計",
    kpi="指標", kpis=("売上高", "回収額", "新規顧客数"), amount="売上金額(円)", remark="備考", item="項目",
    company="株式会社みなと事務機",
    target_title="{y}年 売上目標", plan_title="{y}年 売上目標・実績管理表", actual_title="{y}年 売上実績", list_title="{y}年 売上明細",
    unit_note="単位：千円", scale=1_000, big=(800, 6_400),
    notes=("※ 目標は税抜金額です。", "※ 8月は夏季休業を考慮しています。", "※ お問い合わせは営業企画部まで。"),
    preamble=("作成部署：営業企画部", "作成者：中島", "承認：営業本部長", "第2版", "作成日：2025年12月18日"),
    contacts=(("氏名", "内線", "携帯", "座席"), ("佐藤 健", "2101", "090-1111-2222", "3F-A"), ("鈴木 美咲", "2102", "090-1111-3333", "3F-B"), ("高橋 翔太", "2103", "090-1111-4444", "3F-C")),
    prices=(("型番", "種別", "仕切価格", "標準価格"), ("MX-100", "モノクロ", "198000", "298000"), ("MX-200", "カラー", "348000", "498000"), ("TN-10", "トナー", "9800", "14800")),
    expenses=("旅費交通費", "交際費", "消耗品費", "車両費"), expense_title="{y}年 経費予算", code_word="コード", pending="未定",
)

FR = Words(
    code="fr",
    people=("Camille Martin", "Julien Bernard", "Sophie Dubois", "Nicolas Petit", "Claire Durand", "Antoine Leroy", "Émilie Moreau", "Thomas Simon", "Chloé Laurent", "Mathieu Lefebvre", "Hélène Michel", "Romain Garcia", "Léa David", "Vincent Bertrand", "Manon Roux", "François Vincent", "Aurélie Fournier", "Benoît Morel"),
    teams=("Nord", "Sud-Ouest", "Île-de-France", "Rhône-Alpes"),
    products=("Machines", "Pièces", "Contrats", "Formation"),
    months=("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    long_months=("Janvier", "Février", "Mars", "Avril", "Mai", "Juin", "Juillet", "Août", "Septembre", "Octobre", "Novembre", "Décembre"),
    team="Région", person="Commercial", product="Produit", customer="Client", date="Date",
    target="Objectif", actual="Réalisé", rate="% réalisation", gap="Écart",
    total="Total", subtotal="Sous-total", grand="Total général", year_total="Total année",
    kpi="Indicateur", kpis=("Chiffre d'affaires", "Encaissements", "Nouveaux clients"), amount="Montant (EUR)", remark="Remarques", item="Poste",
    company="Outillage du Rhône SAS",
    target_title="Objectifs de vente {y}", plan_title="Ventes : objectif et réalisé {y}", actual_title="Ventes réalisées {y}", list_title="Liste des ventes {y}",
    unit_note="Montants en k€", scale=1_000, big=(28, 190),
    notes=("Remarque : montants hors taxes.", "Objectifs validés par le comité du 12/12/2025", "Questions : direction commerciale."),
    preamble=("Rédigé par : administration des ventes", "Responsable : M. Lambert", "Validé : direction générale", "Version 3", "Mis à jour : 18/12/2025"),
    contacts=(("Nom", "Poste tél.", "Mobile", "Bureau"), ("Camille Martin", "121", "06 12 34 56 78", "E.12"), ("Julien Bernard", "122", "06 12 34 56 79", "E.13"), ("Sophie Dubois", "135", "06 12 34 56 80", "1.02")),
    prices=(("Référence", "Modèle", "Prix catalogue", "Prix plancher"), ("M-100", "Standard", "890", "790"), ("M-200", "Inox", "1490", "1290"), ("V-50", "Laiton", "85", "72")),
    expenses=("Déplacements", "Réceptions", "Fournitures", "Véhicules"), expense_title="Budget de dépenses {y}", code_word="Code", pending="à définir",
)
# fmt: on


LANGUAGES = {words.code: words for words in (ZH, EN, DE, JA, FR)}
