//! A node that goes.

use crate::stage::Stage;
use std::sync::Arc;
use std::time::Duration;
use switchboard::clock;
use tokio::task::JoinSet;

pub async fn sockets_close_one_after_the_other(stage: Arc<Stage>) {
    let node = stage.node().await;
    let users = stage.users(3).await;
    let mut clients = JoinSet::new();
    let begin = clock::monotonic();
    for n in 0..30 {
        let mut client = node.socket(&users[n % 3], &["inbox"]).await;
        clients.spawn(async move { (client.closed().await, clock::monotonic()) });
    }
    node.hub.drain(Duration::from_secs(3)).await;
    assert_eq!(node.hub.sockets(), 0);
    let mut times = Vec::new();
    for (code, at) in clients.join_all().await {
        assert_eq!(code, 1012);
        times.push(at.duration_since(begin));
    }
    times.sort_unstable();
    // Not all at once: the last goes long after the first.
    assert!(times[29].saturating_sub(times[0]) > Duration::from_millis(1_200), "{times:?}");
    assert!(times[20].saturating_sub(times[0]) > Duration::from_millis(600), "{times:?}");
}

pub async fn nobody_is_let_in(stage: Arc<Stage>) {
    let (_bus, [going, staying]) = stage.nodes::<2>().await;
    let mut early = going.connect(&stage.ada).await.expect("connects");
    let draining = Arc::clone(&going.hub);
    let drained = tokio::spawn(async move { draining.drain(Duration::from_millis(500)).await });
    crate::stage::eventually("it is going", async || going.hub.is_draining()).await;
    for user in [&stage.ada, &stage.bob] {
        assert_eq!(going.connect(user).await.err(), Some(503));
        assert!(staying.connect(user).await.is_ok());
    }
    assert_eq!(early.closed().await, 1012, "who said no hello yet, too");
    drained.await.expect("drains");
}
