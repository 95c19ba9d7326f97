//! `/boards` and `/cards`.

use crate::crm::{Crm, Side, ids_of};
use serde_json::{Value, json};
use switchboard::ids;
use uuid::Uuid;

async fn column(crm: &Crm, side: &Side, n: usize) -> Vec<Uuid> {
    let path = format!("/boards/{}/columns/{}/cards", side.board, side.columns[n]);
    ids_of(&crm.pages(&side.agent, &path, 3).await)
}

/// Cards in column 0, first to last.
async fn cards(crm: &Crm, side: &Side, count: usize) -> Vec<Uuid> {
    let customer = side.customer(&crm.db, "One", None).await;
    let mut rank = fractional_index::FractionalIndex::default();
    let mut made = Vec::new();
    for _ in 0..count {
        made.push(side.card(&crm.db, customer, 0, &rank.to_string()).await);
        rank = fractional_index::FractionalIndex::new_after(&rank);
    }
    made
}

#[tokio::test(flavor = "multi_thread")]
async fn boards_show_columns_with_counts_and_sums() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let made = cards(&crm, a, 7).await;
    cards(&crm, &crm.b, 3).await;
    for (n, (amount, currency)) in
        [(100, "TRY"), (250, "TRY"), (7, "EUR"), (i64::MAX, "USD"), (i64::MAX, "USD")].into_iter().enumerate()
    {
        a.run(
            db,
            &format!(
                "update card set value_amount = {amount}, value_currency = '{currency}' where id = '{}'",
                made[n]
            ),
        )
        .await;
    }
    let boards = crm.get(&a.agent, "/boards").await.body;
    assert_eq!((&boards["next_cursor"], boards["items"].as_array().map(Vec::len)), (&Value::Null, Some(1)));
    let first = &boards["items"][0]["columns"][0];
    assert_eq!((&first["id"], &first["count"], first.get("cards")), (&json!(a.columns[0]), &json!(7), None));
    let sums = json!([{"amount": 7, "currency": "EUR"}, {"amount": 350, "currency": "TRY"}, {"amount": i64::MAX, "currency": "USD"}]);
    assert_eq!(first["sum"], sums);
    let board = crm.get(&a.agent, &format!("/boards/{}?limit=3", a.board)).await.body;
    let column_ids = ids_of(board["columns"].as_array().expect("columns"));
    assert_eq!((column_ids, &board["is_default"]), (a.columns.clone(), &json!(true)));
    let column = &board["columns"][0];
    assert_eq!((&column["sum"], &column["kind"]), (&sums, &json!("open")));
    let mut seen = ids_of(column["cards"].as_array().expect("cards"));
    let further = format!(
        "/boards/{}/columns/{}/cards?cursor={}",
        a.board,
        a.columns[0],
        column["next_cursor"].as_str().expect("more")
    );
    seen.extend(ids_of(&crm.pages(&a.agent, &further, 200).await));
    assert_eq!(seen, made);
    assert_eq!(
        (&board["columns"][1]["cards"], &board["columns"][1]["next_cursor"], &board["columns"][1]["sum"]),
        (&json!([]), &Value::Null, &json!([]))
    );
    for path in [
        format!("/boards/{}", crm.b.board),
        format!("/boards/{}/columns/{}/cards", a.board, crm.b.columns[0]),
        format!("/boards/{}/columns/{}/cards", crm.b.board, a.columns[0]),
        format!("/boards/{}", ids::new()),
    ] {
        assert_eq!(crm.get(&a.admin, &path).await.status, 404, "{path}");
    }
    assert_eq!(
        crm.get(&a.agent, &format!("/boards/{}/columns/{}/cards?cursor=eA", a.board, a.columns[0]))
            .await
            .status,
        400
    );
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_writes_one_row_and_tells_where_from() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let c = cards(&crm, a, 5).await;
    let mut versions = [1; 5];
    let mut go = async |n: usize, to: usize, spot: Value| {
        let mut body = json!({"column_id": a.columns[to], "version": versions[n]});
        for (key, value) in spot.as_object().expect("an object") {
            body[key] = value.clone();
        }
        let answer = crm.patch(&a.agent, &format!("/cards/{}", c[n]), body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        versions[n] = i32::try_from(answer.body["version"].as_i64().expect("a version")).expect("small");
        answer.body
    };
    let moved = go(0, 1, json!({})).await;
    assert_eq!(moved["column_id"], json!(a.columns[1]));
    let events = crm.events(a, 0).await;
    assert_eq!((events.len(), events[0].name.as_str()), (1, "card.moved"));
    assert_eq!(events[0].data, json!({"card": moved, "from_column_id": a.columns[0]}));
    assert_eq!(
        events[0].rooms,
        [
            format!("board:{}", a.board),
            format!("customer:{}", moved["customer"]["id"].as_str().expect("an id"))
        ]
    );
    go(3, 1, json!({"before_card_id": c[0]})).await;
    go(4, 1, json!({"after_card_id": c[3]})).await;
    assert_eq!(column(&crm, a, 1).await, [c[3], c[4], c[0]]);
    go(0, 1, json!({"before_card_id": c[3]})).await;
    go(3, 1, json!({})).await;
    assert_eq!(column(&crm, a, 1).await, [c[0], c[4], c[3]]);
    go(1, 0, json!({"after_card_id": c[2]})).await;
    assert_eq!(column(&crm, a, 0).await, [c[2], c[1]]);
    let seq = crm.seq(a).await;
    assert_eq!(seq, 6);
    for (n, to, spot) in [
        (3, 1, json!({})),
        (4, 1, json!({"after_card_id": c[0]})),
        (4, 1, json!({"before_card_id": c[3]})),
        (2, 0, json!({"before_card_id": c[1]})),
    ] {
        go(n, to, spot).await;
    }
    assert_eq!(crm.seq(a).await, seq, "they stand there already");
    let total = a.number(db, "select sum(version)::bigint as value from card").await;
    assert_eq!(total, 5 + seq, "each move wrote one card");
    // Always the same gap: ranks stay short enough.
    for n in 0..100 {
        go([1, 2][n % 2], 1, json!({"after_card_id": c[0]})).await;
    }
    let longest = a.number(db, "select max(length(rank))::bigint as value from card").await;
    assert!(longest < 100, "{longest}");
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_moves_of_one_version_one_wins() {
    let crm = Crm::start().await;
    let a = &crm.a;
    let c = cards(&crm, a, 1).await;
    let path = format!("/cards/{}", c[0]);
    let moves = (0..50).map(|n| {
        crm.patch(
            if n % 2 == 0 { &a.agent } else { &a.admin },
            &path,
            json!({"column_id": a.columns[1 + n % 2], "version": 1}),
        )
    });
    let answers = futures_util::future::join_all(moves).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 49));
    for loser in lost {
        assert_eq!((loser.status, &loser.body["current"]), (409, &won[0].body));
    }
    assert_eq!(crm.events(a, 0).await.len(), 1);
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moves_to_one_spot_get_ranks_of_their_own() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let c = cards(&crm, a, 21).await;
    let moves = c[1..].iter().enumerate().map(|(n, id)| {
        let spots = [
            json!({"column_id": a.columns[0], "after_card_id": c[0], "version": 1}),
            json!({"column_id": a.columns[1], "version": 1}),
        ];
        let (crm, path) = (&crm, format!("/cards/{id}"));
        async move { crm.patch(&crm.a.agent, &path, spots[n % 2].clone()).await.status }
    });
    let statuses = futures_util::future::join_all(moves).await;
    assert_eq!(statuses, vec![200; 20]);
    let twins = "select count(*) - count(distinct (column_id, rank)) as value from card";
    assert_eq!(a.number(db, twins).await, 0);
    assert_eq!(column(&crm, a, 0).await.len() + column(&crm, a, 1).await.len(), 21);
    // Equal ranks, as a webhook and a colleague can make them at one moment, leave room all the same.
    let customer = a.customer(db, "Two", None).await;
    let (x, y, z) = (
        a.card(db, customer, 2, "80").await,
        a.card(db, customer, 2, "80").await,
        a.card(db, customer, 3, "80").await,
    );
    let path = format!("/cards/{z}");
    for body in [
        json!({"column_id": a.columns[2], "version": 1, "after_card_id": x}),
        json!({"column_id": a.columns[2], "version": 2, "before_card_id": y}),
    ] {
        assert_eq!(crm.patch(&a.agent, &path, body).await.status, 200);
    }
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moves_that_can_not_be() {
    let crm = Crm::start().await;
    let (db, a) = (&crm.db, &crm.a);
    let c = cards(&crm, a, 3).await;
    let foreign = cards(&crm, &crm.b, 1).await[0];
    let (board, other) = (ids::new(), ids::new());
    a.insert(
        db,
        "board",
        json!({"id": board, "name": "Second", "is_default": false, "created_at": crate::crm::ago(1)}),
    )
    .await;
    a.insert(
        db,
        "board_column",
        json!({"id": other, "board_id": board, "name": "X", "kind": "open", "position": 0}),
    )
    .await;
    let path = format!("/cards/{}", c[0]);
    let (here, there) = (a.columns[0], a.columns[1]);
    for (bad, field) in [
        (json!({"column_id": there}), "version"),
        (json!({"after_card_id": c[1], "version": 1}), "column_id"),
        (json!({"column_id": crm.b.columns[0], "version": 1}), "column_id"),
        (json!({"column_id": ids::new(), "version": 1}), "column_id"),
        (json!({"column_id": other, "version": 1}), "column_id"),
        (json!({"column_id": there, "after_card_id": c[1], "version": 1}), "after_card_id"),
        (json!({"column_id": here, "after_card_id": foreign, "version": 1}), "after_card_id"),
        (json!({"column_id": here, "before_card_id": c[0], "version": 1}), "before_card_id"),
        (
            json!({"column_id": here, "after_card_id": c[1], "before_card_id": c[2], "version": 1}),
            "before_card_id",
        ),
        (json!({"assignee_id": crm.b.agent.id}), "assignee_id"),
        (json!({"value": {"amount": -1, "currency": "TRY"}}), "value.amount"),
        (json!({"value": {"amount": 1, "currency": "lira"}}), "value.currency"),
        (json!({"title": "x".repeat(201)}), "title"),
    ] {
        let answer = crm.patch(&a.agent, &path, bad.clone()).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!(field)), "{bad}");
    }
    for bad in [
        json!({"rank": "80"}),
        json!({"board_id": a.board}),
        json!({"column_id": null}),
        json!({"version": null}),
        json!({"value": {"amount": 1}}),
        json!({"value": {"amount": 1.5, "currency": "TRY"}}),
        json!({"customer_id": ids::new()}),
    ] {
        assert_eq!(crm.patch(&a.agent, &path, bad.clone()).await.status, 400, "{bad}");
    }
    for id in [foreign, ids::new()] {
        let body = json!({"column_id": there, "version": 1});
        assert_eq!(crm.patch(&a.admin, &format!("/cards/{id}"), body).await.status, 404);
        assert_eq!(crm.get(&a.admin, &format!("/cards/{id}")).await.status, 404);
    }
    assert_eq!((crm.seq(a).await, crm.seq(&crm.b).await), (0, 0));
    crm.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_card() {
    let crm = Crm::start().await;
    let a = &crm.a;
    let c = cards(&crm, a, 2).await;
    let path = format!("/cards/{}", c[0]);
    let body = json!({"title": "Sofa", "value": {"amount": 129_900, "currency": "TRY"}, "assignee_id": a.agent.id,
                      "due_at": "2026-12-01T09:00:00+03:00"});
    let edited = crm.patch(&a.agent, &path, body.clone()).await;
    assert_eq!((edited.status, &edited.body["version"]), (200, &json!(2)), "{}", edited.body);
    assert_eq!(
        (&edited.body["value"], &edited.body["due_at"]),
        (&body["value"], &json!("2026-12-01T06:00:00Z"))
    );
    assert_eq!(edited.body["assignee"], json!({"id": a.agent.id, "name": "Ali"}));
    assert_eq!(crm.get(&a.agent, &path).await.body, edited.body);
    assert_eq!(crm.patch(&a.agent, &path, body).await.body["version"], 2, "nothing changes");
    let stale = crm.patch(&a.agent, &path, json!({"title": "x", "version": 1})).await;
    assert_eq!((stale.status, &stale.body["current"]), (409, &edited.body));
    let both = json!({"title": "Armchair", "column_id": a.columns[0], "after_card_id": c[1], "version": 2});
    let both = crm.patch(&a.agent, &path, both).await.body;
    let cleared =
        crm.patch(&a.agent, &path, json!({"value": null, "assignee_id": null, "due_at": null})).await.body;
    assert_eq!(
        (&cleared["value"], &cleared["assignee"], &cleared["due_at"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let events = crm.events(a, 0).await;
    let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, ["card.updated", "card.moved", "card.updated"]);
    assert_eq!(events[1].data, json!({"card": both, "from_column_id": a.columns[0]}));
    assert_eq!(column(&crm, a, 0).await, [c[1], c[0]]);
    crm.end().await;
}
