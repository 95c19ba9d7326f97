//! `/customers`, `/customers/{id}/details`, `/activities`.

use crate::crm::{Crm, ago, ids_of};
use serde_json::{Value, json};
use switchboard::ids;

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_shown_with_the_ids_in_use() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let ada = a.customer(db, "Ayşe Yılmaz", Some("+905324187650")).await;
    for (value, retired) in [("905324187650", None), ("905320000000", Some(ago(5)))] {
        let row = json!({"id": ids::new(), "customer_id": ada, "channel_kind": "whatsapp", "kind": "wa_id", "scope": "",
            "value": value, "match_key": value, "username": "ayse", "retired_at": retired, "created_at": ago(9)});
        a.insert(db, "customer_identity", row).await;
    }
    let merged = a.customer(db, "Ayşe", None).await;
    a.run(db, &format!("update customer set merged_into = '{ada}' where id = '{merged}'")).await;
    for id in [ada, merged] {
        let shown = crm.get(&a.agent, &format!("/customers/{id}")).await;
        assert_eq!((shown.status, shown.seq), (200, Some(0)));
        assert_eq!(shown.body["id"], json!(ada));
        assert_eq!((&shown.body["name"], &shown.body["email"]), (&json!("Ayşe Yılmaz"), &Value::Null));
        let identity = json!([{"channel_kind": "whatsapp", "kind": "wa_id", "external_id": "905324187650",
                               "username": "ayse"}]);
        assert_eq!(shown.body["identities"], identity);
        assert!(shown.body["created_at"].as_str().is_some_and(|at| at.ends_with('Z')));
    }
    let missing = crm.get(&a.admin, &format!("/customers/{}", ids::new())).await;
    for path in ["", "/details"] {
        let foreign = crm.get(&crm.b.admin, &format!("/customers/{ada}{path}")).await;
        assert_eq!((foreign.status, &foreign.body["code"]), (404, &missing.body["code"]));
    }
    let edited = crm.patch(&crm.b.admin, &format!("/customers/{ada}"), json!({"name": "x"})).await;
    assert_eq!(edited.status, 404);
    assert_eq!(crm.get(&a.admin, "/customers/nonsense").await.status, 404);
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_pages_without_gap_or_repeat() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    for n in 0..23 {
        let phone = (n % 3 == 0).then(|| format!("+90532418{n:04}"));
        // Names that are equal, and emails that are missing, need the id to break the tie.
        let id = a.customer(db, &format!("Person {}", n % 4), phone.as_deref()).await;
        if n % 2 == 0 {
            a.run(db, &format!("update customer set email = 'p{n}@x.test' where id = '{id}'")).await;
        }
        crm.b.customer(db, "Person 0", None).await;
    }
    for sort in ["name", "created_at", "email", "phone"] {
        for order in ["asc", "desc"] {
            let path = format!("/customers?sort={sort}&order={order}");
            let by_cursor = ids_of(&crm.pages(&a.agent, &path, 5).await);
            let mut unique = by_cursor.clone();
            unique.sort();
            unique.dedup();
            assert_eq!((by_cursor.len(), unique.len()), (23, 23), "{path}");
            let mut by_page = Vec::new();
            for page in 1..=5 {
                let answer = crm.get(&a.agent, &format!("{path}&limit=5&page={page}")).await;
                assert_eq!((&answer.body["page"], &answer.body["total"]), (&json!(page), &json!(23)));
                by_page.extend(ids_of(answer.body["items"].as_array().expect("items")));
            }
            assert_eq!(by_cursor, by_page, "{path}");
        }
    }
    let names = crm.pages(&a.agent, "/customers?sort=name", 200).await;
    let names: Vec<&str> = names.iter().filter_map(|item| item["name"].as_str()).collect();
    assert!(names.is_sorted());
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_takes_every_character_literally() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    for name in
        ["50% off", "under_score", r"back\slash", "O'Brien; drop table customer;--", "Ayşe Yılmaz", "plain"]
    {
        a.customer(db, name, Some("+905324187650")).await;
        crm.b.customer(db, name, Some("+905324187650")).await;
    }
    let found = async |q: &str| {
        let query =
            reqwest::Url::parse_with_params("http://x/", [("q", q), ("sort", "name")]).expect("a URL");
        let path = format!("/customers?{}", query.query().expect("a query"));
        let answer = crm.get(&a.agent, &path).await;
        assert_eq!(answer.status, 200, "{q}: {}", answer.body);
        let table = crm.get(&a.agent, &format!("{path}&page=1")).await;
        assert_eq!(table.body["items"], answer.body["items"]);
        let items = answer.body["items"].as_array().expect("items").clone();
        items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("%").await, ["50% off"]);
    assert_eq!(found("_").await, ["under_score"]);
    assert_eq!(found(r"\").await, [r"back\slash"]);
    assert_eq!(found("'; DROP").await, Vec::<String>::new());
    assert_eq!(found("o'brien; drop").await, ["O'Brien; drop table customer;--"]);
    assert_eq!(found("AYŞE YIL").await, Vec::<String>::new(), "a dotless I is another letter");
    assert_eq!(found("AYŞE Yıl").await, ["Ayşe Yılmaz"]);
    assert_eq!(found("0532 418 76 50").await.len(), 6);
    assert_eq!(found("").await.len(), 6);
    assert_eq!(found("' or 1=1 --").await, Vec::<String>::new());
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_and_nonsense_is_refused() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let (one, two) = (a.customer(db, "One", None).await, a.customer(db, "Two", None).await);
    let row = json!({"id": ids::new(), "customer_id": one, "channel_kind": "instagram", "kind": "igsid", "scope": "1",
                     "value": "9", "match_key": "9", "created_at": ago(1)});
    a.insert(db, "customer_identity", row).await;
    a.run(db, &format!("update customer set marketing_opt_out = true where id = '{two}'")).await;
    let found = async |query: &str| ids_of(&crm.pages(&a.agent, &format!("/customers?{query}"), 50).await);
    assert_eq!(found("filter_channel=instagram&filter_channel=messenger").await, [one]);
    assert_eq!(found("filter_channel=messenger").await, Vec::<uuid::Uuid>::new());
    assert_eq!(found("filter_opt_out=true").await, [two]);
    assert_eq!(found("filter_opt_out=false").await, [one]);
    assert_eq!(found("filter_opt_out=false&filter_opt_out=true&sort=created_at&order=asc").await, [one, two]);
    let cursor =
        crm.get(&a.agent, "/customers?limit=1").await.body["next_cursor"].as_str().expect("more").to_owned();
    for bad in [
        "limit=0",
        "limit=201",
        "limit=1000000000",
        "limit=1.5",
        "limit=-0x1",
        "page=0",
        "page=1000000000",
        "cursor=%21",
        "cursor=bnVsbA",
        "sort=name;drop",
        "sort=version",
        "order=up",
        "filter_channel=%00",
        "filter_name=x",
        "q=%00",
        "filter_opt_out=1",
        &format!("q={}", "x".repeat(201)),
        &format!("cursor={cursor}&page=1"),
        &format!("cursor={cursor}&sort=name"),
        &format!("cursor={cursor}&order=asc"),
    ] {
        let answer = crm.get(&a.agent, &format!("/customers?{bad}")).await;
        assert_eq!((answer.status, &answer.body["code"]), (400, &json!("bad_request")), "{bad}");
    }
    let other = crm.get(&crm.b.agent, &format!("/customers?cursor={cursor}")).await;
    assert_eq!(
        (other.status, &other.body["items"]),
        (200, &json!([])),
        "a foreign cursor shows nothing foreign"
    );
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_writes_once_tells_once_and_keeps_search_true() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let id = a.customer(db, "905324187650", Some("+905324187650")).await;
    a.card(db, id, 0, "80").await;
    let path = format!("/customers/{id}");
    let body = json!({"name": " Ayşe Yılmaz ", "phone": "0532 418 76 51", "email": "A@X.test", "version": 1});
    let edited = crm.patch(&a.agent, &path, body).await;
    assert_eq!((edited.status, edited.seq), (200, Some(1)), "{}", edited.body);
    assert_eq!(edited.body["name"], "Ayşe Yılmaz");
    assert_eq!((&edited.body["phone"], &edited.body["email"]), (&json!("+905324187651"), &json!("a@x.test")));
    assert_eq!(edited.body["version"], 2);
    let stored = a.json(db, &format!("select to_json(c) as value from customer c where id = '{id}'")).await;
    assert_eq!((&stored["name_rank"], &stored["phone_key"]), (&json!(5), &json!("905324187651")));
    assert_eq!(stored["search"], "ayşe yılmaz\n+905324187651\na@x.test");
    let events = crm.events(a, 0).await;
    assert_eq!((events.len(), events[0].name.as_str()), (1, "customer.updated"));
    assert_eq!(events[0].data, json!({"customer": crm.get(&a.agent, &path).await.body}));
    assert_eq!(events[0].rooms, ["inbox".to_owned(), format!("customer:{id}"), format!("board:{}", a.board)]);
    for same in [json!({}), json!({"version": 2}), json!({"name": "Ayşe Yılmaz", "email": "a@x.TEST"})] {
        let answer = crm.patch(&a.agent, &path, same).await;
        assert_eq!((answer.status, &answer.body["version"]), (200, &json!(2)));
    }
    let stale = crm.patch(&a.agent, &path, json!({"name": "Late", "version": 1})).await;
    assert_eq!((stale.status, &stale.body["code"]), (409, &json!("version_conflict")));
    assert_eq!(stale.body["current"], edited.body);
    let cleared = crm.patch(&a.agent, &path, json!({"phone": null, "email": null})).await;
    assert_eq!((&cleared.body["phone"], &cleared.body["version"]), (&Value::Null, &json!(3)));
    assert_eq!(crm.seq(a).await, 2);
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_do_not_fit_are_refused() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let path = format!("/customers/{}", a.customer(db, "One", None).await);
    for bad in [
        json!({"tenant_id": crm.b.tenant.id()}),
        json!({"id": ids::new()}),
        json!({"created_at": "x"}),
        json!([]),
        json!({"name": null}),
        json!({"name": 1}),
        json!({"name": ["a"]}),
        json!({"version": 1.5}),
        json!({"version": "1"}),
        json!({"marketing_opt_out": "true"}),
        json!({"search": "x"}),
        json!({"phone": 905}),
        json!(null),
    ] {
        assert_eq!(crm.patch(&a.agent, &path, bad.clone()).await.status, 400, "{bad}");
    }
    for bad in [
        json!({"name": " "}),
        json!({"name": "x".repeat(201)}),
        json!({"name": "a\u{0}b"}),
        json!({"phone": "abc"}),
        json!({"phone": "12"}),
        json!({"phone": ""}),
        json!({"email": "nobody"}),
        json!({"email": ""}),
    ] {
        let answer = crm.patch(&a.agent, &path, bad.clone()).await;
        assert_eq!((answer.status, &answer.body["code"]), (422, &json!("invalid")), "{bad}");
        let field = bad.as_object().and_then(|bad| bad.keys().next().cloned()).expect("a field");
        assert_eq!(answer.body["errors"][0]["field"], json!(field));
    }
    assert_eq!(crm.seq(a).await, 0);
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_edits_of_one_version_one_wins() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let path = format!("/customers/{}", a.customer(db, "One", None).await);
    let edits =
        (0..20).map(|n| crm.patch(&a.agent, &path, json!({"name": format!("Name {n}"), "version": 1})));
    let answers = futures_util::future::join_all(edits).await;
    let winners: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(winners.len(), 1);
    for loser in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!((loser.status, &loser.body["current"]), (409, &winners[0].body));
    }
    assert_eq!(crm.events(a, 0).await.len(), 1);
    let again = async || {
        crm.send(reqwest::Method::PATCH, &a.agent, &path, Some(json!({"name": "Once"})), Some("key-1")).await
    };
    let (first, second) = (again().await, again().await);
    assert_eq!((first.status, &first.body), (200, &second.body));
    assert_eq!(crm.seq(a).await, 2);
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_viewer_shows_one_moment() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let id = a.customer(db, "One", None).await;
    let conversation = a.conversation(db, id, ago(1)).await;
    a.message(db, conversation, ago(1), json!({})).await;
    let card = a.card(db, id, 0, "80").await;
    let activity = ids::new();
    a.insert(
        db,
        "activity",
        json!({"id": activity, "customer_id": id, "kind": "whatsapp_lead", "status": "pending",
        "data": {"n": 1}, "version": 1, "created_at": ago(1)}),
    )
    .await;
    a.insert(
        db,
        "attribution",
        json!({"id": ids::new(), "customer_id": id, "key": "k", "at": ago(2),
        "data": {"ad_id": "7", "utm_source": "qr"}}),
    )
    .await;
    a.insert(
        db,
        "channel_event",
        json!({"id": ids::new(), "channel_id": a.whatsapp, "scope": a.whatsapp,
        "kind": "referral", "key": "k", "at": ago(2), "customer_id": id, "data": {"ref": "x"}, "version": 1,
        "created_at": ago(2)}),
    )
    .await;
    let details = crm.get(&a.agent, &format!("/customers/{id}/details")).await;
    assert_eq!(details.status, 200);
    let one = async |path: String| crm.get(&a.agent, &path).await.body;
    assert_eq!(details.body["customer"], one(format!("/customers/{id}")).await);
    assert_eq!(details.body["conversations"], json!([one(format!("/conversations/{conversation}")).await]));
    assert_eq!(details.body["cards"], json!([one(format!("/cards/{card}")).await]));
    assert_eq!(details.body["activities"][0]["id"], json!(activity));
    assert_eq!(
        (&details.body["attribution"][0]["ad_id"], &details.body["attribution"][0]["utm_source"]),
        (&json!("7"), &json!("qr"))
    );
    assert_eq!(details.body["events"][0]["data"], json!({"ref": "x"}));
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn activities_are_listed_and_done() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let customer = a.customer(db, "One", None).await;
    let mut made = Vec::new();
    for n in 0..5 {
        let id = ids::new();
        a.insert(
            db,
            "activity",
            json!({"id": id, "customer_id": customer, "kind": "reapplied", "status": "pending",
            "data": {}, "version": 1, "created_at": ago(n / 2)}),
        )
        .await;
        made.push(id);
    }
    let list = format!("/activities?customer={customer}");
    let listed = ids_of(&crm.pages(&a.agent, &list, 2).await);
    assert_eq!(listed, [made[1], made[0], made[3], made[2], made[4]]);
    assert_eq!(crm.get(&a.agent, &format!("{list}&page=3&limit=2")).await.body["total"], 5);
    assert_eq!(crm.get(&crm.b.agent, &list).await.body["items"], json!([]));
    assert_eq!(crm.get(&a.agent, "/activities").await.status, 400);
    assert_eq!(crm.get(&a.agent, &format!("{list}&status=gone")).await.status, 400);
    let path = format!("/activities/{}", made[0]);
    let done = crm.patch(&a.agent, &path, json!({"status": "done", "version": 1})).await;
    assert_eq!((done.status, &done.body["status"], &done.body["version"]), (200, &json!("done"), &json!(2)));
    assert_eq!(crm.patch(&a.agent, &path, json!({"status": "done"})).await.body["version"], 2);
    let stale = crm.patch(&a.agent, &path, json!({"status": "pending", "version": 1})).await;
    assert_eq!((stale.status, &stale.body["current"]), (409, &done.body));
    assert_eq!(crm.patch(&a.agent, &path, json!({"status": "half"})).await.status, 400);
    assert_eq!(crm.patch(&crm.b.admin, &path, json!({"status": "pending"})).await.status, 404);
    let events = crm.events(a, 0).await;
    assert_eq!((events.len(), events[0].name.as_str()), (1, "activity.updated"));
    assert_eq!(events[0].rooms, [format!("customer:{customer}")]);
    assert_eq!(events[0].data, json!({"activity": done.body}));
    assert_eq!(crm.pages(&a.agent, &format!("{list}&status=pending"), 50).await.len(), 4);
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_finds_nearly_all_pages_like_any_other() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let tenant = a.tenant.id();
    a.run(
        db,
        &format!(
            "insert into customer (tenant_id, id, name, search)
             select '{tenant}', gen_random_uuid(), 'Mr ' || n, 'mr ' || n from generate_series(1, 2100) n"
        ),
    )
    .await;
    a.run(
        db,
        &format!(
            "insert into conversation (tenant_id, id, channel_id, customer_id, last_activity_at)
             select '{tenant}', gen_random_uuid(), '{}', id, now() from customer",
            a.whatsapp
        ),
    )
    .await;
    for (q, expected) in [("mr", 2100), ("r 1", 1291), ("m%25r", 0), ("mr 2100", 1)] {
        for path in [format!("/customers?q={q}&sort=name"), format!("/conversations?q={q}")] {
            let mut ids = ids_of(&crm.pages(&a.agent, &path, 200).await);
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), expected, "{path}");
            assert_eq!(crm.get(&a.agent, &format!("{path}&page=1")).await.body["total"], json!(expected));
        }
    }
    crm.end().await;
}
