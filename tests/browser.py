"""JupyterLab in a real, headless browser: start it, run a notebook from top to bottom, save it.

What went wrong is read from the saved file and not from the page, which shows tracebacks in ever new ways.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Page, sync_playwright

from maldinb.course.pairs import as_text

PATIENCE = 180  # seconds for whatever one waits for; a busy machine is slow, a broken page waits for ever
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox",  # containers run as root, and have no sandbox to offer
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The browser is no Python, so the guard in tests/startup does not see it; here no name but its own resolves.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
SETTINGS = {
    # No question about news, which would cover the page.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    # Cells that are scrolled away stay in the page, where they can be looked at.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
}


#: Whether the notebook at some path is in front, and its kernel waits.
IDLE = """path => {
    const { context, sessionContext } = jupyterapp.shell.currentWidget ?? {};
    return context?.path === path && sessionContext?.session?.kernel?.status === "idle";
}"""
CLOSE_ALL = """async () => {
    await jupyterapp.serviceManager.sessions.shutdownAll();
    [...jupyterapp.shell.widgets("main")].forEach(widget => widget.dispose());
}"""


def find_chromium() -> str | None:
    """The browser that $CHROMIUM names, or the first of the usual names on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def jupyterlab(root: Path, home: Path, *more: str) -> Iterator[str]:
    """Serve `root` on a free port with nobody's personal settings; gives the address."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", *more]
    with serving(command, home) as address:
        yield address


@contextmanager
def serving(command: list[str], home: Path) -> Iterator[str]:
    """Start a JupyterLab by some command, to which options are added; gives the address that it prints."""
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    environ = os.environ | {name: str(home / folder) for name, folder in folders.items()}
    options = [
        "--no-browser",
        "--allow-root",
        "--expose-app-in-browser",
        "--ServerApp.port=0",
        "--ServerApp.ip=127.0.0.1",
    ]
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen([*command, *options], env=environ, stdout=log, stderr=log)
    try:
        yield _address(server, home / "server.log")
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _address(server: subprocess.Popen, log: Path) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        if printed := re.search(r"http://127\.0\.0\.1:\d+/\S+\?token=\w+\n", log.read_text()):
            return printed[0].strip()
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


@contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def fresh_page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile."""
    with browser.new_page(viewport={"width": 1200, "height": 1400}) as page:
        page.set_default_timeout(PATIENCE * 1000)
        yield page


def copy_stripped(ipynb: Path, root: Path, **parameters) -> None:
    """Copy a pair without its outputs, or the stored ones would pass for fresh ones; with other parameters, if given.

    Those that a notebook does not have are left out.
    """
    if (config := ipynb.parent / "jupytext.toml").exists():
        shutil.copy(config, root)
    nb = nbformat.read(ipynb, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if "parameters" in cell.metadata.get("tags", []):
            for name, value in parameters.items():
                cell.source = re.sub(rf"(?m)^{name} = \S+", f"{name} = {value!r}", cell.source)
    nbformat.write(nb, root / ipynb.name)
    py = root / ipynb.with_suffix(".py").name
    py.write_text(as_text(nb, py), encoding="utf-8")


def command(page: Page, name: str, **arguments) -> None:
    """Have JupyterLab carry out what a menu entry would, and wait until it is done."""
    page.evaluate(
        """([name, arguments]) => {
            window.done = false;
            jupyterapp.commands.execute(name, arguments).finally(() => { window.done = true; });
        }""",
        [name, arguments],
    )
    page.wait_for_function("window.done")


def run_and_save(page: Page, path: str) -> None:
    """Open a notebook, Run All Cells, save."""
    command(page, "docmanager:open", path=path)
    page.wait_for_function(IDLE, arg=path)
    command(page, "notebook:run-all-cells")
    page.wait_for_function(IDLE, arg=path, polling=250)
    command(page, "docmanager:save")


def close_all(page: Page) -> None:
    """Close what is open, end its kernels, and ask about nothing that is not saved."""
    page.evaluate(CLOSE_ALL)


def pictures(page: Page) -> list[str]:
    """The sources of all pictures that cells have drawn."""
    return page.eval_on_selector_all(".jp-OutputArea-output img", "images => images.map(image => image.src)")


def move_widgets(page: Page) -> list[str]:
    """Move every slider, and choose another entry of every menu; wait each time for another picture. Say which."""
    page.wait_for_selector(".jupyter-widgets")
    moved = []
    for slider in page.locator(".jupyter-widgets .noUi-handle").all():
        before = pictures(page)
        at = [slider.get_attribute(f"aria-value{end}") for end in ("now", "max")]
        slider.scroll_into_view_if_needed()
        slider.press("ArrowLeft" if at[0] == at[1] else "ArrowRight")
        wait_for_another_picture(page, before)
        moved.append("slider")
    for menu in page.locator(".jupyter-widgets.widget-dropdown select").all():
        before = pictures(page)
        menu.scroll_into_view_if_needed()
        menu.select_option(index=0 if menu.evaluate("m => m.selectedIndex") else 1)
        wait_for_another_picture(page, before)
        moved.append("menu")
    return moved


def wait_for_another_picture(page: Page, before: list[str]) -> None:
    another = """before => {
        const now = [...document.querySelectorAll('.jp-OutputArea-output img')].map(image => image.src);
        return now.length >= before.length && now.some((source, i) => source !== before[i]);
    }"""
    page.wait_for_function(another, arg=before)


def open_empty(page: Page, address: str) -> None:
    """Open JupyterLab without a notebook."""
    page.goto(address)
    page.wait_for_function("window.jupyterapp")
    page.evaluate("() => jupyterapp.restored")


def open_as_notebook(page: Page, path: str, cells: int) -> None:
    """Open a ``.py`` as its "Open With" menu does, and wait for so many cells."""
    command(page, "docmanager:open", path=path, factory="Jupytext Notebook")
    shown = """([path, cells]) => {
        const current = jupyterapp.shell.currentWidget;
        return current?.title.label === path && current.node.querySelectorAll('.jp-Cell').length === cells;
    }"""
    page.wait_for_function(shown, arg=[path, cells])
