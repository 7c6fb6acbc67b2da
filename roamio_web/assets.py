"""Static files: served with a content hash in the address, so that a browser asks for each of them once.

``asset_url('css/base.css')`` is ``/static/css/base.css?v=<hash>``. A request with the current hash may be
kept for a year; any other is revalidated by its ETag. Text is compressed once per version and kept in memory.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory, url_for
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from roamio_web.compression import takes_gzip
from roamio_web.config import SettingsError
from roamio_web.vendor import versioned_names

YEAR = 365 * 24 * 60 * 60
HASH_LENGTH = 16
COMPRESSED = frozenset({".css", ".js", ".svg", ".json", ".txt"})
WORTH_COMPRESSING = 512
COMMENTS = {
    ".css": re.compile(rb"^[ \t]*/\*.*?\*/[ \t]*\n", re.DOTALL | re.MULTILINE),
    ".js": re.compile(rb"^[ \t]*//.*\n", re.MULTILINE),
}
"""Comments on lines of their own, in our own files: for whoever reads the code, not for each phone."""
VENDOR = "vendor"


@dataclass(frozen=True)
class Asset:
    """One version of one static file; ``plain`` and ``zipped`` are kept for text only."""

    digest: str
    plain: bytes = b""
    zipped: bytes = b""


def init_app(app: Flask) -> None:
    """Serve the static files by content hash, and give templates ``asset_url``.

    :raise SettingsError: the front-end packages are not installed.
    """
    names = versioned_names()
    folder = Path(app.static_folder or "")
    if missing := [file for file in names.values() if not (folder / file).is_file()]:
        raise SettingsError(f"static/{missing[0]} is missing: run `make assets`.")
    app.extensions["roamio.assets"] = names
    app.jinja_env.globals["asset_url"] = asset_url
    app.view_functions["static"] = serve


def asset_url(name: str) -> str:
    """The address of a static file, with the hash of what is in it now.

    ``vendor/htmx.js`` and its like are logical names: the file carries the version.

    :raise FileNotFoundError: there is no such file; a template names it wrongly.
    """
    filename = current_app.extensions["roamio.assets"].get(name, name)
    path = Path(current_app.static_folder or "") / filename
    return url_for("static", filename=filename, v=_load(path).digest)


def serve(filename: str) -> Response:
    """Send one static file: for a year when the address carries its hash, else to be revalidated.

    :raise 404: there is no such file.
    """
    path = safe_join(current_app.static_folder or "", filename)
    if path is None or not Path(path).is_file():
        raise NotFound
    asset = _load(Path(path))
    response = _text(asset, filename) if asset.plain else _file(filename)
    response.cache_control.clear()
    if request.args.get("v") == asset.digest:
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    return response


def _text(asset: Asset, filename: str) -> Response:
    zipped = bool(asset.zipped) and takes_gzip()
    content_type = mimetypes.guess_type(filename)[0] or "text/plain"
    response = Response(asset.zipped if zipped else asset.plain, mimetype=content_type)
    response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{asset.digest}-gzip" if zipped else asset.digest)
    response.make_conditional(request)
    return response


def _file(filename: str) -> Response:
    return send_from_directory(current_app.static_folder or "", filename)


def _load(path: Path) -> Asset:
    """The file as it is now: read again only when its time or size has changed."""
    stat = path.stat()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, _modified: int, _size: int) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
    if path.suffix not in COMPRESSED:
        return Asset(digest)
    if path.parent.name != VENDOR and path.suffix in COMMENTS:
        content = COMMENTS[path.suffix].sub(b"", content)
    zipped = gzip.compress(content, mtime=0) if len(content) >= WORTH_COMPRESSING else b""
    return Asset(digest, content, zipped)
