"""Messages about formulas' results: stored too long ago, or computed by another program for reading."""

from __future__ import annotations

from salesplan.messages import E, Message, N, W

MESSAGES: dict[str, Message] = {
    "value-linked": Message(
        N,
        "有 {count} 个填报单元格取自另一个工作簿“{book}”({cells}), 用的是本文件上次保存({saved})时的值。",
        "{count:# cell is|# cells are} linked to another workbook, “{book}” ({cells}); the values shown at the last save ({saved}) are used.",
        "“{book}”之后若有改动, 在 Excel 中打开本文件, 更新链接后保存。",
        "If “{book}” has changed since, open this file in Excel, update links and save it.",
    ),
    "stored-results-stale": Message(
        W,
        "工作表“{sheet}”有 {count} 个公式 ({cells}) 的结果是上次填写计算列之前存下的, 可能已经过时。",
        "{count:# formula|# formulas} on sheet “{sheet}” ({cells}) may be out of date: the results are from before the engine columns were last filled.",
        "用 Excel 或 WPS 打开并保存一次; 或加上 --recalc-with libreoffice 运行。",
        "Open the file in Excel or WPS and save it, or use --recalc-with libreoffice.",
    ),
    "computed-unknown-function": Message(
        W,
        "有 {count} 个公式 ({cells}) 用到 LibreOffice 不认识的函数, 沿用文件中存下的结果。",
        "{count:# formula uses|# formulas use} a function LibreOffice does not know ({cells}); the stored results are used.",
        "用 Excel 或 WPS 打开并保存一次, 结果即为最新。",
        "Open the file in Excel or WPS and save it to update them.",
    ),
    "recalculation-program-missing": Message(
        E,
        "这台电脑上没有找到 LibreOffice, 无法用它计算公式。",
        "LibreOffice was not found on this computer, so formulas cannot be calculated.",
        "安装 LibreOffice; 或用 Excel 或 WPS 打开并保存一次, 再不带 --recalc-with 运行。",
        "Install LibreOffice, or open the file in Excel or WPS, save it, and run without --recalc-with.",
    ),
    "recalculation-failed": Message(
        E,
        "LibreOffice 没能算出 {file} 的副本: {reason}。",
        "LibreOffice could not calculate a copy of {file}: {reason}.",
        "用 Excel 或 WPS 打开并保存一次, 再不带 --recalc-with 运行。",
        "Open the file in Excel or WPS, save it, and run without --recalc-with.",
    ),
    "recalculation-slow": Message(
        E,
        "LibreOffice 在 {seconds} 秒内没有算完 {file} 的副本, 已停止。",
        "LibreOffice did not finish calculating a copy of {file} within {seconds} seconds and was stopped.",
        "用 Excel 或 WPS 打开并保存一次, 再不带 --recalc-with 运行。",
        "Open the file in Excel or WPS, save it, and run without --recalc-with.",
    ),
    "print-program-missing": Message(
        E,
        "这台电脑上没有找到 LibreOffice, 无法打印成 PDF。",
        "LibreOffice was not found on this computer, so the report cannot be printed to a PDF.",
        "安装 LibreOffice; 或不带 --pdf 运行, 再用 Excel 或 WPS 打开报告另存为 PDF。",
        "Install LibreOffice, or run without --pdf and save the report as a PDF in Excel or WPS.",
    ),
    "print-library-missing": Message(
        E,
        "把所有单元的报告合成一份 PDF 需要 pypdf, 这里没有安装。",
        "One PDF of all units' reports needs pypdf, which is not installed here.",
        "运行 pip install 'salesplan[pdf]'; 或不带 --pdf 运行。",
        "Run pip install 'salesplan[pdf]', or run without --pdf.",
    ),
    "deck-library-missing": Message(
        E,
        "生成演示文稿 (--pptx) 需要 python-pptx, 这里没有安装。",
        "A deck (--pptx) needs python-pptx, which is not installed here.",
        "运行 pip install 'salesplan[deck]'; 或不带 --pptx 运行。",
        "Run pip install 'salesplan[deck]', or run without --pptx.",
    ),
    "print-failed": Message(
        E,
        "报告已写好, 但 LibreOffice 没能把 {file} 打印成 PDF: {reason}。",
        "The report is ready, but LibreOffice could not print {file} to a PDF: {reason}.",
        "关闭打开着的同名 PDF 后再试; 或用 Excel 或 WPS 打开报告另存为 PDF。",
        "Close the PDF if it is open and try again, or save the report as a PDF in Excel or WPS.",
    ),
    "print-slow": Message(
        E,
        "报告已写好, 但 LibreOffice 在 {seconds} 秒内没有打印完 {file}, 已停止。",
        "The report is ready, but LibreOffice did not finish printing {file} within {seconds} seconds and was stopped.",
        "用 Excel 或 WPS 打开报告另存为 PDF。",
        "Save the report as a PDF in Excel or WPS.",
    ),
}
