"""A headless Chromium and a Jupyter server on a course, for tests of what people open.

PYTEST_DONT_REWRITE: it asserts nothing, and the files of tests import from it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver.chrome.webdriver import WebDriver

SWITCHES = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1000",
)
PATIENCE = 60.0


@contextmanager
def serving(
    root: Path,
    environment: dict[str, str],
    *settings: str,
    program: str = "jupyter_server",
    page: str = "formgrader",
) -> Iterator[str]:
    """Run a Jupyter server in a folder; give the address of one of its pages.

    Parameters
    ----------
    root : pathlib.Path
        The folder: a course, where the formgrader is the page.
    environment : dict of str to str
        The server's environment.
    *settings : str
        Options beside those that make it private.
    program : str, optional
        The module to run.
    page : str, optional
        A page of the server, without the slash before it; it answers when the server is up.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    private = ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--IdentityProvider.token="]
    options = ["--no-browser", "--allow-root", *private, *settings]
    command = [sys.executable, "-m", program, *options]
    log = (root / "server.log").open("wb")
    with log, subprocess.Popen(command, cwd=root, env=environment, stderr=log) as server:
        address = f"http://127.0.0.1:{port}/{page}"
        try:
            _wait_for(address, server, root / "server.log")
            yield address
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the Jupyter server does not answer:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def browser(memory: Path) -> Iterator[WebDriver]:
    """Start a headless Chromium with a profile of its own."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.fail("A browser is needed: `apt-get install chromium chromium-driver`.")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for switch in SWITCHES:
        options.add_argument(switch)
    options.add_argument(f"--user-data-dir={memory / 'browser'}")
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium's own does not work for root
    browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield browser
    browser.quit()


def texts(browser: WebDriver, selector: str) -> list[str]:
    """Return the texts of all elements that match a CSS selector."""
    return [element.text for element in browser.find_elements(By.CSS_SELECTOR, selector)]
