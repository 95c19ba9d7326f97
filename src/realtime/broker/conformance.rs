//! One test for every bus. Redis runs when `TEST_REDIS_URL` names one.

use super::{Broker, Health, Notice, memory, redis::Redis};
use bytes::Bytes;
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

type End = (Box<dyn Broker>, Receiver<Notice>);

async fn frame(notices: &mut Receiver<Notice>) -> Option<(Uuid, Bytes)> {
    loop {
        match tokio::time::timeout(Duration::from_millis(500), notices.recv()).await {
            Ok(Some(Notice::Frame { tenant, frame })) => return Some((tenant, frame)),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return None,
        }
    }
}

async fn until_up(broker: &dyn Broker) {
    for _ in 0..200 {
        if broker.health() == Health::Up {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the bus does not come up");
}

async fn conforms(one: End, other: End) {
    let ((one, mut to_one), (other, mut to_other)) = (one, other);
    until_up(&*one).await;
    until_up(&*other).await;
    let (tenant, foreign) = (crate::ids::new(), crate::ids::new());

    other.subscribe(tenant).await;
    for n in 0..50_u8 {
        one.publish(tenant, Bytes::from(vec![n, 0, 255])).await.expect("publishes");
    }
    for n in 0..50_u8 {
        let (of, bytes) = frame(&mut to_other).await.expect("arrives");
        assert_eq!((of, bytes), (tenant, Bytes::from(vec![n, 0, 255])), "in order, unchanged, once");
    }
    assert_eq!(frame(&mut to_one).await, None, "who has not subscribed hears nothing");

    one.publish(foreign, Bytes::from_static(b"x")).await.expect("publishes");
    assert_eq!(frame(&mut to_other).await, None, "tenants are apart");

    other.subscribe(tenant).await;
    one.publish(tenant, Bytes::from_static(b"y")).await.expect("publishes");
    assert!(frame(&mut to_other).await.is_some());
    assert_eq!(frame(&mut to_other).await, None, "subscribing twice doubles nothing");

    other.unsubscribe(tenant).await;
    one.publish(tenant, Bytes::from_static(b"z")).await.expect("publishes");
    assert_eq!(frame(&mut to_other).await, None, "unsubscribed");

    other.subscribe(tenant).await;
    other.close().await;
    let _ = one.publish(tenant, Bytes::from_static(b"z")).await;
    assert_eq!(frame(&mut to_other).await, None, "closed");
    assert_eq!(other.health(), Health::Down);
    one.close().await;
}

fn boxed((broker, notices): (impl Broker, Receiver<Notice>)) -> End {
    (Box::new(broker), notices)
}

#[tokio::test]
async fn memory_conforms() {
    let bus = memory::Bus::default();
    let (one, _notices) = bus.connect();
    assert_eq!(one.health(), Health::Alone);
    one.close().await;
    conforms(boxed(bus.connect()), boxed(bus.connect())).await;
}

#[tokio::test]
async fn redis_conforms() {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else { return };
    let connect = |installation| boxed(Redis::connect(&url, installation).expect("a URL"));
    conforms(connect("1"), connect("1")).await;

    let (apart, _) = connect("1");
    let (_, mut notices) = connect("2");
    until_up(&*apart).await;
    apart.publish(crate::ids::new(), Bytes::from_static(b"x")).await.expect("publishes");
    assert_eq!(frame(&mut notices).await, None, "installations are apart");
}
