@echo off
setlocal DisableDelayedExpansion
set "NoDefaultCurrentDirectoryInExePath=1"
set "SYS=%SystemRoot%\System32"
"%SYS%\chcp.com" 65001 >nul
pushd "%~dp0"

{find-python}
call "%PY%" %FLAGS% {download} || goto failed
call "%PY%" %FLAGS% "%~dp0wheels.py" write {version} || goto failed

echo.
echo 下载完成。请把整个文件夹复制到办公电脑，运行 install.cmd。
pause
exit /b 0

:failed
echo.
echo 没有下载完。请把以上文字拍照发给技术人员。
pause
exit /b 1
