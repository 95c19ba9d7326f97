//! Rate limits over HTTP, at the limit and one above; whose request it is behind proxies.

use crate::operations::Answer;
use crate::records::user_of;
use crate::support::{Setup, TestApp};
use std::time::Duration;
use switchboard::clock;

/// Longer than the window of the limit per second.
const SECOND: Duration = Duration::from_millis(1020);

async fn stage(more: &[(&'static str, &str)]) -> TestApp {
    let settings =
        [("RATE_LIMITS", "on")].iter().chain(more).map(|(key, value)| (*key, (*value).to_owned())).collect();
    TestApp::with(Setup { settings, alone: true }).await
}

/// So many at once, from an address; how many were let through.
async fn burst(app: &TestApp, count: usize, address: &str, token: Option<&str>) -> (usize, Vec<Answer>) {
    let requests = (0..count).map(|_| {
        let request = app.http.get(format!("{}/api/v1/auth/me", app.base)).header("x-forwarded-for", address);
        Answer::of(if let Some(token) = token { request.bearer_auth(token) } else { request })
    });
    let answers = futures_util::future::join_all(requests).await;
    let (refused, through): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 429);
    assert!(through.iter().all(|answer| answer.status == if token.is_some() { 200 } else { 401 }));
    for answer in &refused {
        answer.is_problem(429, "rate_limited", address);
    }
    (through.len(), refused)
}

/// As [`burst`], in a window of its own: a second that the machine made longer counts for nothing.
async fn in_one_second(app: &TestApp, count: usize, token: Option<&str>) -> (usize, Vec<Answer>) {
    for n in 0..10 {
        tokio::time::sleep(SECOND).await;
        let began = clock::monotonic();
        let outcome = burst(app, count, &format!("198.51.100.{n}"), token).await;
        if began.elapsed() < Duration::from_millis(950) {
            return outcome;
        }
    }
    panic!("no {count} requests within a second");
}

fn wait(answers: &[Answer]) -> u64 {
    answers[0].header("retry-after").parse().expect("whole seconds")
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_in_a_second_and_not_one_more() {
    let app = stage(&[("TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let (user, token) = user_of(&app, app.tenant.id(), "agent").await;
    for token in [None, Some(token.as_str())] {
        let (through, refused) = in_one_second(&app, 20, token).await;
        assert_eq!((through, refused.len()), (20, 0), "{user}");
        let (through, refused) = in_one_second(&app, 21, token).await;
        assert_eq!((through, refused.len(), wait(&refused)), (20, 1, 1), "the 21st");
    }
    app.end().await;
}

/// Bursts of twenty until one is refused for longer than a second; how many were let through, and the wait.
async fn until_refused(app: &TestApp, address: &str, token: Option<&str>, most: usize) -> (usize, u64) {
    let mut all = 0;
    while all < most + 100 {
        let began = clock::monotonic();
        let (through, refused) = burst(app, 20, address, token).await;
        all += through;
        if !refused.is_empty() && wait(&refused) > 1 {
            return (all, wait(&refused));
        }
        tokio::time::sleep(SECOND.saturating_sub(began.elapsed())).await;
    }
    panic!("{all} were let through");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_of_an_address_and_a_thousand_of_a_user_in_a_quarter_of_an_hour() {
    let app = stage(&[("TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let (_, token) = user_of(&app, app.tenant.id(), "agent").await;
    let (_, other) = user_of(&app, app.tenant.id(), "agent").await;
    let (of_address, of_user) = tokio::join!(
        until_refused(&app, "203.0.113.7", None, 100),
        until_refused(&app, "203.0.113.8", Some(&token), 1_000),
    );
    assert_eq!(of_address.0, 100);
    assert!((840..=900).contains(&of_address.1), "{}", of_address.1);
    assert_eq!(of_user.0, 1_000);
    assert!((780..=900).contains(&of_user.1), "{}", of_user.1);
    // The address is used up for nobody in particular, the user from everywhere.
    assert_eq!(burst(&app, 1, "203.0.113.7", None).await.0, 0);
    assert_eq!(burst(&app, 1, "203.0.113.99", None).await.0, 1);
    assert_eq!(burst(&app, 1, "203.0.113.7", Some(&other)).await.0, 1);
    assert_eq!(burst(&app, 1, "203.0.113.99", Some(&token)).await.0, 0);
    // What is not counted.
    for address in ["/health/live", "/health/ready", "/metrics"] {
        for _ in 0..30 {
            let request =
                app.http.get(format!("{}{address}", app.base)).header("x-forwarded-for", "203.0.113.7");
            assert_ne!(Answer::of(request).await.status, 429, "{address}");
        }
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_address_is_believed_from_a_trusted_proxy_only() {
    // Nobody is trusted: all of these are one client.
    let app = stage(&[]).await;
    let mut through = 0;
    let began = clock::monotonic();
    for n in 0..40 {
        through += burst(&app, 1, &format!("198.51.100.{n}"), None).await.0;
    }
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    assert!(through <= 20 * seconds && (seconds > 1 || through == 20), "{through} in {seconds} s");
    app.end().await;

    // The peer is trusted: the last address that is no proxy counts; the ones before it are anybody's word.
    let app = stage(&[("TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8")]).await;
    let (mut one, mut many) = (0, 0);
    let began = clock::monotonic();
    for n in 0..30 {
        one += burst(&app, 1, &format!("198.51.100.{n}, 203.0.113.1, 10.0.0.{n}"), None).await.0;
        many += burst(&app, 1, &format!("203.0.113.1, 198.51.100.{n}"), None).await.0;
    }
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    assert!(one <= 20 * seconds && (seconds > 1 || one == 20), "{one} in {seconds} s");
    assert_eq!(many, 30);
    // A household's addresses are one client, however the path is written.
    tokio::time::sleep(SECOND).await;
    let began = clock::monotonic();
    let paths = [
        "/api/v1/auth/me",
        "/api/v1/auth/me/",
        "/api/v1//auth/me",
        "/%61pi/v1/auth/me",
        "/api/v1/none",
        "/api/v1/auth/me?x=1",
    ];
    let mut through = 0;
    for n in 0..30 {
        let request = app.http.get(format!("{}{}", app.base, paths[n % paths.len()]));
        let answer = Answer::of(request.header("x-forwarded-for", format!("2001:db8:1:2:{n:x}::1"))).await;
        through += usize::from(answer.status != 429);
    }
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    assert!(through <= 20 * seconds && (seconds > 1 || through == 20), "{through} in {seconds} s");
    app.end().await;
}
