"""Routes, status codes and headers."""

import json

import pytest
from starlette.testclient import TestClient

from windowner.adapters.service import app as service_app
from windowner.adapters.service.app import make_app
from windowner.adapters.service.limits import Limits
from windowner.tagger.rules.rules import Rules
from windowner.tagger.tagger import Tagger

LIMITS = Limits(body_mb=0.001, text=500)
JSON = {"content-type": "application/json"}
SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store"}


@pytest.fixture(scope="module")
def client(tiny):
    with TestClient(make_app(Tagger.load(tiny.model), "tiny", LIMITS), raise_server_exceptions=False) as client:
        yield client


def test_text_is_tagged(client, tiny):
    answer = client.post("/tag", json={"text": "John Smith lives in Paris."})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    spans = Tagger.load(tiny.model).tag_text("John Smith lives in Paris.")
    assert [(span["start"], span["end"], span["label"]) for span in answer.json()["spans"]] == [s[:3] for s in spans]


def test_a_word_is_explained(client):
    answer = client.post("/explain", json={"text": "John Smith lives in Paris.", "word": 4}).json()
    assert answer["sentence"][answer["word"]] == "Paris"


def test_health_describes_the_model(client):
    found = client.get("/healthz").json()
    assert (found["status"], found["model"], sorted(found["types"])) == ("ok", "tiny", ["LOC", "PER"])
    assert "O" in found["tags"]
    assert found["cutoffs"] == {}


def test_what_a_rule_decides_is_said(tiny):
    rules = Rules.of([{"label": "NEW", "pattern": "lives", "id": "verb"}])
    with TestClient(make_app(Tagger.load(tiny.model, rules=rules), "tiny", LIMITS)) as client:
        assert client.get("/healthz").json()["types"][-1] == "NEW"
        (span,) = client.post("/tag", json={"text": "We lives."}).json()["spans"]
        assert (span["label"], span["rule"], span["probability"]) == ("NEW", "verb", 1.0)
        why = client.post("/explain", json={"text": "We lives.", "word": 1}).json()
    assert (why["chosen"].partition("-")[2], why["decided_by"], why["rule"]) == ("NEW", "rule", "verb")
    assert (why["tag"], why["note"]) == ("O", why["note"])
    assert why["note"].startswith("The rule verb decided. The network alone gives O, ")


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "where"),
    [
        ("GET", "/data", {}, 404, "path"),
        ("GET", "/tag/", {}, 404, "path"),
        ("GET", "/page/page.js", {}, 404, "path"),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", {}, 404, "path"),
        ("GET", "/tag", {}, 405, "method"),
        ("POST", "/healthz", {"json": {}}, 405, "method"),
        ("POST", "/", {"json": {}}, 405, "method"),
        ("POST", "/tag", {"data": {"text": "a"}}, 415, "header content-type"),
        ("POST", "/tag", {"content": b'{"text": "a"}'}, 415, "header content-type"),
        ("POST", "/tag", {"content": b"x" * 1001, "headers": JSON}, 413, "body"),
        ("POST", "/tag", {"content": iter([b"x" * 600] * 2), "headers": JSON}, 413, "body"),
        ("POST", "/tag", {"content": b"{", "headers": JSON}, 400, "body"),
        ("POST", "/tag", {"json": {"text": 1}}, 422, "text"),
        ("POST", "/tag", {"json": {"text": "x" * 501}}, 422, "text"),
        ("POST", "/explain", {"json": {"text": "a", "word": 9}}, 422, "word"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered(client, method, path, options, status, where):
    answer = client.request(method, path, **options)
    found = answer.json()
    assert (answer.status_code, found["where"]) == (status, where)
    assert found["error"] == f"{found['where']}: {found['found']}, expected {found['expected']}"
    assert answer.headers.items() >= SAFE.items()
    assert ("allow" in answer.headers) == (status == 405)


def test_content_type_may_name_the_encoding(client):
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert client.post("/tag", content=b'{"text": "a"}', headers=headers).status_code == 200


def test_a_failure_is_not_told(client, monkeypatch):
    monkeypatch.setattr(service_app, "decode", lambda *args: 1 / 0)
    answer = client.post("/tag", json={"text": "a"})
    assert (answer.status_code, answer.json()["where"]) == (500, "service")
    assert "division" not in answer.text


def test_the_page_admits_its_own_style_and_script_alone(client):
    answer = client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["connect-src"], policy["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert policy["script-src"].startswith("'sha256-")
    assert policy["style-src"].startswith("'sha256-")
    assert answer.headers.items() >= SAFE.items()
    assert client.head("/").status_code == 200


def test_no_other_origin_may_ask_unless_allowed(client, tiny):
    origin = {"origin": "https://example.org"}
    asks = {**origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    answer = client.options("/tag", headers=asks)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "access-control-allow-origin" not in client.post("/tag", json={"text": "a"}, headers=origin).headers
    app = make_app(Tagger.load(tiny.model), "tiny", LIMITS, ["https://example.org"])
    with TestClient(app) as allowed:
        assert allowed.options("/tag", headers=asks).status_code == 200
        answer = allowed.post("/tag", json={"text": "a"}, headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://example.org"
        answer = allowed.post("/tag", json={"text": 1}, headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://example.org"
        other = allowed.post("/tag", json={"text": "a"}, headers={"origin": "https://example.com"})
        assert "access-control-allow-origin" not in other.headers


def test_names_of_a_model_may_hold_anything(tiny):
    app = make_app(Tagger.load(tiny.model), '<script>"\\', LIMITS)
    with TestClient(app) as client:
        assert json.loads(client.get("/healthz").text)["model"] == '<script>"\\'
