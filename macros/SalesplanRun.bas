Attribute VB_Name = "SalesplanRun"
' What a button does: it starts one constant command and returns at once, so that Excel never waits and Python can work
' on the open workbook. Python shows the result. Whose Python it is stands on this add-in's own sheet, where
' "salesplan excel install" wrote it: A1 the interpreter, A2 the program file, A4 and A5 what to say where one is absent,
' A6 what stands in the status bar until Python is done.
' Of other workbooks only one thing is asked: what Excel calls the one in front, so that Python fills that one and no other.
' It is handed over as digits and the letters A to F; nothing of a workbook can lead the command elsewhere.
Option Explicit

Private Const HiddenWindow As Integer = 0

Public Sub SalesplanCheck()
    StartPython "check"
End Sub

Public Sub SalesplanPreview()
    StartPython "preview"
End Sub

Public Sub SalesplanRecalc()
    StartPython "recalc"
End Sub

Public Sub SalesplanUndo()
    StartPython "undo"
End Sub

Public Sub SalesplanExplain()
    StartPython "explain"
End Sub

Public Sub SalesplanNext()
    StartPython "next"
End Sub

Public Sub SalesplanHandout()
    StartPython "handout"
End Sub

Public Sub SalesplanCollect()
    StartPython "collect"
End Sub

Public Sub SalesplanDay()
    StartPython "day"
End Sub

Public Sub SalesplanWeek()
    StartPython "week"
End Sub

Public Sub SalesplanImport()
    StartPython "import"
End Sub

Public Sub SalesplanReport()
    StartPython "report"
End Sub

Public Sub SalesplanQuarter()
    StartPython "quarter"
End Sub

Public Sub SalesplanPage()
    StartPython "page"
End Sub

Public Sub SalesplanLast()
    StartPython "last"
End Sub

Public Sub SalesplanDrafts()
    StartPython "drafts"
End Sub

Public Sub SalesplanFolder()
    StartPython "folder"
End Sub

Public Sub SalesplanSend()
    StartPython "send"
End Sub

Public Sub SalesplanClose()
    StartPython "close"
End Sub

Public Sub SalesplanReopen()
    StartPython "reopen"
End Sub

Public Sub SalesplanHistory()
    StartPython "history"
End Sub

Public Sub SalesplanSettings()
    StartPython "settings"
End Sub

Public Sub SalesplanSelftest()
    StartPython "selftest"
End Sub

Public Sub SalesplanHelp()
    StartPython "help"
End Sub

Private Sub StartPython(ByVal button As String)
    Dim python As String, which As String
    On Error GoTo Failed
    python = OwnText("A1")
    If Len(python) = 0 Then
        MsgBox OwnText("A4"), vbExclamation, "salesplan"
        Exit Sub
    End If
    which = InFront()
    If OnMac() Then
        If Not StartOnMac(button & " " & which) Then GoTo Failed
    Else
        If Not IsFile(python) Or Not IsFile(OwnText("A2")) Then GoTo Failed
        ShowAtWork True
        ' -P: no module is taken from the folder Excel happens to be in.
        StartHidden Chr$(34) & python & Chr$(34) & " -P -m salesplan.excel " & button & " " & which
    End If
    Exit Sub
Failed:
    ShowAtWork False
    MsgBox OwnText("A5") & vbLf & python, vbExclamation, "salesplan"
End Sub

Private Function OwnText(ByVal address As String) As String
    OwnText = CStr(ThisWorkbook.Worksheets(1).Range(address).Value)
End Function

' The workbook in front: the handle of its window (0 where Excel tells none), and its full name as UTF-16 in hexadecimal.
Private Function InFront() As String
    Dim fullName As String, handle As String, position As Long
    On Error Resume Next
    handle = "0"
    handle = CStr(ActiveWindow.Hwnd)
    fullName = ActiveWorkbook.FullName
    On Error GoTo 0
    InFront = handle & "-"
    For position = 1 To Len(fullName)
        InFront = InFront & Right$("000" & Hex$(AscW(Mid$(fullName, position, 1)) And 65535), 4)
    Next position
End Function

Private Sub ShowAtWork(ByVal begins As Boolean)
    On Error Resume Next
    If begins Then
        Application.StatusBar = OwnText("A6")
    Else
        Application.StatusBar = False
    End If
End Sub

' LibreOffice does not know conditional compilation and runs both branches: the last one must be the one for it.
Private Function OnMac() As Boolean
#If Mac Then
    OnMac = True
#Else
    OnMac = False
#End If
End Function

' Excel is in a sandbox on macOS. The script outside it knows the interpreter itself and takes nothing but a button's name.
Private Function StartOnMac(ByVal button As String) As Boolean
#If Mac Then
    StartOnMac = (AppleScriptTask("salesplan.applescript", "startSalesplan", button) = "started")
#End If
End Function

Private Function IsFile(ByVal path As String) As Boolean
    Dim files As Object
    On Error Resume Next
    Set files = CreateObject("Scripting.FileSystemObject")
    On Error GoTo 0
    If files Is Nothing Then
        IsFile = Len(Dir$(path)) > 0
    Else
        IsFile = files.FileExists(path)
    End If
End Function

Private Sub StartHidden(ByVal commandLine As String)
    Dim host As Object
    On Error Resume Next
    Set host = CreateObject("WScript.Shell")
    On Error GoTo 0
    If host Is Nothing Then
        ' Switched off by policy, or not on Windows: the plain way, which cannot spell every path.
        Shell commandLine, HiddenWindow
    Else
        host.Run commandLine, HiddenWindow, False
    End If
End Sub
