-- Started by the buttons of the salesplan add-in; runs outside Excel's sandbox.
-- Any macro can call this script, so it takes nothing but the name of a button.
-- "salesplan excel install" writes the two paths.
property pythonPath : @PYTHON@
property programPath : @PROGRAM@
property buttons : {"check", "preview", "recalc", "undo", "report", "drafts", "help"}

on startSalesplan(buttonName)
	if buttons does not contain buttonName then return "unknown"
	try
		do shell script "test -x " & quoted form of pythonPath & " && test -f " & quoted form of programPath
	on error
		return "missing"
	end try
	do shell script quoted form of pythonPath & " -P -m salesplan.excel " & quoted form of buttonName & " > /dev/null 2>&1 &"
	return "started"
end startSalesplan
