"""Messages of Excel's add-in: building it, putting it in place, and what is wrong with the one that is there."""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

_AGAIN_ZH, _AGAIN_EN = "运行 salesplan excel install。", "Run salesplan excel install."
_WATCH_ZH = "请 IT 部门放行该加载项, 或不用宏: 运行 salesplan watch FILE, 每次保存后自动填写。"
_WATCH_EN = "Ask your administrator to allow the add-in, or work without macros: salesplan watch FILE fills the workbook after each save."

MESSAGES: dict[str, Message] = {
    # building
    "addin-sources-missing": Message(
        E,
        "{folder} 中没有加载项的源文件。",
        "{folder} does not contain the add-in's sources.",
        "在项目根目录运行, 或指定 macros 文件夹。",
        "Run it in the project's root, or name the macros folder.",
    ),
    "addin-source-not-ascii": Message(
        E,
        "{file} 第 {line} 行含有非 ASCII 字符, 在 VBA 中会丢失。",
        "{file}, line {line} has a non-ASCII character, which VBA would lose.",
        "文字请写进 customUI14.xml 或加载项的工作表。",
        "Keep texts in customUI14.xml or on the add-in's sheet.",
    ),
    "addin-source-misnamed": Message(
        E,
        '{file} 的第一行不是 Attribute VB_Name = "{name}"。',
        '{file} does not begin with Attribute VB_Name = "{name}".',
        "改正第一行或文件名。",
        "Correct that line or the file's name.",
    ),
    "addin-builder-missing": Message(
        E,
        "制作加载项需要 pyOpenVBA {needed} (现有 {found})。",
        "Building the add-in needs pyOpenVBA {needed} (found {found}).",
        "运行 pip install --require-hashes -r macros/requirements.txt。",
        "Run pip install --require-hashes -r macros/requirements.txt.",
    ),
    # putting in place: exit 2 and 3
    "addin-no-excel": Message(
        E,
        "这个系统 ({system}) 上没有桌面版 Excel, 加载项装不上。",
        "This system ({system}) has no desktop Excel to install the add-in into.",
        "使用 LibreOffice 时运行 salesplan excel install --calc; 使用 WPS 时运行 salesplan watch FILE; 加载项请在 Windows 或 macOS 上安装。",
        "With LibreOffice run salesplan excel install --calc, with WPS salesplan watch FILE; the add-in is for Windows and macOS.",
    ),
    "addin-python-unspeakable": Message(
        E,
        "解释器路径 {python} 含有命令行无法表示的字符。",
        "The interpreter's path {python} has a character that cannot be used on a command line.",
        "把虚拟环境建在不含引号和 % 的文件夹中。",
        "Create the virtual environment in a folder without quotes or % in its name.",
    ),
    "addin-folder-refused": Message(
        E,
        "{folder} 不允许写入: {cause}。",
        "{folder} cannot be written to: {cause}.",
        _WATCH_ZH,
        _WATCH_EN,
    ),
    "addin-in-use": Message(
        E,
        "Excel 正在使用 {file}。",
        "Excel is using {file}.",
        "关闭所有 Excel 窗口后再运行。",
        "Close every Excel window and run again.",
    ),
    # what is there
    "addin-not-installed": Message(
        N,
        "加载项未安装 ({folder})。",
        "The add-in is not installed ({folder}).",
        _AGAIN_ZH,
        _AGAIN_EN,
    ),
    "addin-other-version": Message(
        W,
        "已安装的加载项是 {installed} 版, salesplan 是 {package} 版。",
        "The installed add-in is version {installed}, salesplan is {package}.",
        _AGAIN_ZH,
        _AGAIN_EN,
    ),
    "addin-altered": Message(
        W,
        "{file} 与 salesplan 附带的加载项不一致, 可能被改动或损坏。",
        "{file} is not salesplan's add-in: it was changed or damaged.",
        _AGAIN_ZH,
        "Run salesplan excel install.",
    ),
    "addin-python-gone": Message(
        E,
        "加载项要启动的 {python} 或 {program} 已不存在, 按钮不起作用。",
        "The add-in starts {python} with {program}, and one of them no longer exists; the buttons do not work.",
        _AGAIN_ZH,
        "Run salesplan excel install.",
    ),
    "addin-python-other": Message(
        W,
        "加载项启动的是 {python}, 现在运行的是 {here}。",
        "The add-in starts {python}; this is {here}.",
        "若要改用现在这个, 运行 salesplan excel install。",
        "Run salesplan excel install to switch it to this one.",
    ),
    "addin-script-missing": Message(
        E,
        "{file} 不在或被改动, macOS 上按钮不起作用。",
        "{file} is missing or was changed; on macOS the buttons do not work without it.",
        _AGAIN_ZH,
        "Run salesplan excel install.",
    ),
    "addin-vba-off": Message(
        W,
        "管理员禁用了 Office 的 VBA, 按钮不会起作用。",
        "Your administrator has switched VBA off in Office; the buttons cannot work.",
        _WATCH_ZH,
        _WATCH_EN,
    ),
    "addin-macros-blocked": Message(
        W,
        "管理员禁止了未签名的宏和全部受信任位置, 按钮不会起作用。",
        "Your administrator blocks unsigned macros and trusts no location; the buttons cannot work.",
        _WATCH_ZH,
        "Ask your administrator to allow the add-in, or work without macros: salesplan watch FILE fills the workbook after each save.",
    ),
    "addin-child-blocked": Message(
        W,
        "Defender 的规则禁止 Office 启动其他程序, 按钮启动不了 {python}。",
        "Defender's attack surface reduction stops Office from starting other programs; the buttons cannot start {python}.",
        "请管理员为 {python} 在规则 {rule} 中加一个例外; 在此之前用 salesplan watch FILE。",
        "For your administrator: please exclude {python} from the rule {rule}. Until then use salesplan watch FILE.",
    ),
    "addin-applocker": Message(
        N,
        "AppLocker 限制可以运行的程序; 如果按钮没有反应, 可能是 {python} 不在允许之列。",
        "AppLocker limits which programs run; if the buttons do nothing, {python} may not be allowed.",
        "请管理员允许运行 {python}; 在此之前用 salesplan watch FILE。",
        "For your administrator: please allow {python} to run. Until then use salesplan watch FILE.",
    ),
}
