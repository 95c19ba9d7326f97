//! Who may do what: every operation of the OpenAPI document as every role.
//!
//! The table of statuses is committed (`snapshots/roles.txt`, rewritten with `UPDATE_SNAPSHOTS=1`), so that a change of
//! rights is seen in a review; what must hold of any table is asserted besides.

use crate::operations::{self, Answer, Operation};
use crate::records::{self, Records};
use crate::support::{EMAIL, PASSWORD, TestApp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use switchboard::auth::{Permission, Role};

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/snapshots/roles.txt");
const ROLES: [Role; 3] = [Role::Agent, Role::Manager, Role::Administrator];
/// What a writer must not set by naming it.
const SMUGGLED: [(&str, &str); 9] = [
    ("role", "administrator"),
    ("tenant_id", "00000000-0000-7000-8000-000000000001"),
    ("id", "00000000-0000-7000-8000-000000000001"),
    ("created_at", "2020-01-01T00:00:00Z"),
    ("updated_at", "2020-01-01T00:00:00Z"),
    ("is_admin", "true"),
    ("verified", "true"),
    ("permissions", "users.manage:all"),
    ("unread_count", "0"),
];

/// The permissions that an operation's own words say it needs.
fn permissions(operation: &Operation) -> Vec<Permission> {
    let text = |field: &str| operation.document[field].as_str().unwrap_or_default().to_owned();
    let text = text("summary") + &text("description");
    let words: Vec<&str> = text.split('`').collect();
    Permission::ALL.into_iter().filter(|permission| words.contains(&permission.as_str())).collect()
}

/// The cookies of a sign-in.
async fn cookies(app: &TestApp) -> String {
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let answer = Answer::of(app.http.post(format!("{}/api/v1/auth/login", app.base)).json(&body)).await;
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    cookies.map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

/// The status of a minimal valid request. Each has records and a session of its own: what one does hinders no other.
async fn status(app: &TestApp, operation: &Operation, role: Option<Role>) -> u16 {
    let records = Records::add(app.database.owner(), app.tenant.id(), "own").await;
    let mut request = operation.request(app, &records);
    if let Some(role) = role {
        let (_, token) = records::user_of(app, app.tenant.id(), role.as_str()).await;
        request = request.bearer_auth(token);
        if operation.path.ends_with("/auth/refresh") {
            request = request.header("sec-fetch-site", "same-origin").header("cookie", cookies(app).await);
        }
    }
    Answer::of(request).await.status
}

async fn table(app: &TestApp) -> BTreeMap<String, [u16; 4]> {
    let mut table = BTreeMap::new();
    for operation in operations::all() {
        let mut statuses = [0; 4];
        let roles = [None].into_iter().chain(ROLES.map(Some));
        for (place, role) in statuses.iter_mut().zip(roles) {
            *place = status(app, &operation, role).await;
        }
        table.insert(operation.name(), statuses);
    }
    table
}

fn text(table: &BTreeMap<String, [u16; 4]>) -> String {
    let mut text = format!("{:<60} {:>9} agent manager administrator\n", "", "anonymous");
    for (name, [anonymous, agent, manager, administrator]) in table {
        writeln!(text, "{name:<60} {anonymous:>9} {agent:>5} {manager:>7} {administrator:>13}").unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_gets_what_the_policy_says_and_nobody_gets_nothing() {
    let app = TestApp::start().await;
    let table = table(&app).await;
    for operation in operations::of_api() {
        let name = operation.name();
        let [anonymous, of_roles @ ..] = table[&name];
        assert_eq!(anonymous != 401, operation.is_public(), "{name}: {anonymous} without sign-in");
        let needed = permissions(&operation);
        for (role, status) in ROLES.into_iter().zip(of_roles) {
            let allowed = needed.iter().all(|permission| role.scope(*permission).is_some());
            if operation.is_record() {
                assert_eq!((200..300).contains(&status), allowed, "{name} as {}: {status}", role.as_str());
                assert_eq!(status == 403, !allowed, "{name} as {}: {status}", role.as_str());
            } else {
                assert!(status != 401, "{name} as {}", role.as_str());
            }
        }
        // A route that names no permission must be one that everybody has.
        let for_everybody = ["GET /api/v1/users", "GET /api/v1/realtime"].contains(&name.as_str());
        assert_eq!(
            needed.is_empty(),
            operation.is_public() || operation.is_sign_in() || for_everybody,
            "{name}"
        );
    }
    let text = text(&table);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(std::path::Path::new(SNAPSHOT).parent().unwrap()).unwrap();
        std::fs::write(SNAPSHOT, &text).unwrap();
    }
    let committed = std::fs::read_to_string(SNAPSHOT).expect("run once with UPDATE_SNAPSHOTS=1");
    assert_eq!(text, committed, "rights changed: look, then run with UPDATE_SNAPSHOTS=1");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_learns_nothing_from_a_wrong_request() {
    let app = TestApp::start().await;
    let owner = app.database.owner();
    let own = Records::add(owner, app.tenant.id(), "own").await;
    let (_, token) = records::user_of(&app, app.tenant.id(), "agent").await;
    let nobody = Records::of_nobody(app.tenant.id());
    let mut asked = 0;
    for operation in operations::of_api().iter().filter(|operation| operation.is_record()) {
        if permissions(operation).iter().all(|permission| Role::Agent.scope(*permission).is_some()) {
            continue;
        }
        asked += 1;
        let name = operation.name();
        let no_id = operation.address_with(|_| "none".to_owned(), &own);
        let addresses = [operation.address(&own), operation.address(&nobody), no_id];
        for address in addresses {
            for body in ["", "{", "[]", "{\"nonsense\": 1}"] {
                let mut request = operation.to(&app, &address);
                if !body.is_empty() {
                    request = request.header("content-type", "application/json").body(body);
                }
                let signed = request.try_clone().unwrap().bearer_auth(&token);
                Answer::of(signed).await.is_problem(403, "forbidden", &name);
                Answer::of(request).await.is_problem(401, "unauthenticated", &name);
            }
        }
    }
    assert!(asked >= 7, "{asked}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_can_be_set_by_naming_it() {
    let app = TestApp::start().await;
    let owner = app.database.owner();
    let own = Records::add(owner, app.tenant.id(), "own").await;
    let before = records::digest(owner, None).await;
    let mut asked = 0;
    for operation in operations::all().iter().filter(|operation| operation.takes_body()) {
        for (field, value) in SMUGGLED {
            if operation.properties().contains_key(field) {
                continue;
            }
            let of = format!("{} with {field}", operation.name());
            for value in [json!(value), Value::Null, json!({ "id": value })] {
                let mut body = operation.valid_body(&own).unwrap();
                body[field] = value;
                let request =
                    operation.to(&app, &operation.address(&own)).bearer_auth(&app.token).json(&body);
                Answer::of(request).await.is_problem(400, "bad_request", &of);
                asked += 1;
            }
        }
    }
    assert!(asked >= 200, "{asked}");
    assert_eq!(records::digest(owner, None).await, before);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_writes_to_what_is_theirs_or_nobodys() {
    let app = TestApp::start().await;
    let owner = app.database.owner();
    let own = Records::add(owner, app.tenant.id(), "own").await;
    let (agent, token) = records::user_of(&app, app.tenant.id(), "agent").await;
    let (_, manager) = records::user_of(&app, app.tenant.id(), "manager").await;
    let conversation = own.id("conversation");
    let address = format!("{}/api/v1/conversations/{conversation}", app.base);
    let assign = "update conversation set assignee_id = $2 where id = $1";
    for (assignee, expected) in [(None, 200), (Some(agent), 200), (Some(own.id("user")), 403)] {
        owner.execute(assign, &[&conversation, &assignee]).await.unwrap();
        for body in
            [json!({ "priority": "low" }), json!({ "assignee_id": agent }), json!({ "status": "resolved" })]
        {
            let answer = Answer::of(app.http.patch(&address).bearer_auth(&token).json(&body)).await;
            assert_eq!(answer.status, expected, "{assignee:?} {body}: {}", answer.text);
            if expected == 200 {
                owner.execute(assign, &[&conversation, &assignee]).await.unwrap();
            }
        }
        let body = json!({ "priority": "high" });
        assert_eq!(Answer::of(app.http.patch(&address).bearer_auth(&manager).json(&body)).await.status, 200);
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_counts_from_the_moment_it_changes() {
    let app = TestApp::start().await;
    let owner = app.database.owner();
    let (user, token) = records::user_of(&app, app.tenant.id(), "administrator").await;
    let deliveries = format!("{}/api/v1/webhook-deliveries", app.base);
    let status = || async { Answer::of(app.http.get(&deliveries).bearer_auth(&token)).await.status };
    assert_eq!(status().await, 200);
    owner.execute("update app_user set role = 'agent' where id = $1", &[&user]).await.unwrap();
    assert_eq!(status().await, 403, "whatever the session was");
    let change =
        app.call(reqwest::Method::PATCH, &format!("/users/{user}"), Some(json!({ "role": "manager" }))).await;
    assert_eq!(change.0, 200, "{}", change.1);
    assert_eq!(status().await, 401, "another role is another sign-in");
    app.end().await;
}
