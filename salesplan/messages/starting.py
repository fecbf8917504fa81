"""Messages about a new plan: the list of people that it begins with, and a bundle for a machine
without Python.
"""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

MESSAGES: dict[str, Message] = {
    "roster-nothing": Message(
        _E,
        "“{file}”里没有找到人员名单; 看到的是: {seen}。",
        "“{file}” has no list of people; what is there: {seen}.",
        "名单需要一列姓名, 标题如 姓名; 最好还有 部门、直属上级、邮箱。",
        "A list needs a column of names, with a title such as Name; better also Department, Manager, E-mail.",
    ),
    "roster-is-master": Message(
        _E,
        "“{file}”已经是一份主计划, 不是人员名单。",
        "“{file}” is a plan already, no list of people.",
        "直接用它: salesplan check {file}; 或另给一份人员名单。",
        "Use it as it is: salesplan check {file}; or name a list of people.",
    ),
    "roster-left": Message(
        _N,
        "{name} 在计划年度之前已离职, 没有列入。",
        "{name} left before the plan year and is not taken.",
        "如果不对, 请在名单里改正离职日或状态。",
        "If that is wrong, correct the leaving date or the status in the list.",
    ),
    "roster-no-name": Message(
        _W,
        "这一行没有姓名, 没有列入。",
        "This row has no name and is not taken.",
        "是人员的, 请填写姓名。",
        "If it is a person, enter the name.",
    ),
    "roster-no-person": Message(
        _W,
        "“{text}”没有读作人员, 这一行没有列入。",
        "“{text}” is not read as a person; the row is not taken.",
        "是人员的, 请在这一行填写部门或工号, 姓名照写。",
        "If it is a person, enter a department or a number in the row and write the name in full.",
    ),
    "roster-headings": Message(
        _N,
        "这些单独成行的文字读作团队, 其下的人归入其中: {names}。",
        "These texts, each alone in its row, are read as groups of the people below them: {names}.",
        "其中有人员的, 请在那一行填写部门或工号。",
        "If one of them is a person, enter a department or a number in that row.",
    ),
    "roster-no-group": Message(
        _W,
        "{names} 没有部门, 直接列在公司之下, 与各团队一起分公司的目标。",
        "No department is given for {names}: directly below the company, with a share of its target beside the groups.",
        "负责全公司的, 职位写 总经理 再读一次, 或在组织表把贡献系数填为 0; 其他人填写部门。",
        "Give whoever leads the company the title General manager and read the list again, or enter a coefficient of 0 on the sheet Organization; enter a department for the others.",
    ),
    "roster-twice": Message(
        _W,
        "{name} 在名单里出现两次 (首次在 {first}), 只列入一次。",
        "{name} is in the list twice (first at {first}) and is taken once.",
        "如果是两个人, 请给各自的工号。",
        "If these are two people, give each a number of their own.",
    ),
    "roster-day": Message(
        _W,
        "{name} 的这个日期读不懂, 没有使用。",
        "This day of {name} cannot be read and is not used.",
        "写作 2026-06-30。",
        "Write it as 2026-06-30.",
    ),
    "roster-code-twice": Message(
        _W,
        "工号 {number} 不能用作编码(重复, 或与公司相同); 已另编一个。",
        "The number {number} cannot be a code (it is there twice, or is the company's); another was made.",
        "在组织表里核对编码。",
        "Check the code on the sheet Organization.",
    ),
    "roster-manager-of-several": Message(
        _W,
        "上级“{name}”可能是名单里的几个人, 没有据此分组。",
        "The manager “{name}” may be several people of the list; nothing is read from it.",
        "在名单里写上级的工号或邮箱。",
        "Enter the manager's number or e-mail in the list.",
    ),
    "roster-leaders": Message(
        _N,
        "这些人带团队, 贡献系数填为 0, 自己不分目标: {names}。",
        "These people lead a group; their coefficient is entered as 0, so they get no target of their own: {names}.",
        "自己也背目标的, 在组织表改填系数, 或清空为平均分。",
        "For those who carry a target, enter a coefficient on the sheet Organization, or clear it for an equal share.",
    ),
    "roster-by-heads": Message(
        _N,
        "各团队人数不同, 贡献系数按背目标的人数填写。",
        "Groups differ in size; their coefficients are entered by the people who carry a target.",
        "要按别的比例, 在组织表改系数; 清空则平均分。",
        "For other shares change the coefficients on the sheet Organization; cleared, they are equal.",
    ),
    "bundle-target": Message(
        _E,
        "没有 {platform} 和 Python {python} 的包。",
        "There are no packages for {platform} and Python {python}.",
        "平台如 win_amd64、linux_x86_64、macosx_11_0_arm64; Python 如 3.12。",
        "Platforms are such as win_amd64, linux_x86_64, macosx_11_0_arm64; Python is such as 3.12.",
    ),
    "bundle-no-python": Message(
        _E,
        "“{file}”里没有 Windows 的嵌入式 Python。",
        "“{file}” holds no embeddable Python for Windows.",
        "用 Python 官方的 embeddable package (zip)。",
        "Use the embeddable package (a zip) of Python's own site.",
    ),
    "bundle-python-of-windows": Message(
        _E,
        "嵌入式 Python 只有 Windows 的, 与所选平台不符。",
        "The embeddable Python is for Windows only, and the platform is another.",
        "去掉 --python, 或改用 --platform win_amd64。",
        "Leave out --python, or use --platform win_amd64.",
    ),
    "bundle-python-unsafe": Message(
        _E,
        "“{file}”里有不安全的文件名或过大: {name}。",
        "“{file}” holds an unsafe name, or too much: {name}.",
        "用 Python 官方的 embeddable package (zip)。",
        "Use the embeddable package (a zip) of Python's own site.",
    ),
    "bundle-out": Message(
        _E,
        "“{file}”不能用作输出: 须以 .zip 结尾, 且不能覆盖别的文件。",
        "“{file}” cannot be the output: it must end in .zip and replaces no other file.",
        "换一个 .zip 文件名。",
        "Name another .zip.",
    ),
    "bundle-needs-pip": Message(
        _E,
        "这个 Python 里没有 pip 或 packaging。",
        "This Python has no pip, or no packaging.",
        "运行 python -m ensurepip, 再 python -m pip install packaging。",
        "Run python -m ensurepip, then python -m pip install packaging.",
    ),
    "bundle-download": Message(
        _E,
        "下载不到 {names}: {cause}",
        "{names} cannot be downloaded: {cause}",
        "检查网络和 pip 的设置, 或用 --wheels 指定一个文件夹。",
        "Check the network and pip's settings, or name a folder by --wheels.",
    ),
    "bundle-missing": Message(
        _E,
        "缺少这些包: {names}。",
        "These packages are missing: {names}.",
        "把它们的 wheel 放进该文件夹。",
        "Put their wheels into the folder.",
    ),
}
