"""WaveSpeedAI's uploads over HTTP: by ticket and PUT, by multipart, and the files themselves."""

import mimetypes
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from tests.emulators.emulator import Call
from tests.emulators.journal import places
from tests.emulators.wavespeed_checks import refused
from tests.emulators.wavespeed_routes import envelope
from tests.emulators.wavespeed_uploads import File

if TYPE_CHECKING:
    from tests.emulators.wavespeed import WaveSpeed

UNKNOWN_TYPE = "application/octet-stream"


async def ticket(emulator: "WaveSpeed", call: Call) -> Response:
    if not emulator.rules.ticket_uploads:
        raise refused(404, "model media/uploads not found")
    name, size, kind = _wanted(call.json)
    _check_bytes(emulator, size)
    file = emulator.uploads.ticket(name, size, kind, emulator.clock.now())
    signed = f"{emulator.url}/put/{file.id}?signature={file.signature}"
    return envelope(_told(emulator, file) | {"upload": {"method": "PUT", "url": signed, "headers": file.headers}})


def _wanted(asked: Any) -> tuple[str, int, str]:
    if not isinstance(asked, dict) or not isinstance(asked.get("filename"), str) or not asked["filename"]:
        raise refused(400, "filename is required")
    if not isinstance(asked.get("size"), int) or asked["size"] < 1:
        raise refused(400, "size is required")
    return asked["filename"], asked["size"], asked.get("content_type") or _guessed(asked["filename"])


async def put(emulator: "WaveSpeed", call: Call) -> Response:
    """The store behind the platform: it knows signatures, no keys, and answers in its own words."""
    problem = _put_problem(emulator, call)
    if problem:
        return Response(f"<Error><Code>{problem}</Code></Error>", 400, media_type="application/xml")
    emulator.uploads.store(emulator.uploads.files[call.path["id"]], call.body)
    return Response(status_code=200)


def _put_problem(emulator: "WaveSpeed", call: Call) -> str | None:
    headers, file = call.request.headers, emulator.uploads.files.get(call.path["id"])
    if "authorization" in headers or places(emulator.keys(), str(call.request.url), headers, b""):
        return "CredentialsNotAllowed"
    if not file or call.request.query_params.get("signature") != file.signature:
        return "SignatureDoesNotMatch"
    if any(headers.get(name) != value for name, value in file.headers.items()) or _strange(headers, file):
        return "HeadersNotSigned"
    if headers.get("content-length") != str(file.size) or len(call.body) != file.size:
        return "SizeMismatch"
    return None


def _strange(headers: Any, file: File) -> bool:
    """Headers with a meaning of their own that the ticket did not name, such as X-Client-Name."""
    return bool({name for name in headers if name.startswith("x-")} - {name.lower() for name in file.headers})


async def binary(emulator: "WaveSpeed", call: Call) -> Response:
    if not emulator.rules.binary_uploads:
        raise refused(404, "model media/upload/binary not found")
    form = await call.request.form()
    part = form.get("file")
    if not isinstance(part, UploadFile):
        raise refused(400, "file is required")
    data, name = await part.read(), part.filename or "upload"
    _check_bytes(emulator, len(data))
    file = emulator.uploads.ticket(name, len(data), part.content_type or _guessed(name), emulator.clock.now())
    emulator.uploads.store(file, data)
    return envelope(_told(emulator, file))


async def file_itself(emulator: "WaveSpeed", call: Call) -> Response:
    file = emulator.uploads.at(call.request.url.path, emulator.clock.now())
    if not file:
        return Response("Not Found", 404, media_type="text/plain")
    return Response(file.data, media_type=file.content_type)


def _told(emulator: "WaveSpeed", file: File) -> dict[str, Any]:
    url = f"{emulator.url}/u/{file.id}/{file.filename}"
    return {"type": file.content_type.split("/")[0], "download_url": url, "filename": file.filename, "size": file.size}


def _check_bytes(emulator: "WaveSpeed", size: int) -> None:
    if size > emulator.rules.upload_bytes:
        raise refused(413, f"file is larger than {emulator.rules.upload_bytes} bytes")


def _guessed(filename: str) -> str:
    return mimetypes.guess_type(filename)[0] or UNKNOWN_TYPE
