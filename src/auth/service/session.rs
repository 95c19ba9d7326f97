//! Sessions: begun with a password, carried on by refreshing, ended.

use crate::auth::Auth;
use crate::auth::actor::Actor;
use crate::auth::model::{self, ACCESS_SECONDS, TICKET_SECONDS, UserView};
use crate::auth::password::Verdict;
use crate::auth::store::{self, NewSession, Presented};
use crate::db::SystemTx;
use crate::error::{Error, Result};
use crate::ids;
use secrecy::SecretString;
use std::net::IpAddr;
use uuid::Uuid;

/// Longer ones were never accepted, and are not worth a hash.
const LONGEST_TRIED: usize = 1024;
const WRONG: Error = Error::Unauthenticated("E-mail or password is wrong.");
const OVER: Error = Error::Unauthenticated("The sign-in is not valid (any more).");

/// A session's new tokens, in clear for the last time.
pub struct Signed {
    pub access_token: String,
    /// None: the browser keeps the one it has.
    pub session_token: Option<String>,
    pub refresh_token: String,
    pub user: UserView,
}

/// What a browser shows of its session when it refreshes.
#[derive(Debug, Default)]
pub struct Cookie {
    pub session_token: Option<String>,
}

/// The hash of a cookie that was made by refreshing: of another kind than an access token's, so that neither passes for
/// the other.
pub fn cookie_hash(token: &str) -> Vec<u8> {
    ids::token_hash(&format!("cookie:{token}"))
}

/// By password. Unknown e-mail, wrong password and disabled user look the same, in time too.
pub async fn sign_in(auth: &Auth, email: &str, password: SecretString, address: IpAddr) -> Result<Signed> {
    use secrecy::ExposeSecret;
    let email = model::normal_email(email);
    let attempt = auth.limits.sign_in(address, &email).await?;
    // PostgreSQL knows no U+0000; nobody has such an e-mail, and it takes as long as any other.
    let asked = if email.contains('\0') { "" } else { email.as_str() };
    let known = store::credential(auth.db(), asked).await?;
    let stored = known.as_ref().map(|known| known.password_hash.clone());
    let verdict = if password.expose_secret().len() > LONGEST_TRIED {
        Verdict::Wrong
    } else {
        auth.passwords.check(password, stored).await?
    };
    let known = known.filter(|_| verdict != Verdict::Wrong);
    let signed = match known {
        Some(known) => {
            let tx = auth.db().system().await?;
            store::enter(&tx, known.tenant_id).await?;
            if let Verdict::Outdated(new) = &verdict {
                store::rehash(&tx, &email, &known.password_hash, new).await?;
            }
            begin(tx, known.tenant_id, known.user_id).await?
        }
        None => None,
    };
    let Some(signed) = signed else {
        attempt.failed();
        metrics::counter!("switchboard_sign_ins_total", "outcome" => "refused").increment(1);
        tracing::warn!(target: "security", %address, "sign-in refused");
        return Err(WRONG);
    };
    metrics::counter!("switchboard_sign_ins_total", "outcome" => "ok").increment(1);
    tracing::info!(target: "security", user = %signed.user.id, %address, "signed in");
    Ok(signed)
}

/// A new session of a user who may sign in; commits. The tenant is set.
pub(super) async fn begin(tx: SystemTx, tenant: Uuid, user: Uuid) -> Result<Option<Signed>> {
    let row = store::user(tx.conn(), tenant, user).await?;
    let Some(row) = row.filter(|row| row.disabled_at.is_none()) else { return Ok(None) };
    let (session_token, id) = (ids::token(), ids::new());
    let session = NewSession { id, tenant, user, token_hash: ids::token_hash(&session_token) };
    store::insert_session(&tx, &session).await?;
    let (access_token, refresh_token) = issue(&tx, id).await?;
    tx.commit().await?;
    Ok(Some(Signed { access_token, session_token: Some(session_token), refresh_token, user: row.view()? }))
}

async fn issue(tx: &SystemTx, session: Uuid) -> Result<(String, String)> {
    let (access, refresh) = (ids::token(), ids::token());
    store::insert_access(tx, session, &ids::token_hash(&access), ACCESS_SECONDS).await?;
    store::insert_refresh(tx, session, &ids::token_hash(&refresh)).await?;
    Ok((access, refresh))
}

/// By refresh token: new ones for the old one. An old one that comes again ends the session, for whoever holds it; but
/// two tabs of one browser that refresh at the same moment both go on.
pub async fn refresh(auth: &Auth, token: &str, cookie: Cookie) -> Result<Signed> {
    let hash = ids::token_hash(token);
    let tx = auth.db().system().await?;
    let Some(session) = store::session_of_refresh(&tx, &hash).await? else { return Err(OVER) };
    let Some(tenant) = store::lock_session(&tx, session).await? else { return Err(OVER) };
    let state = store::refresh_state(&tx, &hash).await?;
    if !state.alive {
        return Err(OVER);
    }
    if state.replaced && !state.graced {
        let ended = store::revoke(&tx, &[session]).await?;
        tx.commit().await?;
        auth.revocations.announce(&ended);
        metrics::counter!("switchboard_refresh_reuse_total").increment(1);
        tracing::warn!(target: "security", %session, "a refresh token came again; its session was ended");
        return Err(OVER);
    }
    let kept = keeps_cookie(&tx, session, cookie).await?;
    // The cookie may have been another session's, of another tenant.
    store::enter(&tx, tenant).await?;
    let (access_token, refresh_token) = issue(&tx, session).await?;
    // In the grace the successor stays as it is: whichever of the two the browser keeps will be used next.
    if !state.replaced {
        store::replace_refresh(&tx, session, &ids::token_hash(&refresh_token)).await?;
    }
    let session_token = if kept {
        None
    } else {
        let token = ids::token();
        store::insert_extra_cookie(&tx, session, &cookie_hash(&token)).await?;
        Some(token)
    };
    let Some(row) = store::find(&tx, session).await? else { return Err(OVER) };
    let Some(user) = store::user(tx.conn(), row.tenant_id, row.user_id).await? else { return Err(OVER) };
    tx.commit().await?;
    Ok(Signed { access_token, session_token, refresh_token, user: user.view()? })
}

/// Whether the browser's session cookie still works: then it stays, so that its other requests on the way do too.
async fn keeps_cookie(tx: &SystemTx, session: Uuid, cookie: Cookie) -> Result<bool> {
    let Some(token) = cookie.session_token else { return Ok(false) };
    let presented = Presented::Cookie { first: ids::token_hash(&token), extra: cookie_hash(&token) };
    if store::of_token(tx, &presented).await? != Some(session) {
        return Ok(false);
    }
    Ok(store::find(tx, session).await?.is_some())
}

/// Ends the sessions of an actor and of a refresh token (one and the same, mostly).
pub async fn logout(auth: &Auth, actor: Option<&Actor>, refresh_token: Option<&str>) -> Result<()> {
    let tx = auth.db().system().await?;
    let mut sessions: Vec<Uuid> = actor.map(|actor| actor.session_id).into_iter().collect();
    if let Some(token) = refresh_token {
        sessions.extend(store::session_of_refresh(&tx, &ids::token_hash(token)).await?);
    }
    let ended = store::revoke(&tx, &sessions).await?;
    tx.commit().await?;
    auth.revocations.announce(&ended);
    Ok(())
}

/// A one-time ticket for a socket of this session.
pub async fn ticket(auth: &Auth, actor: &Actor) -> Result<String> {
    let ticket = ids::token();
    let tx = auth.db().system().await?;
    store::insert_ticket(&tx, actor.session_id, &ids::token_hash(&ticket), TICKET_SECONDS).await?;
    tx.commit().await?;
    Ok(ticket)
}
