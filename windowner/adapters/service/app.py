"""The ASGI application: its routes, its answers, and the body of a request within the limits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import cast

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from windowner.adapters.service.answering import Answerer
from windowner.adapters.service.batching import Batcher
from windowner.adapters.service.limits import Limits
from windowner.adapters.service.page import read_page
from windowner.adapters.service.problems import JSON_TYPE, Problem
from windowner.adapters.service.requests import Asked, ExplainRequest, TagRequest, decode
from windowner.tagger.tagger import Tagger

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Headers of every answer; the page has a content security policy of its own."""

Endpoint = Callable[[HttpRequest], Awaitable[Response]]


def make_app(tagger: Tagger, name: str, limits: Limits, origins: Sequence[str] = ()) -> Starlette:
    """Return the application.

    Parameters
    ----------
    tagger
        The tagger.
    name
        Name of the model, as clients see it.
    limits
        The limits.
    origins
        Origins whose pages may use the service, such as `https://example.org`.
    """
    batcher = Batcher(Answerer(tagger), limits.waiting)
    page = read_page()
    health = msgspec.json.encode({"status": "ok", **describe(tagger, name)})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with batcher.running():
            yield

    async def show_page(request: HttpRequest) -> Response:
        return reply(page.html, media_type="text/html", headers={"content-security-policy": page.policy})

    async def show_health(request: HttpRequest) -> Response:
        return reply(health)

    routes = [
        Route("/", show_page),
        Route("/healthz", show_health),
        Route("/tag", _endpoint(batcher, limits, TagRequest), methods=["POST"]),
        Route("/explain", _endpoint(batcher, limits, ExplainRequest), methods=["POST"]),
    ]
    cors = Middleware(
        CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST"], allow_headers=["content-type"]
    )
    handlers = {Problem: _tell_problem, HTTPException: _tell_status, Exception: _tell_failure}
    app = Starlette(routes=routes, middleware=[cors] if origins else [], exception_handlers=handlers, lifespan=lifespan)
    app.router.redirect_slashes = False
    return app


def describe(tagger: Tagger, name: str) -> dict[str, object]:
    """Return what clients need to know of a tagger: the types of its answers, and the tags that can be explained."""
    model = tagger.model
    return {"model": name, "types": tagger.types, "tags": model.tags.names, "cutoffs": dict(model.cutoffs)}


def reply(
    content: bytes, status: int = 200, media_type: str = JSON_TYPE, headers: dict[str, str] | None = None
) -> Response:
    """Return an answer with the headers of all answers."""
    return Response(content, status, HEADERS | (headers or {}), media_type)


async def read_body(request: HttpRequest, limits: Limits) -> bytes:
    """Return the body of a request.

    Raises
    ------
    Problem
        It is too large, too slow, or not said to be JSON.
    """
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != JSON_TYPE:
        raise Problem(415, "header content-type", kind or "none", JSON_TYPE)
    length = request.headers.get("content-length", "0")
    if int(length) > limits.body:  # the server has seen that it is a number
        raise _too_large(f"{int(length):,} bytes", limits)
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.seconds):
            async for part in request.stream():
                parts.append(part)
                size += len(part)
                if size > limits.body:
                    raise _too_large("more bytes", limits)
    except TimeoutError:
        found = f"{size:,} bytes after {limits.seconds:g} seconds"
        raise Problem(408, "body", found, "the whole body", {"connection": "close"}) from None
    return b"".join(parts)


def _too_large(found: str, limits: Limits) -> Problem:
    return Problem(413, "body", found, f"at most {limits.body:,} bytes")


def _endpoint(batcher: Batcher, limits: Limits, kind: type[Asked]) -> Endpoint:
    """Return what answers requests of a kind."""

    async def answer(request: HttpRequest) -> Response:
        try:
            body = await read_body(request, limits)
        except ClientDisconnect:
            return reply(b"", 400)  # nobody reads it
        return reply(await batcher.ask(decode(body, kind, limits)))

    return answer


async def _tell_problem(request: HttpRequest, error: Exception) -> Response:
    problem = cast(Problem, error)
    return reply(problem.content(), problem.status, headers=problem.headers)


async def _tell_status(request: HttpRequest, error: Exception) -> Response:
    """Answer requests for paths and with methods that the service does not have."""
    status, headers = cast(HTTPException, error).status_code, cast(HTTPException, error).headers or {}
    if status == 405:
        problem = Problem(status, "method", request.method, headers.get("Allow", "another method"), headers)
    else:
        problem = Problem(status, "path", request.scope["path"], "/tag, /explain, /healthz or /", headers)
    return reply(problem.content(), problem.status, headers=problem.headers)


async def _tell_failure(request: HttpRequest, error: Exception) -> Response:
    """Answer a request on which the service fails. The client gets no details. They are in the log."""
    return reply(Problem(500, "service", "an error of its own", "an answer; its log says more").content(), 500)
