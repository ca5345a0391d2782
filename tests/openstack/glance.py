"""The little of an image service that clients ask before they build a server: its names and ids."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@contextmanager
def serving(images: dict[str, str]) -> Iterator[str]:
    """Its address. ``images``: names by id."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            port = self.request.getsockname()[1]
            status, body = _answer(asked.path, parse_qs(asked.query), images, f":{port}")
            told = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Nothing is to be said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(
    path: str, query: dict[str, list[str]], images: dict[str, str], port: str
) -> tuple[int, Any]:
    parts = [part for part in path.split("/") if part]
    if parts in ([], ["versions"]):
        link = {"rel": "self", "href": f"http://127.0.0.1{port}/v2/"}
        return 300, {"versions": [{"id": "v2.9", "status": "CURRENT", "links": [link]}]}
    if parts == ["v2", "images"]:
        names = query.get("name", [])
        shown = [_image(*one) for one in images.items() if not names or one[1] in names]
        return 200, {"images": shown, "schema": "/v2/schemas/images", "first": "/v2/images"}
    if len(parts) == 3 and parts[2] in images:
        return 200, _image(parts[2], images[parts[2]])
    return 404, {"message": f"No image found with ID {parts[-1]}"}


def _image(id: str, name: str) -> dict[str, Any]:
    return {
        "id": id,
        "name": name,
        "status": "active",
        "visibility": "public",
        "min_ram": 0,
        "min_disk": 0,
        "tags": [],
    }
