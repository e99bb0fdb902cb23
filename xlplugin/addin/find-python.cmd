set "PY="
set "FLAGS=-I"
set "NEW_ENOUGH=import sys; sys.exit(sys.version_info < (3, 11))"
for %%P in ("%SystemRoot%\py.exe" "%LOCALAPPDATA%\Programs\Python\Launcher\py.exe" "%LOCALAPPDATA%\Microsoft\WindowsApps\py.exe") do if not defined PY if exist %%P "%%~P" -3 -I -c "%NEW_ENOUGH%" >nul 2>nul && set "PY=%%~P"
if defined PY set "FLAGS=-3 -I"
for /f "delims=" %%P in ('%SYS%\where.exe $PATH:python.exe 2^>nul') do if not defined PY "%%P" -I -c "%NEW_ENOUGH%" >nul 2>nul && set "PY=%%P"
if not defined PY (
    echo 没有找到 Python 3.11 以上版本。请先安装 Python（64 位，安装时勾选 Add python.exe to PATH），再运行本程序。
    goto failed
)
