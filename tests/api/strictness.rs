//! What a request may look like: bodies, ids, lists, addresses. Whatever does not fit is refused in one shape, and
//! changes nothing. All routes of the OpenAPI document are in these tests by themselves (see [`operations`]).

use crate::operations::{self, Answer, Operation, with};
use crate::records::{self, PHONE, Records};
use crate::support::TestApp;
use reqwest::Method;
use serde_json::{Value, json};
use switchboard::http::MAX_BODY;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A server with one record of each kind.
async fn stage() -> (TestApp, Records) {
    let app = TestApp::start().await;
    let own = Records::add(app.database.owner(), app.tenant.id(), "own").await;
    (app, own)
}

async fn send(
    app: &TestApp,
    operation: &Operation,
    address: &str,
    kind: &str,
    body: impl Into<Vec<u8>>,
) -> Answer {
    let request = operation.to(app, address).bearer_auth(&app.token).header("content-type", kind);
    Answer::of(request.body(body.into())).await
}

async fn get(app: &TestApp, address: &str) -> Answer {
    Answer::of(app.http.get(format!("{}{address}", app.base)).bearer_auth(&app.token)).await
}

fn utf_16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_json_object_is_refused() {
    let (app, own) = stage().await;
    let before = records::digest(app.database.owner(), None).await;
    for operation in operations::all().iter().filter(|operation| operation.takes_body()) {
        let (name, address) = (operation.name(), operation.address(&own));
        let valid = operation.valid_body(&own).unwrap();
        let text = valid.to_string();
        let (first, value) =
            valid.as_object().unwrap().iter().next().map(|(k, v)| (k.clone(), v.clone())).unwrap();
        let values: Vec<&Value> = valid.as_object().unwrap().values().collect();
        let mut bodies: Vec<Vec<u8>> = vec![
            Vec::new(),
            utf_16(&text),
            format!("\u{feff}{text}").into_bytes(),
            format!("{text}{text}").into_bytes(),
            format!("{text}\0").into_bytes(),
            text.replace('"', "'").into_bytes(),
            text.strip_suffix('}').unwrap().into(),
            text.replace('}', ",}").into_bytes(),
            format!("{{\"{first}\":{value},\"{first}\":{value}}}").into_bytes(),
            [text.replace('}', "").as_bytes(), b",\"x\":\"\xff\xfe\"}"].concat(),
            json!(values).to_string().into_bytes(),
            format!("[{text}]").into_bytes(),
            format!("{{\"{first}\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000)).into_bytes(),
            format!("{{\"{first}\":{}1{}}}", "{\"a\":".repeat(5_000), "}".repeat(5_000)).into_bytes(),
        ];
        bodies.extend(
            ["null", "true", "1", "\"x\"", "[]", "NaN", "{", "// x\n{}", "form=1&a=b"].map(Vec::from),
        );
        for body in bodies {
            let of = format!("{name}: {}", String::from_utf8_lossy(&body[..body.len().min(100)]));
            let answer = send(&app, operation, &address, "application/json", body).await;
            answer.is_problem(400, "bad_request", &of);
        }
    }
    assert_eq!(records::digest(app.database.owner(), None).await, before);
    app.end().await;
}

/// JSON texts, as some are not to be had as a value.
const SCALARS: [&str; 14] = [
    "[]",
    "{}",
    "true",
    "0",
    "-0",
    "-1",
    "1.5",
    "1e400",
    "-1e400",
    "9223372036854775808",
    "18446744073709551616",
    "null",
    "\"\"",
    "\"x\"",
];

/// Whether a JSON value of that type is within the schema's types.
fn fits(schema: &Value, value: &Value) -> bool {
    let text = schema.to_string();
    let has = |name: &str| text.contains(&format!("\"{name}\""));
    match value {
        Value::Null => has("null"),
        Value::Bool(_) => has("boolean"),
        Value::Number(_) => has("integer") || has("number"),
        Value::String(_) => has("string") || has("$ref"),
        Value::Array(_) => has("array"),
        Value::Object(_) => has("object") || has("$ref"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_a_wrong_type_is_refused_and_no_value_breaks_anything() {
    let (app, own) = stage().await;
    let before = records::digest(app.database.owner(), Some(own.tenant)).await;
    let mut refused = 0;
    for operation in operations::all().iter().filter(|operation| operation.takes_body()) {
        let address = operation.address(&own);
        let mut valid = operation.valid_body(&own).unwrap();
        for (property, schema) in operation.properties() {
            for scalar in SCALARS {
                valid[&property] = json!("SCALAR");
                let body = valid.to_string().replace("\"SCALAR\"", scalar);
                let of = format!("{} {body}", operation.name());
                // What JSON can't hold is a number too large for it.
                let value = serde_json::from_str(scalar).unwrap_or(Value::Object(serde_json::Map::new()));
                if fits(&schema, &value) {
                    continue;
                }
                let answer = send(&app, operation, &address, "application/json", body).await;
                answer.is_problem(400, "bad_request", &of);
                refused += 1;
            }
            valid = operation.valid_body(&own).unwrap();
        }
    }
    assert!(refused > 200, "{refused}");
    assert_eq!(records::digest(app.database.owner(), Some(own.tenant)).await, before);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_breaks_anything() {
    let (app, own) = stage().await;
    let texts = [
        "\0",
        "a\0b",
        "\u{1}",
        "\u{feff}",
        "\u{202e}x",
        "'; drop table message; --",
        "{{7*7}}",
        "$1",
        "\\x00",
        "x@y.test\0",
    ];
    let long = ["ş".repeat(300), "a".repeat(100_000)];
    for operation in operations::all().iter().filter(|operation| operation.takes_body()) {
        let address = operation.address(&own);
        for (property, schema) in operation.properties() {
            for text in texts.iter().copied().chain(long.iter().map(String::as_str)) {
                let mut body = operation.valid_body(&own).unwrap();
                let list = fits(&schema, &json!([]));
                body[&property] = if list { json!([text]) } else { json!(text) };
                let answer = send(&app, operation, &address, "application/json", body.to_string()).await;
                let of: String = format!("{} {body}", operation.name()).chars().take(200).collect();
                assert!(answer.status < 500, "{of}: {}", answer.text);
                if answer.status >= 400 {
                    answer.is_problem(answer.status, answer.json()["code"].as_str().unwrap(), &of);
                } else {
                    assert!(!answer.text.contains("\\u0000"), "{of}: {}", answer.text);
                }
            }
        }
    }
    app.end().await;
}

/// Sends bytes, and answers with the status as soon as there is one.
async fn raw(app: &TestApp, bytes: Vec<u8>) -> u16 {
    let (mut reading, mut writing) =
        tokio::net::TcpStream::connect(app.app.address).await.unwrap().into_split();
    // The server may have said enough before it has read everything.
    let write = tokio::spawn(async move { writing.write_all(&bytes).await.map(|()| writing) });
    let mut line = [0; 12];
    reading.read_exact(&mut line).await.unwrap();
    write.abort();
    std::str::from_utf8(&line[9..]).unwrap().parse().unwrap()
}

/// A body whose length is not told before, and whose end never comes.
fn in_chunks(app: &TestApp, operation: &Operation, address: &str, body: &str) -> Vec<u8> {
    let mut bytes = format!(
        "{} {address} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n",
        operation.method, app.token
    )
    .into_bytes();
    for chunk in body.as_bytes().chunks(10_000) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_json_of_at_most_256_kib_and_says_so() {
    let (app, own) = stage().await;
    for operation in operations::of_api().iter().filter(|operation| operation.takes_body()) {
        let (name, address) = (operation.name(), operation.address(&own));
        let text = operation.valid_body(&own).unwrap().to_string();
        let padded = |size: usize| format!("{text}{}", " ".repeat(size - text.len()));
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/json",
            "",
        ] {
            let answer = send(&app, operation, &address, kind, text.clone()).await;
            answer.is_problem(415, "unsupported_media_type", &format!("{name} as `{kind}`"));
        }
        let request = operation.to(&app, &address).bearer_auth(&app.token);
        let request = request.header("content-type", "application/json").header("content-encoding", "gzip");
        Answer::of(request.body(text.clone())).await.is_problem(415, "unsupported_media_type", &name);
        let huge = send(&app, operation, &address, "application/json", padded(MAX_BODY + 1)).await;
        huge.is_problem(413, "too_large", &name);
        assert_eq!(
            raw(&app, in_chunks(&app, operation, &address, &padded(MAX_BODY + 1))).await,
            413,
            "{name} unannounced"
        );
        // At the limit it is read: what it says counts.
        let answer =
            send(&app, operation, &address, "application/json; charset=utf-8", padded(MAX_BODY)).await;
        assert!(![400, 413, 415].contains(&answer.status), "{name}: {}", answer.text);
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_none_names_nothing() {
    let (app, own) = stage().await;
    let id = own.id("customer").to_string();
    let bad = [
        "x",
        "1",
        "null",
        "undefined",
        "%00",
        "%27",
        "..%2f..",
        "%2e%2e",
        "me",
        "a%20b",
        "ŞŞ",
        "00000000-0000-0000-0000-000000000000",
        &id.replace('-', ""),
        &format!("{{{id}}}"),
        &format!("urn:uuid:{id}"),
        &format!("{id}x"),
        &format!("{id}%00"),
        id.strip_suffix(|_: char| true).unwrap(),
    ];
    for operation in operations::of_api().iter().filter(|operation| operation.has_ids()) {
        for id in bad {
            let address = operation.address_with(|_| id.to_owned(), &own);
            let request = operation.to(&app, &address).bearer_auth(&app.token);
            let request = match operation.valid_body(&own) {
                Some(body) => request.json(&body),
                None => request,
            };
            Answer::of(request).await.is_problem(
                404,
                "not_found",
                &format!("{} {address}", operation.method),
            );
        }
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_known_or_not_and_a_known_one_says_its_methods() {
    let (app, own) = stage().await;
    let all = operations::of_api();
    for operation in &all {
        let address = operation.address(&own);
        let known: Vec<&Method> =
            all.iter().filter(|other| other.path == operation.path).map(|other| &other.method).collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            let method: Method = method.parse().unwrap();
            if known.contains(&&method) || address.contains("/docs") {
                continue;
            }
            let of = format!("{method} {address}");
            let request = app.http.request(method, format!("{}{address}", app.base)).bearer_auth(&app.token);
            let answer = Answer::of(request.header("x-http-method-override", known[0].as_str())).await;
            // A literal of one route can be the id of another one.
            if answer.status == 404 {
                let literal = ["/counts", "/replay", "/definitions"].iter().any(|end| address.ends_with(end));
                assert!(literal, "{of}");
                continue;
            }
            answer.is_problem(405, "method_not_allowed", &of);
            let mut allowed: Vec<&str> = answer.header("allow").split(", ").collect();
            let mut expected: Vec<&str> = known.iter().map(|method| method.as_str()).collect();
            allowed.sort_unstable();
            expected.sort_unstable();
            assert_eq!(allowed, expected, "{of}");
        }
        for wrong in ["/", "/x", ".json", "%20", "/..%2f"] {
            let path = address.split('?').next().unwrap();
            if address.contains("/docs") {
                continue;
            }
            let answer = get(&app, &format!("{path}{wrong}")).await;
            let of = format!("{path}{wrong}");
            assert!([404, 405].contains(&answer.status), "{of}: {}", answer.status);
            answer.is_problem(
                answer.status,
                if answer.status == 404 { "not_found" } else { "method_not_allowed" },
                &of,
            );
        }
    }
    for unknown in [
        "/api/v1",
        "/api/v1/",
        "/api/v1/none",
        "/api/v2/customers",
        "/api/",
        "/api/v1/CUSTOMERS",
        "/api/v1//customers",
        "/.env",
        "/api/v1/customers/../users",
    ] {
        let answer = get(&app, unknown).await;
        // The last one is what a client makes of it: another address.
        if unknown.ends_with("/../users") {
            assert_eq!(answer.status, 200);
        } else {
            answer.is_problem(404, "not_found", unknown);
        }
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn huge_heads_are_refused_and_leave_the_server_alive() {
    let (app, _) = stage().await;
    // What a refused connection has left is not used again.
    let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let address = format!("{}/api/v1/customers", app.base);
    let params: String = "a=1&".repeat(10_000);
    let cookie = format!("session={}", "a".repeat(100_000));
    let many = (0..500).fold(http.get(&address), |request, n| request.header(format!("x-{n}"), "1"));
    for (request, of) in [
        (http.get(format!("{address}?{params}")), "parameters"),
        (http.get(format!("{address}?q={}", "a".repeat(64_000))), "a long query"),
        (http.get(&address).header("cookie", cookie), "a long cookie"),
        (http.get(&address).header("x-long", "a".repeat(300_000)), "a long header"),
        (many, "many headers"),
    ] {
        match request.bearer_auth(&app.token).send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let fine = status == 200 && of == "a long cookie";
                assert!([400, 414, 431].contains(&status) || fine, "{of}: {status}");
            }
            Err(fault) => assert!(fault.is_request(), "{of}: {fault}"),
        }
        assert_eq!(get(&app, &with("/api/v1/customers", "q", PHONE)).await.status, 200, "alive after {of}");
    }
    let long = format!("GET /api/v1/customers?q={} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(100_000));
    assert!([400, 414, 431].contains(&raw(&app, long.into_bytes()).await));
    app.end().await;
}
