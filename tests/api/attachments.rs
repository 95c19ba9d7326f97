//! Files of messages: in from the platform, out to browsers and to platforms.

use crate::files::{picture, upload};
use crate::outbox::{Desk, PERSON, accepted, refused};
use crate::realtime::setup::eventually;
use crate::records::user_of;
use crate::support::TestApp;
use data_encoding::BASE64;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use switchboard::channels::ChannelKind;
use switchboard::clock;

/// A message with a picture, and the file behind it as Graph has it.
async fn whatsapp_picture(desk: &Desk, id: &str, bytes: &[u8]) {
    file_at(desk, id, bytes, "image/png");
    let at = clock::now().timestamp();
    let body = desk.change(&json!({
        "contacts": [{ "profile": { "name": "Ayşe" }, "wa_id": PERSON }],
        "messages": [{ "from": PERSON, "id": format!("wamid.{id}"), "timestamp": at.to_string(), "type": "image",
                       "image": { "id": id, "mime_type": "image/png", "caption": "Look",
                                  "sha256": BASE64.encode(&Sha256::digest(bytes)) } }],
    }));
    desk.deliver("whatsapp", &body).await;
}

fn file_at(desk: &Desk, id: &str, bytes: &[u8], kind: &str) {
    let graph = &desk.app.graph;
    let media = json!({ "id": id, "url": format!("{}/v1/cdn/{id}", graph.url), "mime_type": kind });
    graph.answer(&format!("GET /{id}"), &media);
    graph.answer(&format!("GET /cdn/{id}"), &json!({ "_bytes": BASE64.encode(bytes), "_type": kind }));
}

/// The one attachment of the message of that id at the platform.
async fn attachment(desk: &Desk, external_id: &str) -> Value {
    let list = desk.app.fetch(&format!("/conversations/{}/messages", desk.conversation)).await;
    let items = list["items"].as_array().unwrap();
    let message =
        items.iter().find(|item| item["external_id"] == external_id).unwrap_or_else(|| panic!("{list:#}"));
    message["attachments"][0].clone()
}

async fn becomes(desk: &Desk, external_id: &str, state: &str) -> Value {
    eventually(state, async || attachment(desk, external_id).await["state"] == state).await;
    attachment(desk, external_id).await
}

async fn read(app: &TestApp, path: &Value, headers: &[(&str, &str)]) -> Response {
    let mut request = app.http.get(format!("{}{}", app.base, path.as_str().unwrap())).bearer_auth(&app.token);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_comes_from_the_platform_and_is_given_out() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    whatsapp_picture(&desk, "9901", &picture()).await;
    let ready = becomes(&desk, "wamid.9901", "ready").await;
    assert_eq!(
        (&ready["width"], &ready["height"], &ready["mime_type"]),
        (&json!(1), &json!(1), &json!("image/png"))
    );
    let whole = read(&desk.app, &ready["url"], &[]).await;
    assert_eq!((whole.status().as_u16(), header(&whole, "content-type")), (200, "image/png"));
    assert_eq!(header(&whole, "content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(
        (header(&whole, "x-content-type-options"), header(&whole, "accept-ranges")),
        ("nosniff", "bytes")
    );
    assert!(header(&whole, "content-disposition").starts_with("inline"), "{whole:?}");
    assert!(header(&whole, "cache-control").starts_with("private"));
    let tag = header(&whole, "etag").to_owned();
    assert_eq!(whole.bytes().await.unwrap().to_vec(), picture());
    let part = read(&desk.app, &ready["url"], &[("range", "bytes=1-3"), ("accept-encoding", "gzip")]).await;
    assert_eq!((part.status().as_u16(), header(&part, "content-encoding")), (206, "identity"));
    assert!(header(&part, "switchboard-seq").parse::<i64>().is_ok(), "{part:?}");
    assert_eq!(header(&part, "content-range"), format!("bytes 1-3/{}", picture().len()));
    assert_eq!(part.bytes().await.unwrap().as_ref(), b"PNG");
    assert_eq!(read(&desk.app, &ready["url"], &[("range", "bytes=9999-")]).await.status(), 416);
    assert_eq!(read(&desk.app, &ready["url"], &[("if-none-match", &tag)]).await.status(), 304);
    let saved =
        read(&desk.app, &json!(format!("{}?download=true", ready["url"].as_str().unwrap())), &[]).await;
    assert!(header(&saved, "content-disposition").starts_with("attachment"), "{saved:?}");
    let small = read(&desk.app, &ready["thumbnail_url"], &[]).await;
    assert_eq!(small.status(), 200);
    assert!(header(&small, "content-type").starts_with("image/"));
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_the_conversation_does_not_see_its_files() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    whatsapp_picture(&desk, "9902", &picture()).await;
    let ready = becomes(&desk, "wamid.9902", "ready").await;
    let url = ready["url"].as_str().unwrap();
    let as_other = async |tenant: switchboard::db::Tenant, path: &str| {
        let (_, token) = user_of(&desk.app, tenant.id(), "administrator").await;
        let request = desk.app.http.get(format!("{}{path}", desk.app.base)).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    };
    let as_colleague = async |path: &str| as_other(desk.app.tenant, path).await;
    assert_eq!((as_colleague(url).await, as_colleague(&format!("{url}/thumbnail")).await), (200, 200));
    let elsewhere = switchboard::tenants::create(&desk.app.app.db, "elsewhere", "Elsewhere").await.unwrap();
    for path in [url, &format!("{url}/thumbnail")] {
        assert_eq!(as_other(elsewhere, path).await, 404, "{path}");
    }
    let bare = desk.app.http.get(format!("{}{url}", desk.app.base)).send().await.unwrap();
    assert_eq!(bare.status(), 401);
    for odd in ["..%2f..%2fetc%2fpasswd", "%252e%252e", "....//", "x%00y", "/etc/passwd"] {
        assert_eq!(as_colleague(&format!("/api/v1/attachments/{odd}")).await, 404, "{odd}");
        assert_eq!(as_colleague(&format!("/media/{odd}")).await, 404, "{odd}");
    }
    // A platform rule: what the person takes back, goes.
    let at = clock::now().timestamp().to_string();
    let body = desk.change(&json!({
        "contacts": [{ "profile": { "name": "Ayşe" }, "wa_id": PERSON }],
        "messages": [{ "from": PERSON, "id": "wamid.gone", "timestamp": at, "type": "revoke",
                       "revoke": { "original_message_id": "wamid.9902" } }],
    }));
    desk.deliver("whatsapp", &body).await;
    assert_eq!(as_colleague(url).await, 404);
    assert_eq!(desk.app.count("select count(*) from attachment where tenant_id = $1").await, 0);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_run_is_saved_and_never_shown() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let page = b"<html><script>alert(1)</script></html>".as_slice();
    let picture = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".as_slice();
    for (number, bytes) in
        [page, picture, b"%PDF-1.7 /JS", b"GIF89a/*=0;alert(1)//".as_slice()].iter().enumerate()
    {
        let id = format!("991{number}");
        whatsapp_picture(&desk, &id, bytes).await;
        let ready = becomes(&desk, &format!("wamid.{id}"), "ready").await;
        let answer = read(&desk.app, &ready["url"], &[]).await;
        let kind = header(&answer, "content-type").to_owned();
        assert!(["application/octet-stream", "image/gif"].contains(&kind.as_str()), "{kind}");
        assert_eq!(
            kind == "image/gif",
            header(&answer, "content-disposition").starts_with("inline"),
            "{kind}"
        );
        assert_eq!(header(&answer, "content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    }
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_can_not_be_had_may_be_asked_for_again() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    desk.app.graph.answer("GET /9903", &refused(400, 100));
    let at = clock::now().timestamp().to_string();
    let body = desk.change(&json!({
        "contacts": [{ "profile": { "name": "Ayşe" }, "wa_id": PERSON }],
        "messages": [{ "from": PERSON, "id": "wamid.9903", "timestamp": at, "type": "document",
                       "document": { "id": "9903", "mime_type": "application/pdf", "filename": "bill.pdf" } }],
    }));
    desk.deliver("whatsapp", &body).await;
    let failed = becomes(&desk, "wamid.9903", "failed").await;
    assert_eq!((&failed["url"], &failed["file_name"]), (&Value::Null, &json!("bill.pdf")));
    let id = failed["id"].as_str().unwrap();
    assert_eq!(desk.app.get(&format!("/attachments/{id}")).await.0, 404);
    file_at(&desk, "9903", b"%PDF-1.7 hello", "application/pdf");
    for _ in 0..2 {
        assert_eq!(desk.app.call(Method::POST, &format!("/attachments/{id}/fetch"), None).await.0, 204);
    }
    let ready = becomes(&desk, "wamid.9903", "ready").await;
    assert_eq!(ready["size"], 14);
    // The store loses it: said once, and it can be fetched anew.
    let files = desk.app.data.path().join("files/files").join(desk.app.tenant.id().to_string());
    std::fs::remove_dir_all(&files).unwrap();
    assert_eq!(read(&desk.app, &ready["url"], &[]).await.status(), 404);
    assert_eq!(attachment(&desk, "wamid.9903").await["state"], "failed");
    assert_eq!(desk.app.call(Method::POST, &format!("/attachments/{id}/fetch"), None).await.0, 204);
    let again = becomes(&desk, "wamid.9903", "ready").await;
    assert_eq!(read(&desk.app, &again["url"], &[]).await.status(), 200);
    // It was only away, and the platform has it no more.
    desk.app.graph.answer("GET /9903", &refused(400, 100));
    let away = files.with_extension("away");
    std::fs::rename(&files, &away).unwrap();
    assert_eq!(read(&desk.app, &again["url"], &[]).await.status(), 404);
    assert_eq!(attachment(&desk, "wamid.9903").await["state"], "failed");
    std::fs::rename(&away, &files).unwrap();
    assert_eq!(desk.app.call(Method::POST, &format!("/attachments/{id}/fetch"), None).await.0, 204);
    let back = becomes(&desk, "wamid.9903", "ready").await;
    assert_eq!(read(&desk.app, &back["url"], &[]).await.bytes().await.unwrap(), b"%PDF-1.7 hello"[..]);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_link_is_asked_for_anew_and_a_strange_one_never() {
    let desk = Desk::start(ChannelKind::Messenger).await;
    let at = clock::now().timestamp_millis();
    let link = |name: &str| format!("{}/v1/cdn/{name}", desk.app.graph.url);
    let send = async |mid: &str, url: &str| {
        let body = json!({ "object": "page", "entry": [{ "id": desk.account, "time": at, "messaging": [{
            "sender": { "id": "7788" }, "recipient": { "id": desk.account }, "timestamp": at,
            "message": { "mid": mid, "attachments": [{ "type": "image", "payload": { "url": url } }] } }] }] });
        desk.deliver("meta", &body).await;
    };
    let fresh = json!({ "attachments": { "data": [{ "image_data": { "url": link("fresh") } }] } });
    desk.app.graph.answer("GET /m_dead", &fresh);
    desk.app.graph.answer("GET /cdn/dead", &json!({ "_status": 404 }));
    let file = json!({ "_bytes": BASE64.encode(&picture()), "_type": "image/png" });
    desk.app.graph.answer("GET /cdn/fresh", &file);
    send("m_dead", &link("dead")).await;
    becomes(&desk, "m_dead", "ready").await;
    let (listener, mut knocks) = (std::net::TcpListener::bind("127.0.0.1:0").unwrap(), 0);
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let strange = [
        format!("http://127.0.0.1:{port}/"),
        format!("http://127.1:{port}/"),
        format!("http://0x7f000001:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://localhost.:{port}/"),
        format!("http://good@127.0.0.1:{port}/"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1:6379/_".to_owned(),
    ];
    for (number, url) in strange.iter().enumerate() {
        let mid = format!("m_strange{number}");
        send(&mid, url).await;
        becomes(&desk, &mid, "failed").await;
        knocks += usize::from(listener.accept().is_ok());
    }
    assert_eq!(knocks, 0, "nobody was asked");
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_out_one_a_message_in_order() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let (one, two) = (
        upload(&desk.app, "a.png", "image/png", &picture()).await,
        upload(&desk.app, "bill.pdf", "application/pdf", b"%PDF-1.7 hello").await,
    );
    desk.app.graph.answer(&format!("POST /{}/media", desk.account), &json!([{ "id": "11" }, { "id": "22" }]));
    desk.graph(&json!([accepted("wamid.o1"), accepted("wamid.o2")]));
    let body = json!({ "client_id": "c", "text": "Here", "attachments": [one["id"], two["id"]] });
    let (status, first) = desk.post(&body).await;
    assert_eq!((status, &first["kind"], &first["text"]), (201, &json!("image"), &json!("Here")), "{first}");
    assert_eq!((&first["attachments"][0]["state"], &first["client_id"]), (&json!("ready"), &json!("c")));
    assert_eq!(desk.post(&body).await.0, 200, "the same again");
    desk.becomes(&first, "sent").await;
    eventually("both are out", async || desk.sent().len() == 2).await;
    let sent = desk.sent();
    assert_eq!(sent[0]["image"], json!({ "id": "11", "caption": "Here" }));
    assert_eq!(sent[1]["document"], json!({ "id": "22", "filename": "bill.pdf" }));
    let uploads = desk.app.graph.uploads();
    assert!(uploads[1].windows(14).any(|window| window == b"%PDF-1.7 hello"), "as it was");
    let list = desk.app.fetch(&format!("/conversations/{}/messages", desk.conversation)).await;
    assert_eq!((&list["items"][0]["kind"], &list["items"][1]["kind"]), (&json!("document"), &json!("image")));
    assert_eq!(read(&desk.app, &first["attachments"][0]["url"], &[]).await.status(), 200);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_fails_is_done_again_and_the_message_still_goes_once() {
    let desk = Desk::start(ChannelKind::Messenger).await;
    let file = upload(&desk.app, "a.png", "image/png", &picture()).await;
    let media = format!("POST /{}/message_attachments", desk.account);
    desk.app.graph.answer(&media, &json!([{ "_status": 502 }, { "attachment_id": "77" }]));
    desk.graph(&json!({ "recipient_id": "7788", "message_id": "m_o1" }));
    let (status, message) = desk.post(&json!({ "client_id": "c", "attachments": [file["id"]] })).await;
    assert_eq!((status, &message["text"]), (201, &Value::Null), "{message}");
    desk.becomes(&message, "sent").await;
    let sent = desk.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0]["message"]["attachment"],
        json!({ "type": "image", "payload": { "attachment_id": "77" } })
    );
    // One that the platform does not take fails with a sentence, and nothing is sent.
    desk.app.graph.answer(
        &media,
        &json!({ "_status": 400, "error": { "message": "no", "code": 100,
        "error_subcode": 2_018_047 } }),
    );
    let other = upload(&desk.app, "b.png", "image/png", &picture()).await;
    let (_, message) = desk.post(&json!({ "client_id": "d", "attachments": [other["id"]] })).await;
    let failed = desk.becomes(&message, "failed").await;
    assert_eq!(failed["error"]["title"], "The platform could not take the file. Try another form of it.");
    assert_eq!(desk.sent().len(), 1);
    desk.app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_files_of_ones_own_that_the_channel_takes_are_sent() {
    let desk = Desk::start(ChannelKind::Whatsapp).await;
    let code = async |body: Value| {
        let (status, problem) = desk.post(&body).await;
        (status, problem["errors"][0]["code"].as_str().unwrap_or_default().to_owned())
    };
    let with = |ids: Value| json!({ "client_id": "x", "attachments": ids });
    let mine = upload(&desk.app, "a.png", "image/png", &picture()).await;
    let (_, half) = crate::files::begin(&desk.app, "b.txt", "text/plain", 3).await;
    assert_eq!(code(with(json!([switchboard::ids::new()]))).await, (422, "unknown".to_owned()));
    assert_eq!(code(with(json!([half["id"]]))).await, (422, "uploading".to_owned()));
    assert_eq!(code(with(json!([mine["id"], mine["id"]]))).await, (422, "length".to_owned()));
    let voice = json!({ "client_id": "x", "attachments": [mine["id"]], "voice": true });
    assert_eq!(code(voice).await, (422, "unsupported".to_owned()));
    let colleagues = "update file set owner_user_id = (select id from app_user where tenant_id = $1 and id <> owner_user_id
                      limit 1) where tenant_id = $1";
    user_of(&desk.app, desk.app.tenant.id(), "agent").await;
    let taken = desk.app.database.owner().execute(colleagues, &[&desk.app.tenant.id()]).await.unwrap();
    assert_eq!(taken, 2);
    assert_eq!(code(with(json!([mine["id"]]))).await, (422, "unknown".to_owned()), "a colleague's");
    assert_eq!(desk.sent().len(), 0);
    desk.app.end().await;
}
