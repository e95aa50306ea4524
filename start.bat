@echo off
rem Starts Hubbub: see start.bat --help.
call "%~dp0cluster\install.bat" || exit /b 1
"%HUBBUB_NODE%" "%~dp0cluster\src\start.ts" %*
