//! Uploads: whole or not at all, their owner's alone, and nothing of them is left that nobody needs.

use crate::records::user_of;
use crate::support::TestApp;
use reqwest::Method;
use serde_json::{Value, json};
use switchboard::{clock, ids};

const PART: usize = 4 * 1024 * 1024;

/// A picture that every decoder takes: one pixel, and as many bytes of a comment as are wanted.
pub(crate) fn picture() -> Vec<u8> {
    data_encoding::BASE64
        .decode(b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
        .unwrap()
}

/// Begins an upload.
pub(crate) async fn begin(app: &TestApp, name: &str, kind: &str, size: usize) -> (u16, Value) {
    let body = json!({ "file_name": name, "mime_type": kind, "size": size });
    app.call(Method::POST, "/files", Some(body)).await
}

/// Sends a part as somebody.
async fn part_of(app: &TestApp, token: &str, file: &Value, offset: usize, bytes: &[u8]) -> (u16, Value) {
    let answer = app
        .http
        .patch(format!("{}/api/v1/files/{}", app.base, file["id"].as_str().unwrap()))
        .bearer_auth(token)
        .header("content-type", "application/offset+octet-stream")
        .header("upload-offset", offset.to_string())
        .body(bytes.to_vec())
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

pub(crate) async fn part(app: &TestApp, file: &Value, offset: usize, bytes: &[u8]) -> (u16, Value) {
    part_of(app, &app.token, file, offset, bytes).await
}

/// A file that is ready.
pub(crate) async fn upload(app: &TestApp, name: &str, kind: &str, bytes: &[u8]) -> Value {
    let (status, mut file) = begin(app, name, kind, bytes.len()).await;
    assert_eq!(status, 201, "{file}");
    for (number, bytes) in bytes.chunks(PART).enumerate() {
        let (status, after) = part(app, &file, number * PART, bytes).await;
        assert_eq!(status, 200, "{after}");
        file = after;
    }
    assert_eq!(file["state"], "ready", "{file}");
    file
}

/// Objects of the store, by the beginning of their path.
fn objects(app: &TestApp, below: &str) -> usize {
    fn count(directory: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&app.data.path().join("files").join(below))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_where_it_was_broken_off() {
    let app = TestApp::start().await;
    let bytes = vec![b'x'; PART + 10];
    let (status, file) = begin(&app, "../notes\u{202e}txt.exe", "text/plain", bytes.len()).await;
    assert_eq!((status, &file["received"], &file["part_size"]), (201, &json!(0), &json!(PART)));
    let (status, after) = part(&app, &file, 0, &bytes[..PART]).await;
    assert_eq!((status, &after["received"], &after["state"]), (200, &json!(PART), &json!("uploading")));
    // The answer was lost; the app sends it once more, and is told where to go on.
    let (status, again) = part(&app, &file, 0, &bytes[..PART]).await;
    assert_eq!(
        (status, &again["code"], &again["current"]["received"]),
        (409, &json!("wrong_offset"), &json!(PART))
    );
    let shown = app.fetch(&format!("/files/{}", file["id"].as_str().unwrap())).await;
    assert_eq!(shown, after);
    let (status, ready) = part(&app, &file, PART, &bytes[PART..]).await;
    assert_eq!((status, &ready["state"], &ready["kind"]), (200, &json!("ready"), &json!("document")));
    assert_eq!(ready["mime_type"], "text/plain");
    let name = ready["file_name"].as_str().unwrap();
    assert!(name.ends_with(".txt") && !name.contains(['/', '\u{202e}']), "{name}");
    assert_eq!(part(&app, &file, PART, &bytes[PART..]).await, (200, ready), "the last part again");
    assert_eq!((objects(&app, "parts"), objects(&app, "files")), (0, 1));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_does_not_fit_is_refused_and_nothing_is_lost() {
    let app = TestApp::start().await;
    for (name, kind, size, status, code) in [
        ("a", "text/plain", 0, 422, "invalid"),
        ("", "text/plain", 1, 422, "invalid"),
        ("a", "text/plain\n", 1, 422, "invalid"),
        ("a", "text/plain", 100 * 1024 * 1024 + 1, 413, "too_large"),
    ] {
        let (got, problem) = begin(&app, name, kind, size).await;
        assert_eq!((got, &problem["code"]), (status, &json!(code)), "{name} {kind:?} {size}");
    }
    let (_, file) = begin(&app, "a.txt", "text/plain", 10).await;
    let code = async |offset: usize, bytes: &[u8]| {
        let (status, problem) = part(&app, &file, offset, bytes).await;
        (status, problem["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(code(0, b"123").await, (422, "invalid".to_owned()));
    assert_eq!(code(0, b"12345678901").await, (422, "invalid".to_owned()));
    assert_eq!(code(5, b"12345").await, (409, "wrong_offset".to_owned()));
    assert_eq!(code(0, &vec![0; PART + 1]).await, (413, "too_large".to_owned()));
    let url = format!("{}/api/v1/files/{}", app.base, file["id"].as_str().unwrap());
    let raw = |kind: &'static str, offset: &'static str| {
        let request = app.http.patch(&url).bearer_auth(&app.token).header("content-type", kind);
        request.header("upload-offset", offset).body("1234567890").send()
    };
    assert_eq!(raw("application/json", "0").await.unwrap().status(), 415);
    for odd in ["", "-1", "+0", "0x0", "1e0", "99999999999999999999"] {
        assert_eq!(raw("application/offset+octet-stream", odd).await.unwrap().status(), 400, "{odd:?}");
    }
    assert_eq!(part(&app, &file, 0, b"1234567890").await.0, 200, "after all of that");
    // A picture whose metadata can't be taken out is not kept.
    let (_, broken) = begin(&app, "a.jpg", "image/jpeg", 8).await;
    let (status, problem) = part(&app, &broken, 0, b"\xff\xd8\xff\xe1\xff\xff\0\0").await;
    assert_eq!((status, &problem["errors"][0]["code"]), (422, &json!("damaged")), "{problem}");
    assert_eq!(app.get(&format!("/files/{}", broken["id"].as_str().unwrap())).await.0, 404);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_its_owners_alone() {
    let app = TestApp::start().await;
    let (_, file) = begin(&app, "a.txt", "text/plain", 3).await;
    let path = format!("/files/{}", file["id"].as_str().unwrap());
    let (_, other) = user_of(&app, app.tenant.id(), "administrator").await;
    assert_eq!(part_of(&app, &other, &file, 0, b"abc").await.0, 403);
    let as_other = |method: Method| {
        app.http.request(method, format!("{}/api/v1{path}", app.base)).bearer_auth(&other).send()
    };
    let elsewhere = switchboard::tenants::create(&app.app.db, "elsewhere", "Elsewhere").await.unwrap();
    let (_, stranger) = user_of(&app, elsewhere.id(), "administrator").await;
    assert_eq!(part_of(&app, &stranger, &file, 0, b"abc").await.0, 404);
    assert_eq!(as_other(Method::GET).await.unwrap().status(), 403);
    assert_eq!(as_other(Method::DELETE).await.unwrap().status(), 403);
    assert_eq!(app.call(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(app.call(Method::DELETE, &path, None).await.0, 404);
    // A hundred wait for their messages: no more of them.
    for number in 0..100 {
        assert_eq!(begin(&app, "a", "text/plain", 1).await.0, 201, "{number}");
    }
    let (status, problem) = begin(&app, "a", "text/plain", 1).await;
    assert_eq!((status, &problem["code"]), (429, &json!("rate_limited")));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_store_is_down_uploads_wait() {
    let app = TestApp::start().await;
    let (_, file) = begin(&app, "a.txt", "text/plain", 3).await;
    let store = app.data.path().join("files");
    let aside = app.data.path().join("aside");
    // A file in the place of the directory: nothing can be written below it, whoever asks.
    std::fs::rename(&store, &aside).unwrap();
    std::fs::write(&store, "").unwrap();
    let (status, problem) = part(&app, &file, 0, b"abc").await;
    assert_eq!((status, &problem["code"]), (503, &json!("unavailable")), "{problem}");
    std::fs::remove_file(&store).unwrap();
    std::fs::rename(&aside, &store).unwrap();
    assert_eq!(part(&app, &file, 0, b"abc").await.1["state"], "ready");
    // It goes down between the last part and the whole.
    let (_, file) = begin(&app, "b.txt", "text/plain", 3).await;
    std::fs::write(store.join("files").join("blocked"), "").unwrap();
    let whole = store.join("files").join(app.tenant.id().to_string());
    let aside = store.join("aside");
    std::fs::rename(&whole, &aside).unwrap();
    std::fs::write(&whole, "").unwrap();
    assert_eq!(part(&app, &file, 0, b"abc").await.0, 503);
    std::fs::remove_file(&whole).unwrap();
    std::fs::rename(&aside, &whole).unwrap();
    let (status, problem) = part(&app, &file, 0, b"abc").await;
    assert_eq!((status, &problem["current"]["received"]), (409, &json!(3)), "all of it is there");
    assert_eq!(part(&app, &file, 3, b"").await.1["state"], "ready", "an empty part asks for the end again");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_needs_is_swept() {
    let app = TestApp::start().await;
    let ready = upload(&app, "a.png", "image/png", &picture()).await;
    let (_, half) = begin(&app, "b.txt", "text/plain", PART + 1).await;
    assert_eq!(part(&app, &half, 0, &vec![b'x'; PART]).await.0, 200);
    assert_eq!(
        (objects(&app, "files"), objects(&app, "parts")),
        (2, 1),
        "the picture, its small one, a part"
    );
    let files = switchboard::files::Files::new(&crate::support::config(
        &app.database,
        &app.graph,
        &[("DATA_DIR", app.data.path().display().to_string())],
    ))
    .unwrap();
    switchboard::files::sweep(&app.app.log, &files).await.unwrap();
    assert_eq!(app.count("select count(*) from file where tenant_id = $1").await, 2, "they are young");
    let age = |id: &Value, age: &str| {
        format!(
            "update file set touched_at = now() - interval '{age}' where id = '{}'",
            id["id"].as_str().unwrap()
        )
    };
    let owner = app.database.owner();
    owner.batch_execute(&format!("{}; {}", age(&half, "1 hour"), age(&ready, "1 hour"))).await.unwrap();
    switchboard::files::sweep(&app.app.log, &files).await.unwrap();
    assert_eq!((objects(&app, "files"), objects(&app, "parts")), (2, 0), "the half one is gone");
    owner.batch_execute(&age(&ready, "25 hours")).await.unwrap();
    switchboard::files::sweep(&app.app.log, &files).await.unwrap();
    assert_eq!(
        (objects(&app, "files"), app.count("select count(*) from file where tenant_id = $1").await),
        (0, 0)
    );
    // An object that no row names; one that is not ours stays.
    let directory = app.data.path().join("files/files").join(app.tenant.id().to_string());
    std::fs::create_dir_all(&directory).unwrap();
    let orphan = directory.join(ids::new().to_string());
    std::fs::write(&orphan, "x").unwrap();
    std::fs::write(directory.join("README"), "x").unwrap();
    let old = std::time::SystemTime::from(clock::now() - chrono::TimeDelta::days(15));
    for path in [&orphan, &directory.join("README")] {
        std::fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
    }
    switchboard::files::check(&app.app.log, &files).await.unwrap();
    assert!(!orphan.exists() && directory.join("README").exists());
    app.end().await;
}
