"""The texts of a bundle beside its installer; ``{python}`` stands for the version of Python."""

CMD = "\r\n".join(
    (
        "@echo off",
        "setlocal",
        "set CODE=1",
        'pushd "%~dp0"',
        "if exist install.py goto python",
        "echo Unpack the whole folder first, then run install.cmd in it.",
        "goto end",
        ":python",
        'set "PY=python\\python.exe"',
        'if exist "%PY%" goto run',
        'set "PY=py -{python}"',
        '%PY% -c "" >nul 2>nul',
        'if "%ERRORLEVEL%"=="0" goto run',
        'set "PY=python"',
        "%PY% -c \"import sys; sys.exit(f'{sys.version_info[0]}.{sys.version_info[1]}' "
        "!= '{python}')\" >nul 2>nul",
        'if "%ERRORLEVEL%"=="0" goto run',
        "echo Python {python} is not on this computer. Install it for your account,",
        "echo or ask for the bundle that has Python in it.",
        "goto end",
        ":run",
        "%PY% -I install.py %*",
        'set "CODE=%ERRORLEVEL%"',
        'if not "%CODE%"=="0" echo It did not work; see above.',
        ":end",
        "popd",
        'if "%~1"=="" pause',
        "exit /b %CODE%",
        "",
    )
)
"""For Windows: a double-click. In ASCII, since a console's code page may be any; without blocks in
brackets, which a path with a bracket would end; it waits for a key only where nothing is asked for
in a terminal or a script, which get its exit code. A Python that is none of ours, such as the one
that opens a shop, is not taken.
"""

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
Windows: 先右键 zip, 属性, 勾选“解除锁定”(有这一项时); 解压整个文件夹, 双击 install.cmd。
Linux: 解压后运行 sh install.sh。
不需要管理员权限, 不需要网络。装好后在 Excel 里有“销售计划”选项卡。
卸载: install.cmd --remove

English
Windows: right-click the zip, Properties, tick Unblock (where it is offered); unpack the whole
folder, double-click install.cmd. Linux: unpack and run sh install.sh.
No administrator's rights and no network are needed. Excel then has the tab Sales Plan.
To remove it: install.cmd --remove
"""
