//! F-27: keys of stored secrets.

use super::Outcome;
use crate::random::Random;
use crate::server::{Server, Setup, ended};
use serde_json::json;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Duration;
use switchboard::ids;
use webhooks::signature::sign;

const KEY: &str = "APP_CONFIG_ENCRYPTION_KEY";
const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEW: &str = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
const TENANTS: usize = 10;
const BODY: &[u8] = br#"{"object":"page","entry":[]}"#;

/// The command is killed after each tenant; every secret stays readable with both keys, then with the new one alone.
pub async fn rotation_killed(_random: Random) -> Outcome {
    let mut server = Server::start(Setup { settings: vec![(KEY, OLD.to_owned())], ..Setup::default() }).await;
    let canary = ids::token();
    for n in 0..TENANTS {
        store(&server, n, &format!("{canary}-{n}")).await;
    }
    all_open(&server, &canary).await;
    assert!(server.stop().await.success());
    server.set(KEY, &format!("{NEW},{OLD}"));
    server.orders = Some("secret.rewrap_half=return(kill)".to_owned());
    let mut kills = 0;
    loop {
        let mut rotation = server.command_of(&["secrets", "rotate"]).spawn().unwrap();
        let status = ended(&mut rotation, Duration::from_secs(30)).await.expect("the command ends");
        server.postgres_ends().await;
        if status.success() {
            break;
        }
        assert_eq!(status.signal(), Some(9), "{status}\n{}", server.said());
        kills += 1;
        if kills == TENANTS / 2 {
            server.orders = None;
            server.again().await;
            all_open(&server, &canary).await;
            assert!(server.stop().await.success());
            server.orders = Some("secret.rewrap_half=return(kill)".to_owned());
        }
        assert!(kills <= TENANTS, "a rotation that was killed goes on where it was");
    }
    assert_eq!(kills, TENANTS);
    holds_nothing(&server.data, canary.as_bytes());
    server.orders = None;
    // The former one opens nothing, and spoils nothing.
    server.set(KEY, OLD);
    server.again().await;
    assert_eq!(signed(&server, 0, &canary).await, 503);
    assert!(server.stop().await.success());
    server.set(KEY, NEW);
    server.again().await;
    all_open(&server, &canary).await;
    Outcome::Held(format!("{kills} kills, {TENANTS} tenants"))
}

/// A tenant with an app secret of its own.
async fn store(server: &Server, n: usize, secret: &str) {
    let (tenant, user, token) = (ids::new(), ids::new(), ids::token());
    let hash = data_encoding::HEXLOWER.encode(&ids::token_hash(&token));
    let made = format!(
        "insert into tenant (id, slug, name) values ('{tenant}', 'tenant-{n}', 'Tenant');
         insert into tenant_counter (tenant_id) values ('{tenant}');
         insert into app_user (tenant_id, id, email, name, role)
             values ('{tenant}', '{user}', '{user}@example.test', 'Ada', 'administrator');
         insert into session (id, tenant_id, user_id, token_hash, expires_at)
             values ('{user}', '{tenant}', '{user}', '{user}', now() + interval '1 day');
         insert into access_token (hash, session_id, expires_at)
             values ('\\x{hash}', '{user}', now() + interval '1 day')"
    );
    server.database().await.batch_execute(&made).await.unwrap();
    let request = reqwest::Client::new().put(format!("{}/api/v1/system-config/meta_app_secret", server.url));
    let answer = request.bearer_auth(token).json(&json!({ "value": secret })).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
}

/// The status of a webhook that is signed with a tenant's secret.
async fn signed(server: &Server, n: usize, canary: &str) -> u16 {
    let request = reqwest::Client::new().post(format!("{}/api/meta/webhook/tenant-{n}", server.url));
    let signature = sign(BODY, format!("{canary}-{n}").as_bytes());
    let answer = request.header("x-hub-signature-256", signature).body(BODY).send().await.unwrap();
    answer.status().as_u16()
}

async fn all_open(server: &Server, canary: &str) {
    for n in 0..TENANTS {
        assert_eq!(signed(server, n, canary).await, 200, "tenant {n}\n{}", server.said());
    }
}

/// No file below the folder has these bytes.
fn holds_nothing(folder: &Path, bytes: &[u8]) {
    for entry in folder.read_dir().unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            holds_nothing(&path, bytes);
        } else if path.is_file() {
            let text = std::fs::read(&path).unwrap();
            assert!(!text.windows(bytes.len()).any(|part| part == bytes), "{}", path.display());
        }
    }
}
