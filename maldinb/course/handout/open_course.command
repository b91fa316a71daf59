#!/bin/sh
# Opens the course in JupyterLab: double-click it (macOS), run it as a program (Linux), or type  sh open_course.command
cd "$(dirname "$0")" || exit 1
for python in python3 python; do
    if command -v "$python" >/dev/null 2>&1; then
        "$python" open_course.py "$@" && exit 0
        printf 'Press Enter to close this window. '
        read -r _
        exit 1
    fi
done
echo "There is no Python on this computer: get one from https://www.python.org (3.11 or newer), then do what your teacher said."
printf 'Press Enter to close this window. '
read -r _
exit 1
