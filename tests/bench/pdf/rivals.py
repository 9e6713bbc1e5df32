"""Prints an HTML page to PDF with WeasyPrint and with headless Chromium; tells the median seconds of each way, one a line.

Arguments: the page, a folder for what comes out. Chromium is spoken to over a pipe, as its own tools do it.
"""

import base64
import fcntl
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

PAGE, FOLDER = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
RUNS = 11


def median_of(work, runs=RUNS):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def tell(name, seconds):
    print(f"{name}\t{seconds:.6f}", flush=True)


def weasyprint_times():
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        print(f"not measured: WeasyPrint ({error})")
        return
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    target = FOLDER / "weasyprint.pdf"

    def render():
        weasyprint.HTML(filename=str(PAGE)).write_pdf(str(target), font_config=fonts)

    render()
    name = f"WeasyPrint {weasyprint.__version__}"
    tell(f"{name}, warm process", median_of(render, 5))
    command = [sys.executable, "-m", "weasyprint", str(PAGE), str(target)]
    tell(f"{name}, process and document", median_of(lambda: subprocess.run(command, check=True, capture_output=True), 3))


class Chromium:
    """A running browser: one command at a time, over the pipes 3 and 4 of its process."""

    def __init__(self, program):
        to_browser, self.to_browser = os.pipe()
        self.from_browser, from_browser = os.pipe()

        def pipes():
            # Out of the way first: the pipes may have these very numbers.
            ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_browser, from_browser)]
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        options = [*OPTIONS, "--remote-debugging-pipe", f"--user-data-dir={FOLDER / 'profile'}", "about:blank"]
        self.process = subprocess.Popen(
            [program, *options], preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.count = b"", 0

    def message(self):
        while b"\0" not in self.buffer:
            part = os.read(self.from_browser, 1 << 20)
            if not part:
                raise OSError("the browser ended")
            self.buffer += part
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def ask(self, method, session=None, **parameters):
        self.count += 1
        question = {"id": self.count, "method": method, "params": parameters}
        if session:
            question["sessionId"] = session
        os.write(self.to_browser, json.dumps(question).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.count:
                return message["result"]

    def wait_for(self, method):
        while self.message().get("method") != method:
            pass


OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def chromium_times():
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if program is None:
        print("not measured: Chromium, which is not installed")
        return
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.split()
    name = f"Chromium {next((word for word in version if word[0].isdigit()), '')}"
    browser = Chromium(program)
    try:
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.ask("Page.enable", session)

        def render():
            browser.ask("Page.navigate", session, url=PAGE.as_uri())
            browser.wait_for("Page.loadEventFired")
            printed = browser.ask("Page.printToPDF", session, printBackground=True, preferCSSPageSize=True)
            (FOLDER / "chromium.pdf").write_bytes(base64.b64decode(printed["data"]))

        render()
        tell(f"{name}, warm process", median_of(render))
        browser.ask("Browser.close")
        browser.process.wait(timeout=20)
    finally:
        browser.process.kill()
    command = [program, *OPTIONS, f"--user-data-dir={FOLDER / 'profile'}", "--no-pdf-header-footer"]
    command += [f"--print-to-pdf={FOLDER / 'chromium.pdf'}", PAGE.as_uri()]
    tell(f"{name}, process and document", median_of(lambda: subprocess.run(command, check=True, capture_output=True), 5))


weasyprint_times()
chromium_times()
