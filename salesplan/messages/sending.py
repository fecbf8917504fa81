"""Messages about sending: addresses, the mail server, the outbox, the group robot."""

from __future__ import annotations

from salesplan.findings import Severity
from salesplan.messages import Message

_E = Severity.ERROR

MESSAGES: dict[str, Message] = {
    # what is sent to whom
    "mail-address-unusable": Message(
        _E,
        "“{text}”不是恰好一个邮箱地址, 没有使用。",
        "“{text}” is not exactly one e-mail address; it was not used.",
        "一个地址只写一个邮箱, 不带逗号、分号、姓名或换行。",
        "Enter one plain address: no comma, semicolon, name or line break.",
    ),
    "mail-header-unsafe": Message(
        _E,
        "“{text}”里有换行或控制字符, 不能放进邮件的标题、姓名或文件名。",
        "“{text}” has a line break or control character and cannot be used in a mail's subject, name or file name.",
        "去掉其中的换行后重新生成报告。",
        "Remove the line break and make the reports again.",
    ),
    "send-code-unknown": Message(
        _E,
        "发送清单里没有 {codes}。",
        "Not in the manifest: {codes}.",
        "清单里有: {known}。",
        "The manifest has: {known}.",
    ),
    "send-test-address": Message(
        _E,
        "“{text}”不能作为测试地址。",
        "“{text}” cannot be the test address.",
        "写恰好一个邮箱地址, 并在允许的域名之内: {domains}。",
        "Give exactly one address within the allowed domains: {domains}.",
    ),
    "send-errors": Message(
        _E,
        "{name} 没有发送: 主计划工作簿中有 {count} 处错误影响它的数字 ({cells})。",
        "{name} was not sent: {count:# error in the master affects|# errors in the master affect} its figures ({cells}).",
        "改正这些单元格后重新生成报告; 一定要照发, 加上 --despite-errors。",
        "Correct these cells and make the reports again; to send it anyway add --despite-errors.",
    ),
    "send-held": Message(
        _E,
        "{count} 份报告没有发送, 主计划工作簿中的错误影响它们的数字: {cells}。",
        "{count:# report was|# reports were} not sent because of errors in the master: {cells}.",
        "改正这些单元格后重新生成报告; 一定要照发, 加上 --despite-errors。",
        "Correct these cells and make the reports again; to send them anyway add --despite-errors.",
    ),
    "send-domain": Message(
        _E,
        "{unit} 的邮箱 {text} 不在允许的域名之内 ({domains}), 没有发送任何邮件。",
        "{text}, the address of {unit}, is outside the allowed mail domains ({domains}); nothing was sent.",
        "核对邮箱; 允许的域名写在主计划工作簿的设置里, 或个人设置的 mail.domains 里。",
        "Check the address; allowed domains are in the master's Settings or in mail.domains of your own settings.",
    ),
    "sent-not-recorded": Message(
        Severity.WARNING,
        "文件夹“{name}”里不能写入 {file}, 发送情况只记在本账户里。",
        "{file} cannot be written in the folder “{name}”; what is sent is kept in this account only.",
        "其他同事不要再从这个文件夹发送。",
        "Nobody else should send from this folder.",
    ),
    "settle-nothing": Message(
        _E,
        "{name} 没有结果不明的邮件。",
        "No message of {name} is in doubt.",
        "用 salesplan send DIR --status 查看。",
        "See salesplan send DIR --status.",
    ),
    "announce-left": Message(
        Severity.WARNING,
        "{unit} 的负责人已于 {left} 离职, 变更 {change} 没有通知到人。",
        "The person in charge of {unit} left on {left}; change {change} was not announced there.",
        "在同步对象中改为接手的单元, 或指定新的负责人。",
        "Under Notify, enter the unit that took over, or name a new person in charge.",
    ),
    "announce-no-address": Message(
        Severity.WARNING,
        "{unit} 没有邮箱, 变更 {change} 没有通知到人。",
        "{unit} has no e-mail address; change {change} was not announced there.",
        "填写邮箱后再运行 salesplan announce。",
        "Enter the address and run salesplan announce again.",
    ),
    "announce-nobody": Message(
        Severity.WARNING,
        "“{name}”不是组织表里任何单元的邮箱, 变更 {change} 没有通知到人。",
        "No unit matches “{name}”; change {change} was not announced there.",
        "在同步对象中写单元的编码。",
        "Under Notify, enter a unit's code.",
    ),
    "announce-address": Message(
        _E,
        "{unit} 的邮箱“{text}”不能使用, 变更 {change} 没有通知到人。",
        "The address “{text}” of {unit} cannot be used; change {change} was not announced there.",
        "每格只填一个地址, 且在允许的域名之内: {domains}。",
        "Enter one address within the allowed domains: {domains}.",
    ),
    # the mail server
    "mail-not-set-up": Message(
        _E,
        "邮件设置不完整或不对: {names}。",
        "Mail settings are incomplete or wrong: {names}.",
        "用 salesplan config 查看设置和文件位置, 填好 [mail] 后再发送; 或用 --draft 生成草稿。",
        "salesplan config shows the settings and where they are; fill in [mail], then send, or make drafts with --draft.",
    ),
    "mail-password-missing": Message(
        _E,
        "没有找到 {user} 的邮箱密码。",
        "No password for {user}.",
        "运行 salesplan config --store mail-password 存入系统钥匙串, 或设置环境变量 SALESPLAN_MAIL_PASSWORD。",
        "Store it in the keyring with salesplan config --store mail-password, or set the environment variable SALESPLAN_MAIL_PASSWORD.",
    ),
    "mail-login-refused": Message(
        _E,
        "{host} 不接受 {user} 的登录: {reason}。没有发出邮件。",
        "{host} refused the login of {user}: {reason}. Nothing was sent.",
        "核对用户名和密码; 许多企业邮箱要用“授权码”代替密码。",
        "Check user and password; many mail services require an app password.",
    ),
    "mail-login-letters": Message(
        _E,
        "邮箱的用户名或密码里有 ASCII 以外的字符, 不能登录 {host}。没有发出邮件。",
        "The mail user or password has a character outside ASCII; it cannot log in to {host}. Nothing was sent.",
        "换用只有英文字母、数字和符号的密码, 或企业邮箱的“授权码”。",
        "Use a password of plain letters, digits and signs, or an app password of the mail service.",
    ),
    "mail-server-unreachable": Message(
        _E,
        "连不上邮件服务器 {host}: {reason}。",
        "The mail server {host} cannot be reached: {reason}.",
        "检查网络和 mail.host、mail.port; 稍后再运行, 已发出的不会重发。",
        "Check the network, mail.host and mail.port, then run again: nothing is sent twice.",
    ),
    "mail-certificate": Message(
        _E,
        "邮件服务器 {host} 的证书不可信: {reason}。没有登录, 也没有发出邮件。",
        "The certificate of {host} cannot be trusted: {reason}. Nothing was sent.",
        "核对 mail.host; 公司自建证书请在 mail.ca_file 中指明签发机构的证书文件。",
        "Check mail.host; for a company's own authority, set its certificate file in mail.ca_file.",
    ),
    "mail-no-tls": Message(
        _E,
        "邮件服务器 {host} (端口 {port}) 不支持加密连接, 没有发出邮件。",
        "{host} (port {port}) offers no encrypted connection; nothing was sent.",
        '换用支持 TLS 的端口: mail.security = "tls" 一般是 465, "starttls" 一般是 587。',
        'Use a port with TLS: usually 465 with mail.security = "tls", 587 with "starttls".',
    ),
    "mail-ca-file": Message(
        _E,
        "证书文件 {file} 不能使用: {reason}。",
        "The certificate file {file} cannot be used: {reason}.",
        "核对 mail.ca_file。",
        "Check mail.ca_file.",
    ),
    "keyring-unusable": Message(
        _E,
        "这台电脑没有可用的系统钥匙串 ({reason})。",
        "This computer has no usable keyring ({reason}).",
        "改用环境变量 {variable}。",
        "Use the environment variable {variable} instead.",
    ),
    # the group robot
    "wecom-no-webhook": Message(
        _E,
        "没有设置企业微信群机器人的地址。",
        "The WeCom group robot's address is not set.",
        "运行 salesplan config --store wecom-webhook, 或设置环境变量 {variable}。",
        "Run salesplan config --store wecom-webhook, or set the environment variable {variable}.",
    ),
    "wecom-webhook-wrong": Message(
        _E,
        "企业微信群机器人的地址不对。",
        "The WeCom group robot's address is wrong.",
        "从群机器人的设置里复制整条 Webhook 地址 (https://…/webhook/send?key=…)。",
        "Copy the whole webhook address from the robot's settings (https://…/webhook/send?key=…).",
    ),
    "wecom-no-book": Message(
        _E,
        "文件夹“{name}”里没有全公司的报告, 个人的报告不会发到群里。",
        "The folder “{name}” has no company report, and individual reports are never sent to a group.",
        "重新运行 salesplan report --audience each。",
        "Run salesplan report --audience each again.",
    ),
    "wecom-file-size": Message(
        _E,
        "{file} 有 {size} 字节, 群机器人只收大于 {least}、不超过 {most} 字节的文件。",
        "{file} has {size} bytes; the robot takes files over {least} and up to {most} bytes.",
        "用 --details none 生成较小的报告。",
        "Make a smaller report with --details none.",
    ),
    "wecom-refused": Message(
        _E,
        "企业微信没有接受: {reason}。",
        "WeCom refused the message: {reason}.",
        "93000 或 40001 表示机器人地址失效, 请重新复制; 45009 表示太频繁, 请稍后再试。",
        "93000 or 40001: the robot's address is no longer valid, copy it again; 45009: too many messages, try later.",
    ),
    "wecom-unreachable": Message(
        _E,
        "连不上企业微信: {reason}。",
        "WeCom cannot be reached: {reason}.",
        "检查网络后再运行, 已发出的不会重发。",
        "Check the network and run again: nothing is sent twice.",
    ),
    "wecom-older-version": Message(
        _E,
        "群里已有 {month} 报告的另一个版本, 没有再发。",
        "The group already has another version of the {month} report; nothing was sent.",
        "要发新版, 加上 --updates。",
        "To send the new version add --updates.",
    ),
    "wecom-unsettled": Message(
        _E,
        "上一次发到群里的结果不明: {reason}。",
        "It is unclear whether the group received the last message: {reason}.",
        "到群里看一眼, 再运行 salesplan send DIR --settle robot arrived (或 again)。",
        "Check the group, then run salesplan send DIR --settle robot arrived (or again).",
    ),
}
