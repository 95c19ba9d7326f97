//! What else may come over a bus.

use crate::bus::Faults;
use crate::stage::Stage;
use bytes::Bytes;
use serde_json::json;
use std::sync::Arc;

pub async fn ones_own_echo_is_ignored(stage: Arc<Stage>) {
    let (bus, [one, two]) = stage.nodes::<2>().await;
    bus.set(Faults { echo: true, ..Faults::default() });
    let mut ada = one.socket(&stage.ada, &["inbox"]).await;
    let mut bob = one.socket(&stage.bob, &["inbox"]).await;
    let mut far = two.socket(&stage.bob, &["inbox"]).await;
    for n in 0..15 {
        ada.signal("inbox", json!(n)).await;
    }
    for client in [&mut bob, &mut far] {
        for n in 0..15 {
            assert_eq!(client.next_of("signal").await["data"], n, "each once");
        }
    }
    bob.signal("inbox", json!("end")).await;
    assert_eq!(ada.next_of("signal").await["data"], "end", "nothing of her own before it");
}

pub async fn garbage_does_no_harm(stage: Arc<Stage>) {
    let (bus, [one, two]) = stage.nodes::<2>().await;
    let mut ada = two.socket(&stage.ada, &["inbox"]).await;
    let mut last = 0;
    for n in 0..60 {
        let length = stage.random.below(200);
        let noise: Vec<u8> =
            (0..length).map(|_| u8::try_from(stage.random.below(256)).expect("a byte")).collect();
        bus.inject(stage.tenant.id(), &Bytes::from(noise));
        // Of a later version, and places that do not exist.
        bus.inject(stage.tenant.id(), &message(&json!({"unheard_of": 1})));
        bus.inject(stage.tenant.id(), &message(&json!({"stands": 1_000_000 + n})));
        let said = bus.said();
        if !said.is_empty() {
            let (tenant, frame) = &said[stage.random.index(said.len())];
            bus.inject(*tenant, frame);
            bus.inject(*tenant, &frame.slice(..frame.len() / 2));
        }
        last = one.emit(stage.tenant, &["inbox"], n).await;
    }
    assert_eq!(ada.follow(last).await, (0..60).collect::<Vec<_>>());
}

fn message(news: &serde_json::Value) -> Bytes {
    json!({"node": switchboard::ids::new(), "news": news}).to_string().into()
}
