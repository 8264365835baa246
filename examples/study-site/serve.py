"""Start a groundedqa service over these pages, and the pages beside it on an origin of their own.

    python examples/study-site/serve.py

Prints the pages' address, then the service's; Ctrl-C ends both. The pages name the service
``https://qa.example.org`` and the key ``site_...``, as a site's own would name theirs: the true
ones are put in their place as the pages are sent.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from groundedqa.operate import Database

PAGES = Path(__file__).parent
MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
PROFILE = """name = "Harbour Lane"
base = "{origin}"
url = "{{base}}/{{name}}"
licence = "CC BY 4.0"
"""
put: dict[bytes, bytes] = {}


class Pages(BaseHTTPRequestHandler):
    """Sends the pages, with the service's address and the key put in."""

    def do_GET(self) -> None:
        """The file of this name, below this folder alone."""
        name = self.path.partition("?")[0].strip("/") or "index.html"
        path = PAGES / name
        if "/" in name or path.suffix not in MEDIA or not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        for example, true in put.items():
            content = content.replace(example, true)
        self.send_response(200)
        self.send_header("Content-Type", MEDIA[path.suffix])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


def groundedqa(*words: str | Path) -> list[str]:
    """A command of this Python's groundedqa."""
    return [sys.executable, "-m", "groundedqa", *map(str, words)]


def build(origin: str, index: Path, work: Path) -> None:
    """Build the pages, with links to where they are served."""
    corpus = work / "corpus"
    # The first page is a list of the others, and answers nothing.
    shutil.copytree(
        PAGES, corpus, ignore=shutil.ignore_patterns("*.py", "*.css", "*.svg", "index.html")
    )
    (corpus / "site.toml").write_text(PROFILE.format(origin=origin), encoding="utf-8")
    subprocess.run(
        groundedqa("build", "--corpus", corpus, "--index", index, "--no-tune"), check=True, stdout=2
    )


def main() -> None:
    """Build, serve both until Ctrl-C."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--port", type=int, default=8080, help="of the pages; 0 takes a free one")
    parser.add_argument("--service-port", type=int, default=8001, help="of the service")
    parser.add_argument("--index", type=Path, default=Path("index/study-site"))
    parser.add_argument("--preview", action="store_true", help="show the beginning of quotes alone")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    site = ThreadingHTTPServer(("127.0.0.1", given.port), Pages)
    origin = f"http://127.0.0.1:{site.server_port}"
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        build(origin, given.index, work)
        keys = work / "operator.sqlite"
        # As `groundedqa keys create site --origin ...` does.
        access = "preview" if given.preview else "full"
        key, _ = Database(keys).create("site", "study site", origins=(origin,), access=access)
        serving = subprocess.Popen(
            groundedqa(
                *("serve", "--index", given.index, "--keys", keys),
                *("--port", str(given.service_port), "--pages", "full"),
            ),
            stdout=subprocess.PIPE,
        )
        try:
            assert serving.stdout is not None
            service = serving.stdout.readline().strip().rstrip(b"/")
            put.update({b"https://qa.example.org": service, b"site_...": key.encode()})
            Thread(target=site.serve_forever, daemon=True).start()
            sys.stdout.write(f"{origin}/\n{service.decode()}/\n")
            sys.stdout.flush()
            serving.wait()
        except KeyboardInterrupt:
            pass
        finally:
            serving.terminate()
            serving.wait()


if __name__ == "__main__":
    main()
