"""What is said about a user's own settings of the program."""

from __future__ import annotations

from salesplan.messages import E, Message, W

MESSAGES: dict[str, Message] = {
    "config-unreadable": Message(
        E,
        "配置文件 {path} 无法读取 ({reason}), 全部按默认值。",
        "The settings file {path} cannot be read ({reason}); defaults are used.",
        "按 TOML 的写法改正这一处, 以 UTF-8 保存。",
        "Correct it (TOML, saved as UTF-8).",
    ),
    "config-unknown": Message(
        W,
        "配置文件里的 {name} 不是设置项, 没有采用。",
        "{name} in the settings file is unknown and ignored.",
        "用 salesplan config 查看全部设置项, 改正名称或删除。",
        "salesplan config lists all settings; correct the name or delete it.",
    ),
    "config-not-section": Message(
        E,
        "配置文件里的 {name} 应是一节, 不是一个值。",
        "{name} in the settings file must be a section, not a value.",
        "写成 [{name}], 下面每行一个设置。",
        "Write [{name}] with one setting per line below it.",
    ),
    "config-not-number": Message(
        E,
        "设置 {name} 应是数字, 现为“{text}”, 没有采用。",
        "The setting {name} must be a number, not “{text}”; it is ignored.",
        "写成不带单位的数字, 如 500。",
        "Write a number without a unit, such as 500.",
    ),
    "config-not-size": Message(
        E,
        "设置 {name} 应是大小, 现为“{text}”, 没有采用。",
        "The setting {name} must be a size, not “{text}”; it is ignored.",
        '写成如 "300 MB" 或字节数。',
        'Write it like "300 MB", or as a number of bytes.',
    ),
    "config-not-text": Message(
        E,
        "设置 {name} 应是一行文字, 现为“{text}”, 没有采用。",
        "The setting {name} must be one line of text, not “{text}”; it is ignored.",
        "用引号写成一行文字。",
        "Write one line of text in quotes.",
    ),
    "config-not-choice": Message(
        E,
        "设置 {name} 不能是“{text}”, 没有采用。",
        "The setting {name} cannot be “{text}”; it is ignored.",
        "写成其中之一: {choices}。",
        "Use one of: {choices}.",
    ),
    "config-too-small": Message(
        E,
        "设置 {name} 为“{text}”, 小于最小值 {least}, 没有采用。",
        "The setting {name} is “{text}”, below the minimum of {least}; it is ignored.",
        "改用更大的值。",
        "Use a larger value.",
    ),
    "config-secret": Message(
        E,
        "配置文件里的 {name} 看起来是密码; 密码不允许写在这里, 没有读取。",
        "{name} in the settings file looks like a secret; secrets do not belong there, and it was not read.",
        "删除这一行, 并更换这个密码。",
        "Delete that line, and change the secret.",
    ),
}
