@echo off
rem Called by start.bat and test.bat: installs the packages, among them the Node that everything runs on, when package-lock.json is
rem not the one of the last installation. Leaves that Node's path in HUBBUB_NODE.
setlocal
set "root=%~dp0.."
set "stamp=%root%\node_modules\.hubbub-installed"

where node >nul 2>nul && where npm >nul 2>nul || goto :nonode
node -e "process.exit(process.versions.node.split('.')[0] >= 20 ? 0 : 1)" || goto :nonode

fc /b "%root%\package-lock.json" "%stamp%" >nul 2>nul && goto :installed
echo installing packages (about a minute the first time)
pushd "%root%"
call npm ci --no-audit --no-fund --loglevel=error
set "failed=%errorlevel%"
popd
if not "%failed%"=="0" goto :nopackages
copy /y "%root%\package-lock.json" "%stamp%" >nul || exit /b 1

:installed
endlocal & set "HUBBUB_NODE=%~dp0..\node_modules\node\bin\node.exe"
exit /b 0

:nonode
echo error: Node.js 20 or newer with npm is needed. Install it from https://nodejs.org and start again. 1>&2
exit /b 1

:nopackages
echo error: npm ci failed; see above. It needs the npm registry and a folder that this user can write. 1>&2
exit /b 1
