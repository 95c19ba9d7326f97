//! Two tenants on the same nodes, with the same ids: nothing of one reaches the other.

use crate::stage::Stage;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use switchboard::ids;

pub async fn the_same_ids_are_different_rooms(stage: Arc<Stage>) {
    let (_bus, [one, two]) = stage.nodes::<2>().await;
    let id = ids::new();
    let room = stage.conversation(stage.tenant, id).await;
    assert_eq!(stage.conversation(stage.foreign, id).await, room);
    let customer = format!("customer:{id}");
    let rooms = ["inbox", &room, &customer];
    let mut ours = [one.socket(&stage.ada, &rooms).await, two.socket(&stage.bob, &rooms).await];
    let mut theirs = [one.socket(&stage.eve, &rooms).await, two.socket(&stage.eve, &rooms).await];
    for n in 0..40 {
        let room = rooms[stage.random.index(3)];
        let node = if stage.random.percent(50) { &one } else { &two };
        node.emit(stage.tenant, &[room], n).await;
        node.emit(stage.foreign, &[room], 1_000 + n).await;
    }
    for client in &mut ours {
        assert_eq!(client.follow(40).await, (0..40).collect::<Vec<_>>());
    }
    for client in &mut theirs {
        assert_eq!(client.follow(40).await, (1_000..1_040).collect::<Vec<_>>());
    }
}

pub async fn a_frame_reaches_its_tenant_only(stage: Arc<Stage>) {
    let (_bus, [one, two]) = stage.nodes::<2>().await;
    let mut ada = one.socket(&stage.ada, &["inbox"]).await;
    let mut bob = two.socket(&stage.bob, &["inbox"]).await;
    let mut eve = two.socket(&stage.eve, &["inbox"]).await;
    let mut eves = one.socket(&stage.eve, &["inbox"]).await;
    for n in 0..10 {
        ada.signal("inbox", json!({ "ours": n })).await;
        eves.signal("inbox", json!({ "theirs": n })).await;
    }
    for n in 0..10 {
        assert_eq!(bob.next_of("signal").await["data"], json!({ "ours": n }));
        assert_eq!(eve.next_of("signal").await["data"], json!({ "theirs": n }));
    }
}

pub async fn presence_goes_by_the_tenants_own_channel(stage: Arc<Stage>) {
    let (bus, [one, two]) = stage.nodes::<2>().await;
    let mut watcher = two.socket(&stage.bob, &["inbox"]).await;
    let mut foreign = two.socket(&stage.eve, &["inbox"]).await;
    let ada = one.socket(&stage.ada, &["inbox"]).await;
    let came = watcher.next_of("presence").await;
    assert_eq!(came["joined"], json!([{"user_id": stage.ada.id, "name": "Ada"}]));
    drop(ada);
    assert_eq!(watcher.next_of("presence").await["left"][0]["name"], "Ada");
    let seq = one.emit(stage.foreign, &["inbox"], 1).await;
    while foreign.seq < seq {
        assert_eq!(foreign.next().await["type"], "event", "nobody of hers came or went");
    }
    let channels: BTreeSet<_> = bus
        .said()
        .into_iter()
        .filter(|(_, frame)| String::from_utf8_lossy(frame).contains("Ada"))
        .map(|(tenant, _)| tenant)
        .collect();
    assert_eq!(channels, BTreeSet::from([stage.tenant.id()]));
}
