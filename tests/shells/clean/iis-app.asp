<%
Dim wmi, p: Set wmi = GetObject("winmgmts:\\.\root\cimv2")
For Each p In wmi.ExecQuery("SELECT FreeSpace, Size, DeviceID FROM Win32_LogicalDisk WHERE DriveType = 3")
 Response.Write p.DeviceID & " " & FormatPercent(p.FreeSpace / p.Size) & " free<br>"
Next
%>
