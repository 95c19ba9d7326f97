//! How often one may ask, and try passwords.

use super::ME;
use super::browser::{App, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_limited_by_address_and_user() {
    let app = App::with(&[
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
        ("ADMIN_EMAIL", "ada@example.com"),
        ("ADMIN_PASSWORD", PASSWORD),
    ])
    .await;
    let from = |address: &str| app.browser().with("x-forwarded-for", address);
    // 20 a second, whatever the path; another address in the same /64 is the same client.
    let mut refused = 0;
    for n in 0..30 {
        let answer = from(&format!("2001:db8::{n:x}")).get(ME).await;
        if answer.status == 429 {
            assert_eq!((answer.code(), answer.header("retry-after")), ("rate_limited", "1"));
            assert_eq!(answer.header("content-type"), "application/problem+json");
            refused += 1;
        }
    }
    assert!(refused >= 1, "30 requests took more than a second?");
    assert_eq!(from("2001:db8:1::1").get(ME).await.status, 401, "another client");
    // 100 in 15 minutes.
    let mut counts = [0, 0];
    let mut last = None;
    for n in 0..110 {
        if n % 18 == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(1010)).await;
        }
        let path = ["/api/v1/anything", "/api/v1//auth/me/", "/%61pi/v1/auth/me", ME][n % 4];
        let answer = from("203.0.113.7").get(path).await;
        counts[usize::from(answer.status == 429)] += 1;
        last = Some(answer);
    }
    assert_eq!(counts, [100, 10]);
    let wait: u32 = last.expect("an answer").header("retry-after").parse().expect("seconds");
    assert!((880..=900).contains(&wait), "{wait}");
    assert_eq!(from("203.0.113.8").get(ME).await.status, 401);

    // A user is counted as a user, from wherever.
    let mut ada = from("203.0.113.9");
    assert_eq!(ada.login("ada@example.com", PASSWORD).await.status, 200);
    tokio::time::sleep(std::time::Duration::from_millis(1010)).await;
    let mut statuses = [0, 0];
    // At the same moment: on a slow machine one after the other would take longer than the second that counts.
    let asked = (0..60).map(|n| {
        let mut ada = ada.clone().with("x-forwarded-for", &format!("198.51.100.{n}"));
        async move { ada.get(ME).await.status }
    });
    for status in futures_util::future::join_all(asked).await {
        statuses[usize::from(status == 429)] += 1;
    }
    assert_eq!(statuses[0] + statuses[1], 60);
    assert!(statuses[1] >= 1, "{statuses:?}");
    assert_eq!(
        ada.clone().with("x-forwarded-for", "203.0.113.7").without_cookies().get(ME).await.status,
        429
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_are_limited_also_all_at_once() {
    let app = App::with(&[
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
        ("ADMIN_EMAIL", "ada@example.com"),
        ("ADMIN_PASSWORD", PASSWORD),
    ])
    .await;
    let tries = (0..18).map(|_| {
        let mut browser = app.browser().with("x-forwarded-for", "203.0.113.1");
        tokio::spawn(async move { browser.login("ada@example.com", "wrong horse battery").await })
    });
    let answers: Vec<_> =
        futures_util::future::join_all(tries).await.into_iter().map(|answer| answer.expect("runs")).collect();
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 5);
    let waits =
        answers.iter().filter(|answer| answer.status == 429).map(|answer| answer.header("retry-after"));
    let waits: Vec<u32> = waits.map(|wait| wait.parse().expect("seconds")).collect();
    assert_eq!(waits.len(), 13);
    assert!(waits.iter().all(|wait| (295..=300).contains(wait)), "{waits:?}");
    // From other addresses: ten of the e-mail in all, then not even the right password.
    for n in 0..5 {
        let mut browser = app.browser().with("x-forwarded-for", &format!("198.51.100.{n}"));
        assert_eq!(browser.login("Ada@example.com", "wrong horse battery").await.status, 401);
    }
    let mut browser = app.browser().with("x-forwarded-for", "198.51.100.77");
    assert_eq!(browser.login("ada@example.com", PASSWORD).await.status, 429);
    assert_eq!(browser.login("bo@example.com", PASSWORD).await.status, 401, "others are not concerned");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_right_sign_ins_at_once_are_no_attack() {
    let app = App::with(&[("ADMIN_EMAIL", "ada@example.com"), ("ADMIN_PASSWORD", PASSWORD)]).await;
    let tries = (0..15).map(|_| {
        let mut browser = app.browser();
        tokio::spawn(async move { browser.login("ada@example.com", PASSWORD).await.status })
    });
    let statuses = futures_util::future::join_all(tries).await;
    assert!(statuses.into_iter().all(|status| status.expect("runs") == 200));
    app.end().await;
}
