//! Rule 8: every route is described.

use crate::sources::{Finding, Source, demand, root, server};
use crate::tokens::{Kind, stands};
use serde_json::{Map, Value, json};

const METHODS: &[&str] = &["get", "put", "post", "delete", "patch", "head", "options", "trace"];

/// Paths that need not follow the rules of the interface.
const OUTSIDE: &[(&str, &str)] = &[
    ("/api/meta/webhook", "called by the platform, signed; contract section 3 describes it"),
    ("/api/instagram/webhook", "called by the platform, signed; contract section 3 describes it"),
    ("/api/whatsapp/webhook", "called by the platform, signed; contract section 3 describes it"),
];

/// Files that put a route into the map without the macro that also describes it, with why.
const BY_HAND: &[(&str, &str)] = &[
    ("src/channels/reception.rs", "webhooks: three addresses, one pair of handlers, raw bodies"),
    ("src/files/routes.rs", "for platforms, at the root; described by router::Base"),
    ("src/health.rs", "at the root, described by router::Base"),
    ("src/ingest/routes.rs", "website leads come from any origin; described by router::Base"),
    ("src/router.rs", "the map itself"),
    ("src/simulator/", "plays Graph; no part of the interface"),
];

/// Routes that handlers declare (`#[get("/cards")]`) and the document doesn't have, and routes made by hand.
fn undocumented(sources: &[Source], document: &Value) -> Vec<Finding> {
    const MAKERS: &[&str] =
        &["resource", "route", "method", "get", "post", "put", "patch", "delete", "head", "trace", "to"];
    let mut findings = Vec::new();
    for source in
        sources.iter().filter(|source| !BY_HAND.iter().any(|(path, _)| source.path.starts_with(path)))
    {
        let tokens = &source.tokens;
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| !token.test) {
            let method = METHODS.iter().find(|method| token.attribute && token.is(method));
            let path = tokens.get(at + 2).and_then(|token| token.string());
            if let (Some(method), true, Some(path)) = (method, stands(tokens, at + 1, &["("]), path) {
                let full = format!("/api/v1{path}");
                if document.get("paths").and_then(|all| all.get(&full)?.get(method)).is_none() {
                    findings
                        .push(source.finding(token.line, format!("{method} {full} is not in the document")));
                }
            }
        }
        let code = source.code();
        for (at, token) in code.iter().enumerate() {
            let made = token.kind == Kind::Word && MAKERS.iter().any(|maker| token.is(maker));
            let of_web = at > 2 && stands(code, at - 3, &["web", ":", ":"]) && stands(code, at + 1, &["("]);
            if (made && of_web) || stands(code, at, &[".", "route", "("]) {
                findings.push(source.finding(token.line, "a route made by hand: the file is not in BY_HAND"));
            }
        }
    }
    findings
}

fn gaps(document: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    let none = Map::new();
    let everywhere = document.get("security").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
    for (path, item) in document.get("paths").and_then(Value::as_object).unwrap_or(&none) {
        if OUTSIDE.iter().any(|(start, _)| path.starts_with(start)) {
            continue;
        }
        for (method, operation) in item.as_object().unwrap_or(&none) {
            if METHODS.contains(&method.as_str()) {
                for gap in gaps_of(path, operation, everywhere) {
                    findings.push(Finding {
                        path: format!("{} {path}", method.to_uppercase()),
                        line: 0,
                        text: gap,
                    });
                }
            }
        }
    }
    findings
}

fn gaps_of(path: &str, operation: &Value, everywhere: bool) -> Vec<String> {
    let text =
        |key: &str| operation.get(key).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    let documents = |status: &str| operation.pointer(&format!("/responses/{status}")).is_some();
    let responses = operation.get("responses").and_then(Value::as_object);
    let success = responses.is_some_and(|all| {
        all.keys().any(|status| status.starts_with('2') || status.starts_with('3') || status == "101")
    });
    // `security()` in the route says that anybody may call it: an empty list, or one empty requirement.
    let open = match operation.get("security").and_then(Value::as_array) {
        Some(all) => all.iter().all(|one| one.as_object().is_some_and(Map::is_empty)),
        None => false,
    };
    let secured = everywhere || operation.get("security").is_some();
    let tagged = operation
        .get("tags")
        .and_then(Value::as_array)
        .is_some_and(|tags| tags.iter().any(|tag| tag.as_str().is_some_and(|tag| !tag.is_empty())));
    let by_id = path.starts_with("/api/v1/") && path.contains('{');
    let rules = [
        (text("summary") || text("description"), "has no description"),
        (tagged, "has no tag"),
        (success, "documents no success"),
        (open || documents("401"), "documents no 401, and is not open to anybody (`security()`)"),
        (open || secured, "says not how to sign in (`security`), nor does the document"),
        (!by_id || documents("404"), "takes an id, but documents no 404"),
    ];
    rules.iter().filter(|(kept, _)| !kept).map(|(_, gap)| (*gap).to_owned()).collect()
}

#[test]
fn every_route_is_described() {
    let document = serde_json::to_value(switchboard::router::openapi()).expect("JSON");
    let paths = document.get("paths").and_then(Value::as_object).expect("paths");
    assert!(paths.len() > 20, "the document has hardly any paths: {paths:?}");
    demand(
        "each route has a description, a tag, a success, 401 unless anybody may call it, and 404 where it takes an id",
        "the document is the interface: what it doesn't say, a client can't rely on",
        gaps(&document),
    );
}

#[test]
fn every_handler_is_in_the_document() {
    let document = serde_json::to_value(switchboard::router::openapi()).expect("JSON");
    demand(
        "a handler with `#[get(…)]` and the like is in the document; routes by hand only in the files of BY_HAND",
        "no route is served that nobody can read about, and none is written that nobody serves",
        undocumented(&server(), &document),
    );
    for (path, _) in BY_HAND {
        assert!(server().iter().any(|source| source.path.starts_with(path)), "{path}: take it off BY_HAND");
    }
}

#[test]
fn the_web_app_has_this_document() {
    let path = root().join("web/src/api/openapi.json");
    let document = format!("{}\n", switchboard::router::openapi().to_pretty_json().expect("JSON"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &document).expect("written");
    }
    let kept = std::fs::read_to_string(path).expect("web/src/api/openapi.json can be read");
    assert!(
        kept == document,
        "web/src/api/openapi.json is not the document: run this test with UPDATE_SNAPSHOTS=1, then `npm run types` in web/"
    );
}

/// A document of one route, as the rule wants it.
fn good() -> Value {
    json!({
        "security": [{"bearer": []}],
        "paths": {"/api/v1/cards/{id}": {"get": {
            "summary": "A card.", "tags": ["kanban"],
            "responses": {"200": {"description": ""}, "401": {"description": ""}, "404": {"description": ""}}
        }}}
    })
}

#[test]
fn bad_documents_are_found() {
    assert_eq!(gaps(&good()), []);
    let get = "/paths/~1api~1v1~1cards~1{id}/get";
    for gone in ["summary", "tags", "200", "401", "404"] {
        let mut bad = good();
        let operation = bad.pointer_mut(get).and_then(Value::as_object_mut).expect("the route");
        operation.remove(gone);
        if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
            responses.remove(gone);
        }
        assert_eq!(gaps(&bad).len(), 1, "without {gone}");
    }
    for (text, bad) in [
        ("#[get(\"/cards/{id}\")] async fn f() {}", 0),
        ("#[post(\"/cards/{id}\")] async fn f() {}", 1),
        ("#[get(\"/cards\")] async fn f() {}", 1),
        ("fn f() { config.route(\"/x\", y); }", 1),
        ("fn f() { web::resource(\"/x\"); }", 1),
        ("#[cfg(test)] mod tests { fn f() { web::resource(\"/x\"); } }", 0),
    ] {
        let source = [Source::of("src/kanban/routes.rs", text)];
        assert_eq!(undocumented(&source, &good()).len(), bad, "{text}");
    }
    let mut open = good();
    let operation = open.pointer_mut(get).and_then(Value::as_object_mut).expect("the route");
    operation.insert("security".to_owned(), json!([]));
    operation.get_mut("responses").and_then(Value::as_object_mut).expect("responses").remove("401");
    assert_eq!(gaps(&open), []);
}
