"""The texts of a bundle beside its installer; ``{python}`` stands for the version of Python."""

CMD = "\r\n".join(
    (
        "@echo off",
        "setlocal",
        'pushd "%~dp0"',
        "if not exist install.py (",
        "  echo Unpack the whole folder first, then run install.cmd in it.",
        "  pause",
        "  exit /b 1",
        ")",
        'set "PY=py -{python}"',
        'where py >nul 2>nul || set "PY=python"',
        'if exist python\\python.exe set "PY=python\\python.exe"',
        "%PY% install.py %*",
        "if errorlevel 1 echo salesplan was not installed.",
        "popd",
        "pause",
        "",
    )
)
"""For Windows: a double-click. In ASCII, since a console's code page may be any."""

SH = """#!/bin/sh
set -e
cd "$(dirname "$0")"
python=python{python}
command -v "$python" >/dev/null 2>&1 || python=python3
exec "$python" install.py "$@"
"""
"""For Linux and macOS."""

README = """salesplan

中文
Windows: 解压整个文件夹, 双击 install.cmd。Linux: 解压后运行 sh install.sh。
不需要管理员权限, 不需要网络。装好后在 Excel 里有“销售计划”选项卡。
卸载: install.cmd --remove

English
Windows: unpack the whole folder, double-click install.cmd. Linux: unpack and run sh install.sh.
No administrator's rights and no network are needed. Excel then has the tab Sales Plan.
To remove it: install.cmd --remove
"""
