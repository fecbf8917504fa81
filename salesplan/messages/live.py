"""What is said about a workbook that is open in Excel or LibreOffice Calc; see the package."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

_MEANWHILE_ZH, _MEANWHILE_EN = (
    "改用不带 --live 的命令, 或不用按钮而在终端中运行。",
    "Use the command without --live, which works on the closed file.",
)

MESSAGES: dict[str, Message] = {
    # finding it
    "live-nothing-open": Message(
        _E,
        "没有打开的工作簿。",
        "No workbook is open.",
        "先打开主计划工作簿, 再试。",
        "Open the master planning workbook, then try again.",
    ),
    "live-unreachable": Message(
        _E,
        "Excel 开着, 但连接不到它的任何工作簿: 可能没有打开工作簿, 或 Excel 是以管理员身份运行的。",
        "Excel is running, but none of its workbooks can be reached: none is open, or Excel runs as administrator.",
        "打开工作簿; 不要以管理员身份启动 Excel, 再试。",
        "Open a workbook; start Excel without administrator rights, then try again.",
    ),
    "live-not-open": Message(
        _E,
        "“{file}”没有打开。已打开: {open}。",
        "“{file}” is not open. Open workbooks: {open}.",
        "先在 Excel 或 LibreOffice 中打开它; 或去掉 --live, 直接处理文件。",
        "Open it in Excel or LibreOffice first, or leave out --live to work on the file.",
    ),
    "live-open-twice": Message(
        _E,
        "“{file}”在几个窗口或几个程序实例中同时打开, 不知道该填哪一个。",
        "“{file}” is open more than once, in several windows or instances of the program.",
        "只保留一个, 再试。",
        "Keep one of them open, then try again.",
    ),
    "live-no-excel": Message(
        _E,
        "这台电脑上不能连接 Excel。",
        "Excel cannot be reached on this computer.",
        "在装有 Excel 的 Windows 或 macOS 上使用; 或用 LibreOffice。" + _MEANWHILE_ZH,
        "Use it where Excel runs (Windows or macOS), or with LibreOffice. " + _MEANWHILE_EN,
    ),
    "calc-missing": Message(
        _E,
        "这台电脑上没有找到 LibreOffice。",
        "LibreOffice was not found on this computer.",
        "安装 LibreOffice。" + _MEANWHILE_ZH,
        "Install LibreOffice. " + _MEANWHILE_EN,
    ),
    "calc-not-running": Message(
        _E,
        "没有可以连接的 LibreOffice。",
        "There is no LibreOffice to connect to.",
        "运行一次 salesplan excel install --calc, 然后重新启动 LibreOffice 并打开工作簿。",
        "Run salesplan excel install --calc once, restart LibreOffice, and open the workbook.",
    ),
    "calc-binding-missing": Message(
        _E,
        "LibreOffice 的 Python 接口不可用 ({folder})。",
        "LibreOffice's Python interface cannot be used ({folder}).",
        "安装它 (Debian、Ubuntu: 软件包 python3-uno)。" + _MEANWHILE_ZH,
        "Install it (Debian, Ubuntu: the package python3-uno). " + _MEANWHILE_EN,
    ),
    "calc-python-differs": Message(
        _E,
        "LibreOffice 的接口是为 Python {theirs} 做的, 而 salesplan 用 Python {ours} 运行。",
        "LibreOffice's interface needs Python {theirs}; salesplan runs on Python {ours}.",
        "用 Python {theirs} 安装 salesplan。" + _MEANWHILE_ZH,
        "Install salesplan with Python {theirs}, or use the command without --live, which works on the closed file.",
    ),
    "calc-not-installed": Message(
        _E,
        "LibreOffice 的扩展没有处理成功: {reason}。",
        "The LibreOffice extension could not be installed or removed: {reason}.",
        "关闭 LibreOffice 后再试; 公司策略不允许扩展时, 在终端中使用 salesplan recalc。",
        "Close LibreOffice and try again; if policy forbids extensions, use salesplan recalc in a terminal.",
    ),
    "calc-unknown": Message(
        _W,
        "LibreOffice 没有说明装了哪些扩展: {reason}。",
        "LibreOffice does not list its extensions: {reason}.",
        "用平时打开 LibreOffice 的账户运行, 不要用管理员 (root)。",
        "Run it from the account that uses LibreOffice, not as an administrator (root).",
    ),
    "calc-buttons": Message(
        _N, "LibreOffice Calc 的按钮 {version}", "Buttons in LibreOffice Calc {version}"
    ),
    "calc-buttons-absent": Message(
        _N,
        "LibreOffice Calc 的按钮未安装。",
        "The buttons in LibreOffice Calc are not installed.",
        "在 LibreOffice 中工作时, 运行 salesplan excel install --calc。",
        "If you work in LibreOffice, run salesplan excel install --calc.",
    ),
    "calc-buttons-other-version": Message(
        _W,
        "LibreOffice Calc 的按钮是 {installed} 版, salesplan 是 {package} 版。",
        "The buttons in LibreOffice Calc are version {installed}, salesplan is {package}.",
        "运行 salesplan excel install --calc, 再重新启动 LibreOffice。",
        "Run salesplan excel install --calc, then start LibreOffice again.",
    ),
    "calc-python-gone": Message(
        _E,
        "Calc 的按钮要启动的 Python 已经不在了: {python} ({program})。按钮不起作用。",
        "The Calc buttons start {python} with {program}, and one of them no longer exists; the buttons do not work.",
        "在现在的环境中运行 salesplan excel install --calc, 再重新启动 LibreOffice。",
        "Run salesplan excel install --calc from the current environment, then restart LibreOffice.",
    ),
    "calc-python-other": Message(
        _W,
        "Calc 的按钮启动的是 {python}, 不是现在的 {here}。",
        "The Calc buttons start {python}, not {here}, which is in use now.",
        "要换成现在的, 运行 salesplan excel install --calc。",
        "To switch to this one, run salesplan excel install --calc.",
    ),
    # working on it
    "live-busy": Message(
        _E,
        "程序在 {seconds} 秒内没有应答: 可能正在编辑单元格, 或有对话框开着。没有写入任何内容。",
        "The program did not answer for {seconds} seconds: a cell may be in edit mode, or a dialog open. Nothing was written.",
        "按 Enter 或 Esc 结束编辑, 关闭对话框, 再试。",
        "Finish editing with Enter or Esc, close the dialog, then try again.",
    ),
    "live-stuck": Message(
        _E,
        "程序在写入途中停止应答 ({seconds} 秒), 计算列可能只填了一部分。",
        "The program stopped answering for {seconds} seconds during writing; engine columns may be partly filled.",
        "等程序恢复后点“撤销”, 或重新计算。",
        "Once it answers again, use Undo or recalculate.",
    ),
    "sheet-protected": Message(
        _E,
        "工作表“{sheet}”有密码保护, 没有写入任何内容。",
        "Sheet “{sheet}” is password-protected; nothing was written.",
        "撤销工作表保护 (审阅 → 撤销工作表保护), 或把计算列设为不锁定, 再试。",
        "Unprotect the sheet (Review → Unprotect Sheet), or unlock the engine columns, then try again.",
    ),
    "live-table-not-grown": Message(
        _E,
        "工作表“{sheet}”的表格没有扩展到新的行, 没有写入任何内容。",
        "The table on sheet “{sheet}” did not grow over the new rows; nothing was written.",
        "清除该表的筛选 (数据 → 清除), 再试。",
        "Clear the filter of that table (Data → Clear), then try again.",
    ),
    "live-changed-meanwhile": Message(
        _E,
        "{file} 在计算期间一直有人改动, 没有填写任何内容。",
        "{file} kept changing during the calculation; nothing was filled.",
        "输完后再点一次。",
        "Finish typing, then press the button again.",
    ),
    "live-cell-open": Message(
        _E,
        "{file} 里有单元格正在编辑 {cell}, 或有对话框开着。没有写入任何内容。",
        "A cell of {file} is still being edited {cell}, or a dialog is open. Nothing was written.",
        "先按 Enter 或 Esc 结束编辑, 关闭对话框, 再点一次。",
        "Finish the cell with Enter or Esc, close the dialog, and press again.",
    ),
    "live-read-only": Message(
        _E,
        "{file} 是以只读方式打开的, 不能填写。",
        "{file} is open read-only and cannot be filled.",
        "点窗口上方的“编辑文档”, 或另存为自己的文件, 再试。",
        "Choose “Edit Document” at the top of the window, or save it under a name of your own, then try again.",
    ),
    "live-closed": Message(
        _E,
        "工作簿在处理期间被关闭, 没有完成。",
        "The workbook was closed during processing; the action was not completed.",
        "重新打开它, 再点一次; 如有需要先点“撤销”。",
        "Open it again and press once more; use Undo first if some cells were filled.",
    ),
    "live-no-folder": Message(
        _E,
        "{file} 不在这台电脑上, 也没有选择文件夹。没有写入任何内容。",
        "{file} is not on this computer, and no folder was chosen. Nothing was written.",
        "再点一次并选择文件夹; 以后不再询问。",
        "Press again and choose a folder; you are asked only once.",
    ),
    "live-no-report": Message(
        _E,
        "{folder} 里没有这个工作簿的月报。",
        "{folder} has no report for this workbook.",
        "先点“生成月报”。",
        "Press “Report” first.",
    ),
    "live-no-drafts": Message(
        _E,
        "{folder} 里没有给收件人的报告。",
        "{folder} has no reports for recipients.",
        "先点“邮件草稿”。",
        "Press “Drafts” first.",
    ),
    "live-pressed-gone": Message(
        _E,
        "点按钮时所在的工作簿已经不在了。没有写入任何内容。",
        "The workbook whose button was pressed is no longer open. Nothing was written.",
        "重新打开它, 再点一次。",
        "Open it again and press once more.",
    ),
    "button-identity": Message(
        _E,
        "无法识别按钮传来的工作簿“{text}”。没有写入任何内容。",
        "The button's reference to its workbook cannot be read (“{text}”). Nothing was written.",
        "运行 salesplan excel install (Calc: 加 --calc) 重新安装按钮。",
        "Run salesplan excel install again (for Calc with --calc).",
    ),
    "live-not-as-written": Message(
        _E,
        "写入“{wanted}”后单元格显示“{found}”, 已全部恢复原状。",
        "After “{wanted}” was written the cell shows “{found}”; all changes were reversed.",
        "检查工作簿中的宏和数据有效性, 再试。",
        "Check the workbook's macros and data validation, then try again.",
    ),
    "live-write-failed": Message(
        _E,
        "写入“{file}”没有成功, 已恢复原状: {reason}。",
        "“{file}” could not be filled; all changes were reversed: {reason}.",
        "关闭对话框并结束编辑后再试; 数组公式请移出计算列。",
        "Close dialogs and finish editing, then try again; move array formulas out of the engine columns.",
    ),
    "live-not-kept": Message(
        _E,
        "无法在 {folder} 保存撤销信息 ({reason}), 没有写入任何内容。",
        "The undo data could not be saved in {folder} ({reason}); nothing was written.",
        "腾出空间或取得该文件夹的写入权限, 再试。",
        "Free some space or get write permission there, then try again.",
    ),
    "live-calculation-manual": Message(
        _W,
        "程序的计算模式是“手动”, 您的公式的结果可能不是最新的。",
        "Calculation is set to manual; results of your formulas may be out of date.",
        "按 F9 计算, 再试; 或改为自动计算。",
        "Press F9 and run again, or switch to automatic calculation.",
    ),
    # taking it back
    "live-undo-nothing": Message(
        _E,
        "“{file}”没有可以撤销的填写。",
        "There is nothing to undo in “{file}”.",
        "撤销只针对按钮在打开的工作簿中所做的填写。",
        "Undo reverses what the button filled in the open workbook.",
    ),
    "live-undo-changed": Message(
        _E,
        "填写之后这些计算列又被改动 (如插入行或重新填写), 没有撤销; 过时的 {count} 条撤销记录已清除。",
        "The engine columns changed after they were filled (rows inserted, or filled another way); nothing was undone, and {count:# outdated undo record was|# outdated undo records were} dropped.",
        "用程序自己的撤销, 或打开上次保存的版本。",
        "Use the program's own undo, or the last saved version.",
    ),
    "button-unknown": Message(
        _E,
        "没有名为“{name}”的按钮。",
        "There is no button “{name}”.",
        "可用: {known}。",
        "There are: {known}.",
    ),
    "button-failed": Message(
        _E,
        "出现意外错误, 没有完成。",
        "Something unexpected happened and the action was not completed.",
        "再试一次; 还是不行时, 请把 {log} 发给支持人员。",
        "Try again; if it happens again, send {log} to your support contact.",
    ),
}
