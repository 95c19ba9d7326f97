//! What a list may be asked for: limits, pages, cursors, orders, searches.

use crate::operations::{self, Answer, Operation, with};
use crate::records::{PHONE, Records};
use crate::support::TestApp;
use crate::support::noise::CANARY;
use serde_json::{Value, json};
use tokio_postgres::Client;

async fn stage() -> (TestApp, Records) {
    let app = TestApp::start().await;
    let own = Records::add(app.database.owner(), app.tenant.id(), "own").await;
    (app, own)
}

async fn get(app: &TestApp, address: &str) -> Answer {
    Answer::of(app.http.get(format!("{}{address}", app.base)).bearer_auth(&app.token)).await
}

/// The lists that take this parameter.
fn lists(parameter: &str) -> Vec<Operation> {
    let lists: Vec<Operation> = operations::of_api()
        .into_iter()
        .filter(|operation| operation.is_get() && operation.takes(parameter))
        .collect();
    assert!(!lists.is_empty(), "no list takes {parameter}");
    lists
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_pages_at_their_ends_and_beyond() {
    let (app, own) = stage().await;
    let wrong = [
        "-1",
        "0",
        "201",
        "1000000000",
        "x",
        "",
        "1.5",
        "1e2",
        "0x10",
        " 1",
        "1 ",
        "９",
        "9223372036854775808",
        "\0",
    ];
    for (parameter, ends, beyond) in [("limit", ["1", "200"], "201"), ("page", ["1", "10000"], "10001")] {
        for list in lists(parameter) {
            let address = list.address(&own);
            for end in ends {
                let answer = get(&app, &with(&address, parameter, end)).await;
                assert_eq!(answer.status, 200, "{address} {parameter}={end}: {}", answer.text);
            }
            let fits = |text: &&str| parameter != "page" || !["201"].contains(text);
            for text in wrong.into_iter().filter(fits).chain([beyond]) {
                let asked = with(&address, parameter, text);
                get(&app, &asked).await.is_problem(400, "bad_request", &asked);
            }
            let twice = with(&with(&address, parameter, "1"), parameter, "2");
            get(&app, &twice).await.is_problem(400, "bad_request", &twice);
        }
    }
    app.end().await;
}

/// A cursor as the server makes them, of any parts.
fn cursor(parts: &Value) -> String {
    data_encoding::BASE64URL_NOPAD.encode(parts.to_string().as_bytes())
}

/// A value at every place of a cursor's parts replaced by another one.
fn forged(parts: &Value, by: &Value) -> Vec<Value> {
    match parts {
        Value::Array(items) => (0..items.len())
            .flat_map(|at| {
                forged(&items[at], by).into_iter().map(move |item| {
                    let mut items = items.clone();
                    items[at] = item;
                    Value::Array(items)
                })
            })
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| {
                forged(value, by).into_iter().map(move |value| {
                    let mut fields = fields.clone();
                    fields.insert(key.clone(), value);
                    Value::Object(fields)
                })
            })
            .collect(),
        _ => vec![by.clone()],
    }
}

/// A second record in every list, so that each gives a cursor.
async fn fill(owner: &Client, own: &Records) {
    // With the column that is unique among them.
    for (table, key) in [
        ("activity", None),
        ("card", None),
        ("message", None),
        ("channel_event", Some("key")),
        ("message_template", Some("name")),
    ] {
        let columns: String = owner
            .query_one(
                "select string_agg(attname, ', ' order by attnum) from pg_attribute
                 where attrelid = $1::text::regclass and attnum > 0 and attname not in ('id', 'client_id')
                   and not (attname = 'external_id' and not attnotnull) and attname is distinct from $2",
                &[&table, &key],
            )
            .await
            .unwrap()
            .get(0);
        let value = key.map_or(String::new(), |key| format!(", {key} || 'x'"));
        let key = key.map_or(String::new(), |key| format!(", {key}"));
        let copy = format!(
            "insert into {table} (id, {columns}{key}) select gen_random_uuid(), {columns}{value} from {table} where tenant_id = $1"
        );
        owner.execute(&copy, &[&own.tenant]).await.unwrap();
    }
    Records::add(owner, own.tenant, "own").await;
}

/// That a list takes no cursor that it did not give out; `next` is one that it gave.
async fn refuses_forgeries(app: &TestApp, list: &Operation, address: &str, next: &str) {
    let garbage = [
        "",
        "!",
        "null",
        "bnVsbA",
        "W10",
        "e30",
        "MQ",
        "IiI",
        "AAAA",
        "%00",
        "eyJhbGciOiJub25lIn0",
        "Ww",
        &"A".repeat(10_000),
    ];
    let values = [
        json!(null),
        json!(1),
        json!(""),
        json!("\0"),
        json!("x"),
        json!([]),
        json!("+262142-12-31T23:59:59Z"),
        json!("-262143-01-01T00:00:00Z"),
        json!("0000-00-00"),
        json!("' or 1=1 --"),
        json!(1e300),
        json!(CANARY),
    ];
    for text in garbage {
        let asked = with(address, "cursor", text);
        get(app, &asked).await.is_problem(400, "bad_request", &asked);
    }
    let padded = with(address, "cursor", &format!("{next}="));
    get(app, &padded).await.is_problem(400, "bad_request", &padded);
    let parts: Value =
        serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(next.as_bytes()).unwrap()).unwrap();
    for value in &values {
        for parts in forged(&parts, value) {
            let asked = with(address, "cursor", &cursor(&parts));
            let answer = get(app, &asked).await;
            // A text may be one that was there once; all else is none of ours.
            assert!([200, 400].contains(&answer.status), "{address} {parts}: {}", answer.text);
            assert!(answer.status == 400 || value.is_string(), "{address} {parts}");
            assert!(!answer.text.contains(CANARY), "{address} {parts}: {}", answer.text);
        }
    }
    let both = with(&with(address, "cursor", next), "page", "1");
    if list.takes("page") {
        get(app, &both).await.is_problem(400, "bad_request", &both);
    }
    let twice = with(&with(address, "cursor", next), "cursor", next);
    let answer = get(app, &twice).await;
    assert!([200, 400].contains(&answer.status), "{twice}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_one_that_the_list_gave_out() {
    let (app, own) = stage().await;
    fill(app.database.owner(), &own).await;
    let mut all = Vec::new();
    for list in lists("cursor") {
        let address = list.address(&own);
        let answer = get(&app, &with(&address, "limit", "1")).await;
        let next = answer.json()["next_cursor"]
            .as_str()
            .unwrap_or_else(|| panic!("{address}: {}", answer.text))
            .to_owned();
        let following = get(&app, &with(&with(&address, "limit", "1"), "cursor", &next)).await;
        assert_eq!(following.status, 200, "{address}");
        assert_ne!(following.json()["items"][0]["id"], answer.json()["items"][0]["id"], "{address}");
        all.push((list, address, next));
    }
    for (list, address, next) in &all {
        refuses_forgeries(&app, list, address, next).await;
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_filter_does_not_know_is_refused() {
    let (app, own) = stage().await;
    let nonsense = [
        "nonsense",
        "'",
        "a;b",
        "\0",
        "name desc",
        "(select 1)",
        "1,2",
        "password_hash",
        "tenant_id",
        "[object Object]",
    ];
    for parameter in [
        "sort",
        "order",
        "status",
        "assignee",
        "channel",
        "unread",
        "filter_channel",
        "filter_opt_out",
        "customer",
        "state",
    ] {
        for list in lists(parameter) {
            let address = list.address(&own);
            let address =
                if parameter == "customer" { address.split('?').next().unwrap().to_owned() } else { address };
            for text in nonsense.into_iter().chain([""]) {
                let asked = with(&address, parameter, text);
                get(&app, &asked).await.is_problem(400, "bad_request", &asked);
            }
        }
    }
    for asked in [
        "/api/v1/customers?filter_name=x",
        "/api/v1/customers?filter_=x",
        "/api/v1/customers?token=x",
        "/api/v1/users?ACCESS_TOKEN=x",
    ] {
        get(&app, asked).await.is_problem(400, "bad_request", asked);
    }
    for text in ["\0", "'", "%", "\u{feff}"] {
        let kinds = with(&format!("/api/v1/channels/{}/events", own.id("channel")), "kind", text);
        let answer = get(&app, &kinds).await;
        assert!(answer.status == 400 || answer.json()["items"] == json!([]), "{kinds}: {}", answer.text);
        let labels = with("/api/v1/conversations", "label", text);
        let answer = get(&app, &labels).await;
        assert!(answer.status == 400 || answer.json()["items"] == json!([]), "{labels}: {}", answer.text);
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_takes_every_character_for_itself() {
    let (app, own) = stage().await;
    let customer = format!("/customers/{}", own.id("customer"));
    let name = |name: &str| app.call(reqwest::Method::PATCH, &customer, Some(json!({ "name": name })));
    let found = |list: &'static str, q: String| {
        let (app, asked) = (&app, with(&with(&format!("/api/v1/{list}"), "q", &q), "limit", "200"));
        async move {
            let answer = get(app, &asked).await;
            assert_eq!(answer.status, 200, "{asked}: {}", answer.text);
            assert!(!answer.text.contains(CANARY), "{asked}");
            answer.json()["items"].as_array().unwrap().len()
        }
    };
    for text in
        ["100%", "a_b", "c\\d", "it's", "say \"x\"", "(?i)", "a.b*c", "$1", "İstanbul", "ÇĞŞ", "日本", "🙂"]
    {
        assert_eq!(name(text).await.0, 200, "{text}");
        for list in ["customers", "conversations"] {
            assert_eq!(found(list, text.to_owned()).await, 1, "{list}: {text}");
            assert_eq!(found(list, text.to_uppercase()).await, 1, "{list}: {text} in capitals");
        }
    }
    assert_eq!(name("plain").await.0, 200);
    for q in [
        "100%",
        "_",
        "%",
        "%%%",
        "\\",
        "\\\\",
        "'",
        "''",
        "' or '1'='1",
        "pl%n",
        "pl_in",
        "plain\\",
        ".*",
        "pla(",
        "\u{7f}",
    ] {
        assert_eq!(found("customers", q.to_owned()).await, 0, "{q}");
        assert_eq!(found("conversations", q.to_owned()).await, 0, "{q}");
    }
    assert_eq!(found("customers", PHONE.to_owned()).await, 1);
    assert_eq!(found("customers", "x".repeat(200)).await, 0);
    for list in lists("q") {
        for q in ["x".repeat(201), "x".repeat(10_240), "a\0b".to_owned(), "%".repeat(10_240)] {
            let asked = with(&list.address(&own), "q", &q);
            get(&app, &asked).await.is_problem(400, "bad_request", &list.path);
        }
        // Terms that a bad matcher takes forever for.
        let started = switchboard::clock::monotonic();
        for q in ["a ".repeat(100), "%_".repeat(100), "(a+)+$".repeat(33)] {
            assert_eq!(get(&app, &with(&list.address(&own), "q", &q)).await.status, 200);
        }
        assert!(started.elapsed().as_secs() < 3, "{:?}", started.elapsed());
    }
    app.end().await;
}
