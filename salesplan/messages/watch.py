"""Messages of ``watch``; see the package."""

from __future__ import annotations

from salesplan.messages import Message, N, W

MESSAGES: dict[str, Message] = {
    "watch-file-gone": Message(
        W,
        "{file} 不见了, 等它回来。",
        "{file} is gone; waiting for it to return.",
        "若改了名, 按 Ctrl+C 结束, 再监视新的文件。",
        "If it was renamed, press Ctrl+C and watch the new name.",
    ),
    "watch-open-beside": Message(
        N,
        "{file} 正在别处打开 ({lock}), 先写到旁边的副本 {copy}; 原文件关闭后自动填写。",
        "{file} is open elsewhere ({lock}); filled in the copy {copy} beside it for now. The master is filled once it is closed.",
    ),
    "watch-read-only-beside": Message(
        N,
        "{file} 是只读的, 先写到旁边的副本 {copy}。",
        "{file} is read-only; filled in the copy {copy} beside it.",
    ),
    "watch-copy-dropped": Message(
        N,
        "主计划已填写, 副本 {copy} 已删除。",
        "The master is filled; the copy {copy} was removed.",
    ),
    "watch-copy-kept": Message(
        W,
        "副本 {copy} 被改动过或正打开, 予以保留; 主计划已填写。",
        "The master is filled; the copy {copy} was changed or is open, so it stays.",
        "请把副本中的改动移到主计划, 再删除副本。",
        "Move your changes into the master, then delete the copy.",
    ),
}
