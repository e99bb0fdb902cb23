set "OLD="
for /f "tokens=2 delims=[]" %%V in ('ver') do for /f "tokens=2 delims=. " %%M in ("%%V") do if %%M LSS 10 set "OLD=%%M"
if defined OLD (
    echo 这台电脑的 Windows 太旧。需要 Windows 10 或更新的版本（64 位）。
    goto failed
)
if /i "%PROCESSOR_ARCHITECTURE%%PROCESSOR_ARCHITEW6432%"=="x86" (
    echo 这台电脑的 Windows 是 32 位的。需要 64 位的 Windows 10 或更新的版本；Excel 32 位、64 位都可以。
    goto failed
)

set "PY="
set "FLAGS=-I -B"
set "OWN="
set "WHY=0"
set "FIT=import sys, sysconfig; sys.exit(3 if sys.version_info < (3, 11) else 4 if sysconfig.get_platform() != 'win-amd64' else 5 if 'windowsapps' in sys.base_prefix.lower() else 0)"
if exist "%~dp0python\python.exe" (
    set "OWN=%~dp0python"
    call :try "%~dp0python\python.exe"
    goto tried
)
for %%P in ("%SystemRoot%\py.exe" "%LOCALAPPDATA%\Programs\Python\Launcher\py.exe" "%LOCALAPPDATA%\Microsoft\WindowsApps\py.exe") do if not defined PY if exist %%P call :try %%P -3
for %%N in (python.exe python.bat) do for /f "delims=" %%P in ('%SYS%\where.exe $PATH:%%N 2^>nul') do if not defined PY call :try "%%P"
goto tried

:try
call "%~1" %2 -I -B -c "%FIT%" >nul 2>nul
set "CODE=%errorlevel%"
if "%CODE%"=="0" set "PY=%~1"
if "%CODE%"=="0" if not "%~2"=="" set "FLAGS=%~2 -I -B"
for %%C in (3 4 5) do if "%CODE%"=="%%C" set "WHY=%%C"
exit /b 0

:tried
if not defined PY (
    if defined OWN echo 旁边的 python 文件夹里的 Python 不能用：
    if "%WHY%"=="0" if defined OWN echo 它启动不了，可能没有复制完，或被杀毒软件隔离了。请重新复制整个文件夹，并把它加入信任区。
    if "%WHY%"=="0" if not defined OWN echo 没有找到 Python 3.11 以上版本。
    if "%WHY%"=="3" echo 找到的 Python 版本太低，需要 3.11 以上。
    if "%WHY%"=="4" echo 找到的 Python 不是 64 位（x64）的，程序包只有 64 位的；Excel 32 位、64 位都可以。
    if "%WHY%"=="5" echo 找到的 Python 来自 Microsoft Store（微软应用商店）：它写进 AppData 的文件 Excel 看不到，不能用。
    if not defined OWN echo 请从 python.org 安装 Python 3.11 以上版本（64 位，安装时勾选 Add python.exe to PATH），再运行本程序。
    goto failed
)
