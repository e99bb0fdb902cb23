@echo off
setlocal DisableDelayedExpansion
set "NoDefaultCurrentDirectoryInExePath=1"
set "SYS=%SystemRoot%\System32"
"%SYS%\chcp.com" 65001 >nul
pushd "%~dp0"
set "OURS=%LOCALAPPDATA%\nianbao"
set "VENV=%OURS%\venv"

echo 年报工具箱 {version} 安装程序
echo.

{find-python}
call "%PY%" %FLAGS% "%~dp0wheels.py" check {version} || goto failed

"%SYS%\tasklist.exe" /fi "imagename eq EXCEL.EXE" 2>nul | "%SYS%\find.exe" /i "EXCEL.EXE" >nul && (
    echo 请先关闭全部 Excel 窗口，再运行本程序。
    goto failed
)

if defined OWN (
    echo 正在复制 Python……
    if exist "%VENV%" rmdir /s /q "%VENV%"
    if exist "%OURS%\python" rmdir /s /q "%OURS%\python"
    "%SYS%\xcopy.exe" "%OWN%" "%OURS%\python\" /e /i /q /y >nul || goto failed
    set "PY=%OURS%\python\python.exe"
)

"%VENV%\Scripts\python.exe" -I -c "%FIT%" >nul 2>nul || (
    echo 正在建立运行环境……
    call "%PY%" %FLAGS% -m venv --clear "%VENV%" || goto failed
)

echo 正在安装程序……
"%VENV%\Scripts\python.exe" -I -m pip install --isolated --quiet --disable-pip-version-check --no-index --find-links wheels --only-binary=:all: --require-hashes -r hashes.txt || goto failed

echo 正在安装加载项……
"%VENV%\Scripts\python.exe" -I -m workbook addin install || goto failed

echo.
echo 安装完成。打开 Excel，功能区会出现“政务公开年报”选项卡。
pause
exit /b 0

:failed
echo.
echo 没有装成。请把以上文字拍照发给技术人员。
pause
exit /b 1
