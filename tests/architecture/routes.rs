//! Rule 8: every route is described.

use crate::sources::{Finding, demand};
use serde_json::{Map, Value, json};

const METHODS: &[&str] = &["get", "put", "post", "delete", "patch", "head", "options", "trace"];

/// Paths that need not follow the rules of the interface.
const OUTSIDE: &[(&str, &str)] = &[
    ("/api/meta/webhook", "called by the platform, signed; contract section 3 describes it"),
    ("/api/instagram/webhook", "called by the platform, signed; contract section 3 describes it"),
    ("/api/whatsapp/webhook", "called by the platform, signed; contract section 3 describes it"),
];

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
                    findings.push(Finding { path: format!("{} {path}", method.to_uppercase()), line: 0, text: gap });
                }
            }
        }
    }
    findings
}

fn gaps_of(path: &str, operation: &Value, everywhere: bool) -> Vec<String> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
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
    let tagged = operation.get("tags").and_then(Value::as_array).is_some_and(|tags| {
        tags.iter().any(|tag| tag.as_str().is_some_and(|tag| !tag.is_empty()))
    });
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
    let mut open = good();
    let operation = open.pointer_mut(get).and_then(Value::as_object_mut).expect("the route");
    operation.insert("security".to_owned(), json!([]));
    operation.get_mut("responses").and_then(Value::as_object_mut).expect("responses").remove("401");
    assert_eq!(gaps(&open), []);
}
