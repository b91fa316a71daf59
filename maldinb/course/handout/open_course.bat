@echo off
rem Opens the course in JupyterLab: double-click it.
cd /d "%~dp0"
where py >nul 2>nul && (py -3 open_course.py %* & goto end)
where python >nul 2>nul && (python open_course.py %* & goto end)
echo There is no Python on this computer: get one from https://www.python.org (3.11 or newer), then do what your teacher said.
:end
if errorlevel 1 pause
