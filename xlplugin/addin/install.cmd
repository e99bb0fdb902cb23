@echo off
chcp 65001 >nul
setlocal
pushd "%~dp0"
set "VENV=%LOCALAPPDATA%\nianbao\venv"
set "WANTED=nianbao[excel]=={version}"

echo 年报工具箱 {version} 安装程序
echo.

set "PY="
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PY=py -3"
if not defined PY python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PY=python"
if not defined PY (
    echo 没有找到 Python 3.11 以上版本。请先安装 Python（64 位，安装时勾选 Add python.exe to PATH），再运行本程序。
    goto failed
)

tasklist /fi "imagename eq EXCEL.EXE" 2>nul | find /i "EXCEL.EXE" >nul && (
    echo 请先关闭全部 Excel 窗口，再运行本程序。
    goto failed
)

"%VENV%\Scripts\python.exe" -c "" >nul 2>nul || (
    echo 正在建立运行环境……
    %PY% -m venv --clear "%VENV%" || goto failed
)

echo 正在安装程序……
if exist "wheels\" (
    "%VENV%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels "%WANTED%" || goto failed
) else (
    "%VENV%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --find-links . "%WANTED%" || goto failed
)

echo 正在安装加载项……
"%VENV%\Scripts\nianbao.exe" addin install || goto failed

echo.
echo 安装完成。打开 Excel，功能区会出现“政务公开年报”选项卡。
pause
exit /b 0

:failed
echo.
echo 没有装成。请把以上文字拍照发给技术人员。
pause
exit /b 1
