"""The endpoints for the county's administrator: the status page, its few acts, and the metrics for a monitor on this machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs

import anyio
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from county_server import devices, notes, routes
from county_server.county import County
from county_server.face import OUT_OF_REACH, host_of, read_body, stated_size
from county_server.failing import PASSING, Refusal
from county_server.limits import LITTLE, Limits, is_loopback
from county_server.metrics import MEDIA, Metrics
from county_server.status import alone, gathering, page, sign_in
from county_server.status.html import HOUR, STYLE_PATH
from county_server.status.page import Asked, Frame
from county_server.status.style import STYLE
from county_server.watching import watch_of
from jusuo_desktop.wire.enroll_code import fingerprint
from jusuo_desktop.wire.program import program_version
from jusuo_desktop.wire.scope import is_scope

GUARDS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
MOST_FIELDS: Final = 20
AT_ONCE: Final = 2
"""Codes that one worker checks at the same time: each takes 64 MB of memory, by design."""

Astray = Callable[[Request, Exception], Awaitable[Response]]
Form = dict[str, str]


class StatusFace:
    """The administrator's endpoints. `astray` answers as if there were nothing here."""

    def __init__(self, county: County, limits: Limits, metrics: Metrics, astray: Astray, body_seconds: float) -> None:
        self._county, self._limits, self._metrics, self._astray, self._body_seconds = county, limits, metrics, astray, body_seconds
        self._checking = anyio.CapacityLimiter(AT_ONCE)

    def routes(self) -> list[Route]:
        """All of them."""
        acts = {"enroll": self._enroll, "revoke": self._revoke, "leave": self._leave}
        return [
            Route(routes.METRICS, self.measured, methods=["GET"]),
            Route(STYLE_PATH, self.style, methods=["GET"]),
            Route(routes.STATUS, self._page(self._sheet), methods=["GET"]),
            Route(f"{routes.STATUS}/revoke", self._page(self._ask_to_revoke), methods=["GET"]),
            Route(f"{routes.STATUS}/enroll", self._page(self._ask_to_enroll), methods=["GET"]),
            Route(f"{routes.STATUS}/sign-in", self.enter, methods=["POST"]),
            *(Route(f"{routes.STATUS}/{name}", self._act(act), methods=["POST"]) for name, act in acts.items()),
        ]

    async def style(self, request: Request) -> Response:
        """How the pages look."""
        watch_of(request).route = routes.STATUS
        return Response(STYLE, headers={**GUARDS, "Cache-Control": "max-age=3600"}, media_type="text/css")

    async def measured(self, request: Request) -> Response:
        """The metrics: for a monitor on this machine, not for what a proxy on it passes on, and for the administrator."""
        passed_on = "forwarded" in request.headers or "x-forwarded-for" in request.headers
        try:
            if (passed_on or not is_loopback(host_of(request))) and not await run_in_threadpool(self._signed_in, request):
                return await self._astray(request, HTTPException(404))
            watch_of(request).route = routes.METRICS
            return Response(await run_in_threadpool(self._metrics.text, self._county.now()), headers={"Cache-Control": "no-store"}, media_type=MEDIA)
        except OUT_OF_REACH:
            return Response("database\n", 503)

    # -- who it is ----------------------------------------------------------------------

    def _code(self) -> str:
        """The hash of the present code, '' where there is none."""
        with self._county.database.reading() as connection:
            kept = notes.read(connection, notes.STATUS_CODE)
        return str(kept.content) if kept is not None else ""

    def _signed_in(self, request: Request) -> bool:
        presented = request.cookies.get(sign_in.COOKIE, "")
        hashed = self._code() if presented else ""
        return bool(hashed) and sign_in.holds(self._county, hashed, presented, self._county.now())

    async def enter(self, request: Request) -> Response:
        """Signs in."""
        watch_of(request).route = routes.STATUS
        if wait := self._limits.address(host_of(request)) or self._limits.guess(host_of(request)):
            return _page(alone.told("请稍候", f"试得太频繁，请过{wait}秒再试。"), 429, {"Retry-After": str(wait)})
        try:
            form = await self._form(request)
            hashed = await run_in_threadpool(self._code)
            if hashed and await self._opens(hashed, form.get("code", "")):
                response = RedirectResponse(routes.STATUS, 303, GUARDS)
                made = sign_in.cookie(self._county, hashed, self._county.now())
                response.set_cookie(sign_in.COOKIE, made, path="/", secure=True, httponly=True, samesite="strict")
                return response
        except Refusal as refused:
            return _refused("没有登录", refused)
        except OUT_OF_REACH:
            return _out_of_reach()
        return _page(alone.sign_in(self._county.name, said="登录码不对，请核对后再填。", possible=bool(hashed)), 403)

    async def _opens(self, hashed: str, typed: str) -> bool:
        return await anyio.to_thread.run_sync(lambda: sign_in.opens(hashed, typed), limiter=self._checking)

    # -- pages and acts -----------------------------------------------------------------

    def _page(self, shown: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        """A page for the one who has signed in; anybody else gets the page where one does."""

        def answer(request: Request) -> Response:
            if self._signed_in(request):
                return shown(request)
            return _page(alone.sign_in(self._county.name, possible=bool(self._code())))

        async def endpoint(request: Request) -> Response:
            watch_of(request).route = routes.STATUS
            if wait := self._limits.address(host_of(request)):
                return _page(alone.told("请稍候", f"请求太频繁，请过{wait}秒再试。"), 429, {"Retry-After": str(wait)})
            try:
                return await run_in_threadpool(answer, request)
            except OUT_OF_REACH:
                return _out_of_reach()

        return endpoint

    def _act(self, act: Callable[[Form], Response]) -> Callable[[Request], Awaitable[Response]]:
        """An act of the one who has signed in, from a form of his own page."""

        def done(request: Request, form: Form) -> Response:
            presented = request.cookies.get(sign_in.COOKIE, "")
            if not self._signed_in(request):
                return _page(alone.sign_in(self._county.name, said="登录已过期，请重新登录；没有改动。", possible=True), 403)
            if not sign_in.form_holds(self._county, presented, form.get("seal", "")):
                return _page(alone.told("没有改动", "这次操作不是从本页发出的，没有改动。"), 403)
            return act(form)

        async def endpoint(request: Request) -> Response:
            watch_of(request).route = routes.STATUS
            if wait := self._limits.address(host_of(request)):
                return _page(alone.told("请稍候", f"请求太频繁，请过{wait}秒再试。"), 429, {"Retry-After": str(wait)})
            try:
                return await run_in_threadpool(done, request, await self._form(request))
            except Refusal as refused:
                return _refused("没有改动", refused)
            except OUT_OF_REACH:
                return _out_of_reach()

        return endpoint

    async def _form(self, request: Request) -> Form:
        with self._limits.body_of_address(host_of(request), stated_size(request, LITTLE)):
            body = await read_body(request, LITTLE, self._body_seconds)
        try:
            fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            return {}
        return {name: values[0] for name, values in fields.items()}

    def _frame(self, connection: Connection, request: Request) -> Frame:
        county = self._county
        seats, standing = gathering.seats(connection), gathering.standing(connection, county)
        return Frame(county.name, county.code, program_version(), county.now(), self._form_seal(request), seats, standing)

    def _sheet(self, request: Request) -> Response:
        asked = _asked(request, self._county.now())
        self._county.write_down()
        with self._county.database.reading() as connection:
            frame = self._frame(connection, request)
            match asked.sheet:
                case "aside":
                    sheet = page.aside(frame, asked, gathering.asides(connection, asked.state))
                case "blocks":
                    sheet = page.blocks(frame, asked, gathering.blocks(connection, self._county, asked.year))
                case "server":
                    sheet = page.server(frame, gathering.courier_files(connection))
                case _:
                    sheet = page.devices(frame, asked)
        return _page(page.whole(frame, asked, sheet))

    def _ask_to_revoke(self, request: Request) -> Response:
        with self._county.database.reading() as connection:
            found = [s for s in gathering.seats(connection) if s.id == request.query_params.get("device", "") and s.revoked_at is None]
        if not found:
            return _page(alone.told("停用设备", "没有这台设备，或者已经停用。"), 404)
        return _page(alone.confirm_revoke(self._form_seal(request), found[0]))

    def _ask_to_enroll(self, request: Request) -> Response:
        with self._county.database.reading() as connection:
            places = {seat.scope: seat.place for seat in gathering.seats(connection)}
        return _page(alone.ask_scope(self._form_seal(request), self._county.code, places))

    def _form_seal(self, request: Request) -> str:
        return sign_in.form_seal(self._county, request.cookies.get(sign_in.COOKIE, ""))

    def _revoke(self, form: Form) -> Response:
        with self._county.database.writing() as connection:
            known = devices.revoke(connection, form.get("device", ""), self._county.now())
        if not known:
            return _page(alone.told("停用设备", "没有这台设备。"), 404)
        return RedirectResponse(f"{routes.STATUS}?state=revoked", 303, GUARDS)

    def _enroll(self, form: Form) -> Response:
        county, scope = self._county, form.get("scope", "").strip()
        if not is_scope(scope) or not scope.startswith(county.code) or form.get("hours") not in alone.HOURS:
            said = f"“{scope[:20]}”不是本县（{county.code}）6位、9位或12位的代码，没有发注册码。"
            return _page(alone.told("发注册码", said), 400)
        until = county.now() + int(form["hours"]) * HOUR
        with county.database.writing() as connection:
            code = devices.new_code(connection, scope, fingerprint(county.public_key, county.root_certificate), until)
            place = gathering.place_names(connection, {scope})[scope]
        return _page(alone.shown_code(place, code, until))

    def _leave(self, form: Form) -> Response:
        response = RedirectResponse(routes.STATUS, 303, GUARDS)
        response.delete_cookie(sign_in.COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        return response


def _asked(request: Request, now: int) -> Asked:
    """What the address asks for; what it says wrongly counts as not said."""
    told = request.query_params
    sheet, office, year = told.get("sheet", ""), told.get("office", ""), told.get("year", "")
    return Asked(
        sheet if sheet in page.SHEETS else "devices",
        told.get("sort", "")[:20],
        told.get("down") == "1",
        office if is_scope(office) else "",
        told.get("state", "")[:20],
        int(year) if year.isascii() and year.isdigit() and 1900 < int(year[:5]) < 9998 else datetime.fromtimestamp(now / 1000).year,
    )


def _page(content: str, status: int = 200, more: dict[str, str] | None = None) -> Response:
    return HTMLResponse(content, status, {**GUARDS, **(more or {})})


def _refused(title: str, refused: Refusal) -> Response:
    return _page(alone.told(title, refused.message), refused.status, {"Retry-After": str(refused.wait)} if refused.status in PASSING else None)


def _out_of_reach() -> Response:
    return _page(alone.told("县服务器正忙", "数据库没有答复，请稍后再试。"), 503, {"Retry-After": "10"})
