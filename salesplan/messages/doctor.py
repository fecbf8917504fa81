"""What ``doctor`` says. A note without a fix is a line that is in order."""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

MESSAGES: dict[str, Message] = {
    "doctor-python": Message(N, "Python {version}: {path}", "Python {version}: {path}"),
    "doctor-python-old": Message(
        E,
        "Python {version} 太旧, 需要 {needed} 或更新版本。",
        "Python {version} is too old; {needed} or newer is required.",
        "安装新版 Python, 再重新安装 salesplan。",
        "Install a newer Python, and salesplan again with it.",
    ),
    "doctor-packages": Message(
        N,
        "salesplan {version}, 依赖包齐全: {packages}",
        "salesplan {version}, with every package it needs: {packages}",
    ),
    "doctor-package-missing": Message(
        E,
        "缺少依赖包 {name} (需要 {needed})。",
        "The package {name} is missing ({needed} required).",
        "在同一环境中重新运行安装 salesplan 的命令。",
        "Run the command that installed salesplan again, in the same environment.",
    ),
    "doctor-package-old": Message(
        E,
        "依赖包 {name} 是 {version}, 需要 {needed}。",
        "The package {name} is version {version}; {needed} is required.",
        '运行 pip install --upgrade "{name}{needed}"。',
        'Run pip install --upgrade "{name}{needed}".',
    ),
    "doctor-not-installed": Message(
        W,
        "salesplan 没有作为软件包安装, 无法核对依赖包的版本。",
        "salesplan is not installed as a package, so its dependencies cannot be checked.",
        "按 README 的安装命令安装。",
        "Install it as described in the README.",
    ),
    "doctor-program": Message(N, "找到 {program}: {path}", "{program} found: {path}"),
    "doctor-program-missing": Message(
        W,
        "没有找到 Excel 或 LibreOffice。",
        "Neither Excel nor LibreOffice was found.",
        "用 WPS 等其他程序也可以: 运行 salesplan watch FILE; 需要 --recalc-with 时请安装 LibreOffice。",
        "Other programs such as WPS work with salesplan watch FILE; --recalc-with needs LibreOffice.",
    ),
    "doctor-addin": Message(N, "Excel 加载项 {version}: {path}", "Excel add-in {version}: {path}"),
    "doctor-addin-elsewhere": Message(
        N,
        "这个系统 ({system}) 上没有桌面版 Excel, 不需要加载项。",
        "There is no desktop Excel on this system ({system}); no add-in is needed.",
    ),
    "doctor-folder": Message(N, "可以写入: {folder}", "Writable: {folder}"),
    "doctor-folder-refused": Message(
        E,
        "不能写入 {folder}: {cause}。",
        "{folder} cannot be written to: {cause}.",
        "换一个文件夹, 或向管理员要权限; 写到别处可用 -o。",
        "Use another folder or ask for the right to write there; -o writes elsewhere.",
    ),
    "doctor-console": Message(
        N,
        "终端编码 {encoding}, 中文和符号都能显示",
        "The terminal's encoding {encoding} can show everything",
    ),
    "doctor-console-poor": Message(
        W,
        "终端编码 {encoding} 显示不了中文, 会出现问号。",
        "The terminal's encoding {encoding} cannot show Chinese; question marks appear instead.",
        "设置环境变量 PYTHONUTF8=1; Windows 可先运行 chcp 65001。",
        "Set the environment variable PYTHONUTF8=1; on Windows, run chcp 65001 first.",
    ),
    "doctor-settings": Message(N, "程序设置: {file}", "Program settings: {file}"),
    "doctor-settings-default": Message(
        N,
        "程序设置: 全部为默认值 (没有 {file})",
        "Program settings: all defaults (no file {file})",
    ),
    "doctor-mail-none": Message(
        N,
        "邮件: 没有填写服务器, 使用草稿 (.eml)",
        "Mail: no server set; drafts (.eml) are used",
    ),
    "doctor-mail-server": Message(
        N,
        "邮件: {host}:{port} ({security}), 发件人 {sender}",
        "Mail: {host}:{port} ({security}), from {sender}",
    ),
    "doctor-mail-password": Message(
        W,
        "邮件: 登录名 {user} 没有密码。",
        "Mail: no password for the login {user}.",
        "运行 salesplan config --store {name}, 或设置环境变量 {variable}。",
        "Run salesplan config --store {name}, or set the environment variable {variable}.",
    ),
    "doctor-mail-addresses": Message(
        N,
        "邮件: {people} 人有邮箱, 允许的域名: {domains}",
        "Mail: {people:# person has|# people have} an address; allowed domains: {domains}",
    ),
    "doctor-mail-domains-blank": Message(
        W,
        "邮件: 没有填写“邮箱域名白名单”, 不会向任何人发送。",
        "Mail: no allowed domains set, so nothing would be sent.",
        "在 设置 表中填写公司的邮箱域名。",
        "Enter your company's mail domain on the Settings sheet.",
    ),
    "doctor-mail-nobody": Message(
        W,
        "邮件: {units} 个组织单元都没有邮箱。",
        "Mail: none of the {units} units has an address.",
        "在 组织 表中填写邮箱。",
        "Enter addresses on the Organization sheet.",
    ),
    "doctor-template": Message(
        N, "{file}: 模板版本 {version}", "{file}: template version {version}"
    ),
    "doctor-template-blank": Message(
        N,
        "{file} 没有写模板版本 (自己做的工作簿也可以用)。",
        "{file} has no template version; a workbook of your own is fine.",
        "运行 salesplan check 查看缺少什么。",
        "salesplan check lists what is missing.",
    ),
    "doctor-template-other": Message(
        W,
        "{file} 的模板版本是 {version}, 这个 salesplan 的是 {ours}。",
        "{file} was made from template version {version}; this salesplan uses {ours}.",
        "运行 salesplan check 看缺少哪些列; 版本更新时请升级 salesplan。",
        "salesplan check lists missing columns; if the version is newer, upgrade salesplan.",
    ),
}
