"""Opens documents in a running LibreOffice and runs macros of theirs, over UNO. Run by a Python
that has ``uno``, with nothing else.

Standard input: {"pipe": name, "open": [[path, whether its macros may run], …], "run": [[index of a
document, library.module.sub], …]}. Standard output: one JSON list with what each run gave: "" or
the error.
"""

import json
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.document.MacroExecMode import ALWAYS_EXECUTE_NO_WARN, USE_CONFIG
from com.sun.star.lang import DisposedException
from com.sun.star.util import CloseVetoException

FILTER = "Calc MS Excel 2007 VBA XML"


def property_value(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(480):
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", remote
            )
        except (
            NoConnectException,
            DisposedException,
        ):  # not yet there, or a new connection that closed itself before it was used
            time.sleep(0.25)
    raise SystemExit("LibreOffice does not answer")


def close(document):
    """Close it, once the box that a macro may have shown is gone."""
    for _ in range(40):
        try:
            return document.close(False)
        except CloseVetoException:
            time.sleep(0.25)
    raise SystemExit("a document does not close")


def disconnect():
    """A connection still open while Python takes itself down ends one process in 150 with a
    segmentation fault, after all its work.
    """
    factory = uno.getComponentContext().ServiceManager.createInstance(
        "com.sun.star.bridge.BridgeFactory"
    )
    for bridge in factory.getExistingBridges():
        bridge.dispose()


def main():
    wanted = json.load(sys.stdin)
    desktop = connect(wanted["pipe"])
    documents = []
    for path, trusted in wanted["open"]:
        # Not hidden: a hidden document's own macros would not start by themselves, and nothing
        # would be shown by a test of that.
        how = {
            "FilterName": FILTER,
            "MacroExecutionMode": ALWAYS_EXECUTE_NO_WARN if trusted else USE_CONFIG,
        }
        url = uno.systemPathToFileUrl(path)
        documents.append(
            desktop.loadComponentFromURL(
                url, "_blank", 0, tuple(property_value(*item) for item in how.items())
            )
        )
    said = []
    for index, macro in wanted["run"]:
        script = (
            documents[index]
            .getScriptProvider()
            .getScript(f"vnd.sun.star.script:{macro}?language=Basic&location=document")
        )
        try:
            script.invoke((), (), ())
            said.append("")
        except Exception as error:  # whatever it is, the test shows it
            said.append(str(error))
    for document in documents:
        close(document)
    disconnect()
    json.dump(said, sys.stdout)


main()
