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

Public Sub SalesplanOnExplain(control As IRibbonControl)
    SalesplanExplain
End Sub

Public Sub SalesplanOnNext(control As IRibbonControl)
    SalesplanNext
End Sub

Public Sub SalesplanOnHandout(control As IRibbonControl)
    SalesplanHandout
End Sub

Public Sub SalesplanOnCollect(control As IRibbonControl)
    SalesplanCollect
End Sub

Public Sub SalesplanOnDay(control As IRibbonControl)
    SalesplanDay
End Sub

Public Sub SalesplanOnWeek(control As IRibbonControl)
    SalesplanWeek
End Sub

Public Sub SalesplanOnImport(control As IRibbonControl)
    SalesplanImport
End Sub

Public Sub SalesplanOnReport(control As IRibbonControl)
    SalesplanReport
End Sub

Public Sub SalesplanOnQuarter(control As IRibbonControl)
    SalesplanQuarter
End Sub

Public Sub SalesplanOnPage(control As IRibbonControl)
    SalesplanPage
End Sub

Public Sub SalesplanOnLast(control As IRibbonControl)
    SalesplanLast
End Sub

Public Sub SalesplanOnDrafts(control As IRibbonControl)
    SalesplanDrafts
End Sub

Public Sub SalesplanOnFolder(control As IRibbonControl)
    SalesplanFolder
End Sub

Public Sub SalesplanOnSend(control As IRibbonControl)
    SalesplanSend
End Sub

Public Sub SalesplanOnClose(control As IRibbonControl)
    SalesplanClose
End Sub

Public Sub SalesplanOnReopen(control As IRibbonControl)
    SalesplanReopen
End Sub

Public Sub SalesplanOnHistory(control As IRibbonControl)
    SalesplanHistory
End Sub

Public Sub SalesplanOnSettings(control As IRibbonControl)
    SalesplanSettings
End Sub

Public Sub SalesplanOnSelftest(control As IRibbonControl)
    SalesplanSelftest
End Sub

Public Sub SalesplanOnHelp(control As IRibbonControl)
    SalesplanHelp
End Sub
