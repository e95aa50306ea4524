@echo off
rem Runs the tests: see test.bat --help.
call "%~dp0cluster\install.bat" || exit /b 1
"%HUBBUB_NODE%" "%~dp0cluster\src\test.ts" %*
