Attribute VB_Name = "SalesplanButtons"
' What the ribbon calls. Each is one line around a Sub without parameters, which can be run and tested without a ribbon.
Option Explicit

Public Sub SalesplanOnCheck(control As IRibbonControl)
    SalesplanCheck
End Sub

Public Sub SalesplanOnPreview(control As IRibbonControl)
    SalesplanPreview
End Sub

Public Sub SalesplanOnRecalc(control As IRibbonControl)
    SalesplanRecalc
End Sub

Public Sub SalesplanOnUndo(control As IRibbonControl)
    SalesplanUndo
End Sub

Public Sub SalesplanOnReport(control As IRibbonControl)
    SalesplanReport
End Sub

Public Sub SalesplanOnDrafts(control As IRibbonControl)
    SalesplanDrafts
End Sub

Public Sub SalesplanOnHelp(control As IRibbonControl)
    SalesplanHelp
End Sub
