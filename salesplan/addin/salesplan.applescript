-- Started by the buttons of the salesplan add-in; runs outside Excel's sandbox.
-- Any macro can call this script, so it takes nothing but the name of a button and which workbook is in front: digits, a dash, and A to F.
-- "salesplan excel install" writes the two paths.
property pythonPath : @PYTHON@
property programPath : @PROGRAM@
property buttons : {"check", "preview", "recalc", "undo", "explain", "next", "handout", "collect", "day", "week", "import", "report", "quarter", "page", "last", "drafts", "folder", "send", "close", "reopen", "history", "settings", "selftest", "help"}

on startSalesplan(given)
	set AppleScript's text item delimiters to " "
	set buttonName to text item 1 of given
	set whichBook to ""
	if (count of text items of given) > 1 then set whichBook to text item 2 of given
	if buttons does not contain buttonName then return "unknown"
	repeat with letter in characters of whichBook
		if "0123456789ABCDEF-" does not contain letter then return "unknown"
	end repeat
	try
		do shell script "test -x " & quoted form of pythonPath & " && test -f " & quoted form of programPath
	on error
		return "missing"
	end try
	do shell script quoted form of pythonPath & " -P -m salesplan.excel " & quoted form of buttonName & " " & quoted form of whichBook & " > /dev/null 2>&1 &"
	return "started"
end startSalesplan
