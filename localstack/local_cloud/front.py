"""The front server: the page and the API on one origin, as CloudFront does it on AWS (`Site` in `infra/template.yaml`)."""

import http.client
import json
import mimetypes
import re
import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from build_support import template

from . import sandbox

# Longer than the 29 s of API Gateway: on a busy machine a function starts slowly.
API_SECONDS = 60
BODY_BYTES_MAX = 10 * 1024 * 1024
# These describe one connection, not the message (RFC 9110, section 7.6.1).
HOP_BY_HOP = {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
              "transfer-encoding", "upgrade", "host", "content-length", "x-forwarded-for"}
# Python's own table differs between machines, and a browser refuses a module with the wrong type.
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
         ".json": "application/json", ".webmanifest": "application/manifest+json", ".wasm": "application/wasm",
         ".html": "text/html; charset=utf-8", ".ico": "image/x-icon", ".woff2": "font/woff2"}


class TemplateLoader(yaml.SafeLoader):
    """Reads the template's short functions (`!Sub`, `!Ref`) as their plain arguments."""


def argument(loader: yaml.Loader, _: str, node: yaml.Node):
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_mapping(node)


TemplateLoader.add_multi_constructor("!", argument)


def security_headers(endpoint: str) -> dict[str, str]:
    """The headers of `PageHeaders` in the template, with `endpoint` as the address of the buckets.

    Without Strict-Transport-Security: this server has no TLS.
    """
    resources = yaml.load(template.TEMPLATE.read_text(), TemplateLoader)["Resources"]
    policy = resources["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security, custom = policy["SecurityHeadersConfig"], policy["CustomHeadersConfig"]["Items"]
    content = re.sub(r"https://\$\{\w+\.RegionalDomainName\}", endpoint, security["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    return {
        "Content-Security-Policy": content,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        **{item["Header"]: item["Value"] for item in custom},
    }


def server(port: int, page: Path, endpoint: str, outputs: Path) -> ThreadingHTTPServer:
    """A server of the folder `page` and of the API of the stack with the outputs file `outputs`.

    The file is read at each request, because the server starts before the stack is deployed.
    """

    class Handler(FrontHandler):
        pass

    Handler.page, Handler.endpoint, Handler.outputs = page, endpoint, outputs
    Handler.security_headers = security_headers(endpoint)
    front = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    front.daemon_threads = True
    return front


class FrontHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    page: Path
    endpoint: str
    outputs: Path
    security_headers: dict[str, str]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/api/"):
            self.forward_to_api()
        elif path in (sandbox.INBOX, f"{sandbox.INBOX}.json"):
            self.forward(sandbox.url(self.outputs.parent), self.path)
        elif self.command in ("GET", "HEAD"):
            self.serve_page()
        else:
            self.answer(405, b"", {})

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def log_message(self, *_) -> None:
        """The functions log their own requests."""

    def answer(self, status: int, body: bytes, headers: dict) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def serve_page(self) -> None:
        path = unquote(urlsplit(self.path).path)
        # A path without a dot in its last part is a view of the page: `PagePaths` in the template.
        name = path.lstrip("/") if "." in path.rsplit("/", 1)[-1] else "index.html"
        file = (self.page / name).resolve()
        if not file.is_relative_to(self.page.resolve()) or not file.is_file():
            self.answer(404, b"not found\n", {**self.security_headers, "Content-Type": "text/plain"})
            return
        # Only files with a digest in their name can be cached.
        caching = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
        content_type = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = {**self.security_headers, "Content-Type": content_type, "Cache-Control": caching}
        self.answer(200, file.read_bytes(), headers)

    def forward_to_api(self) -> None:
        try:
            api = json.loads(self.outputs.read_text())["ApiId"]
        except (OSError, ValueError, KeyError):
            self.answer(503, b"the API is not deployed yet\n", {"Content-Type": "text/plain", "Retry-After": "2"})
            return
        self.forward(self.endpoint, f"/restapis/{api}/live/_user_request_{self.path.removeprefix('/api')}")

    def forward(self, origin: str, target: str) -> None:
        body = self.request_body()
        if body is None:
            return
        upstream = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=API_SECONDS)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        before = f"{self.headers['X-Forwarded-For']}, " if "X-Forwarded-For" in self.headers else ""
        headers["X-Forwarded-For"] = before + self.client_address[0]
        try:
            upstream.request(self.command, target, body, headers)
            self.relay(upstream.getresponse())
        except (OSError, http.client.HTTPException) as broken:
            self.answer(502, f"{origin} did not answer: {broken}\n".encode(), {"Content-Type": "text/plain"})
            self.close_connection = True
        finally:
            upstream.close()

    def request_body(self) -> bytes | None:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            self.answer(411, b"", {"Connection": "close"})
            self.close_connection = True
            return None
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_BYTES_MAX:
            self.answer(413, b"", {"Connection": "close"})
            self.close_connection = True
            return None
        return self.rfile.read(length) if length else b""

    def relay(self, response: http.client.HTTPResponse) -> None:
        self.send_response_only(response.status)
        for name, value in response.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        without_body = self.command == "HEAD" or response.status in (204, 304)
        if response.length is not None and not without_body:
            self.send_header("Content-Length", str(response.length))
        elif not without_body:
            # The length is unknown: closing the connection ends the body.
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if not without_body:
            shutil.copyfileobj(response, self.wfile)
