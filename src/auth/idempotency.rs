//! Writes that are safe to repeat: the same `Idempotency-Key` gets the first answer again.
//!
//! Owns: the stored answers, by tenant, user and key. Invariants: the key's row and the change are one transaction, so
//! that there is no answer without the change and no change twice; of two at the same moment the second waits for the
//! first one's end. A refused request stores nothing: it may be corrected under the same key.
//!
//! Absent on purpose: sign-in, whose answers hold secrets that are stored nowhere.

use super::actor::Actor;
use crate::db::{Db, sql};
use crate::error::{Error, Result};
use crate::http;
use crate::log::Write;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use diesel::QueryableByName;
use diesel::sql_types::{Bytea, Int2, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use std::future::{Ready, ready};

/// The header, if it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    key: Option<String>,
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Bytea)]
    request_hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Int2>)]
    status: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    response: Option<String>,
}

impl FromRequest for Idempotency {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all("idempotency-key");
        ready(match (values.next(), values.next()) {
            (None, _) => Ok(Self { key: None }),
            (Some(value), None) => key(value.as_bytes()).map(|key| Self { key: Some(key) }),
            _ => Err(refused()),
        })
    }
}

fn key(value: &[u8]) -> Result<String> {
    if (1..=255).contains(&value.len()) && value.iter().all(u8::is_ascii_graphic) {
        Ok(value.iter().map(|byte| char::from(*byte)).collect())
    } else {
        Err(refused())
    }
}

fn refused() -> Error {
    Error::bad_request("`Idempotency-Key` is one header of 1 to 255 visible ASCII characters.")
}

impl Idempotency {
    /// Call it first in the transaction: the stored answer when this key was used before, else none, and the key is
    /// taken until the transaction ends. `hash` is [`http::Body::hash`].
    pub async fn replay(&self, write: &Write, actor: &Actor, hash: &[u8]) -> Result<Option<HttpResponse>> {
        let Some(key) = &self.key else { return Ok(None) };
        // Waits here while another transaction holds the same key.
        let taken = sql("insert into idempotency_key (tenant_id, user_id, key, request_hash)
                         values ($1, $2, $3, $4) on conflict do nothing")
        .bind::<SqlUuid, _>(write.tenant())
        .bind::<SqlUuid, _>(actor.user_id)
        .bind::<Text, _>(key)
        .bind::<Bytea, _>(hash)
        .execute(&mut write.conn())
        .await?;
        if taken == 1 {
            return Ok(None);
        }
        let stored: Stored =
            sql("select request_hash, status, response::text as response from idempotency_key
                 where tenant_id = $1 and user_id = $2 and key = $3")
            .bind::<SqlUuid, _>(write.tenant())
            .bind::<SqlUuid, _>(actor.user_id)
            .bind::<Text, _>(key)
            .get_result(&mut write.conn())
            .await?;
        if stored.request_hash != hash {
            return Err(Error::invalid(
                "Idempotency-Key",
                "idempotency_key_reused",
                "This key was used for another request.",
            ));
        }
        stored.answer(write.seq()).map(Some)
    }

    /// Stores the answer, commits, and answers with the record and its place in the log.
    pub async fn finish<T: Serialize>(
        self,
        write: Write,
        actor: &Actor,
        status: StatusCode,
        view: &T,
    ) -> Result<HttpResponse> {
        let json = serde_json::to_string(view)?;
        self.store(&write, actor, status, Some(&json)).await?;
        let seq = write.commit().await?;
        Ok(http::answer(status, seq, view))
    }

    /// Like [`Idempotency::finish`] for actions without a record: 204.
    pub async fn finish_empty(self, write: Write, actor: &Actor) -> Result<HttpResponse> {
        self.store(&write, actor, StatusCode::NO_CONTENT, None).await?;
        write.commit().await?;
        Ok(HttpResponse::NoContent().finish())
    }

    async fn store(
        &self,
        write: &Write,
        actor: &Actor,
        status: StatusCode,
        json: Option<&str>,
    ) -> Result<()> {
        let Some(key) = &self.key else { return Ok(()) };
        sql("update idempotency_key set status = $4, response = $5::json
             where tenant_id = $1 and user_id = $2 and key = $3")
        .bind::<SqlUuid, _>(write.tenant())
        .bind::<SqlUuid, _>(actor.user_id)
        .bind::<Text, _>(key)
        .bind::<Int2, _>(i16::try_from(status.as_u16()).map_err(Error::internal)?)
        .bind::<Nullable<Text>, _>(json)
        .execute(&mut write.conn())
        .await?;
        Ok(())
    }
}

impl Stored {
    fn answer(self, seq: i64) -> Result<HttpResponse> {
        let status = self.status.and_then(|status| u16::try_from(status).ok());
        let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) else {
            return Err(Error::Conflict("This key's first request has left no answer."));
        };
        let mut response = HttpResponse::build(status);
        response
            .insert_header(("switchboard-seq", seq))
            .insert_header(("idempotency-replayed", "true"))
            .insert_header((header::CACHE_CONTROL, "no-store"));
        Ok(match self.response {
            Some(json) => response.content_type(mime_json()).body(json),
            None => response.finish(),
        })
    }
}

fn mime_json() -> header::ContentType {
    header::ContentType::json()
}

/// Forgets keys older than a day. Run daily. Returns how many.
pub async fn forget(db: &Db) -> Result<usize> {
    let mut forgotten = 0;
    for tenant in crate::tenants::all(db).await? {
        let tx = db.write(tenant).await?;
        forgotten += sql("delete from idempotency_key
                          where tenant_id = $1 and created_at < now() - interval '24 hours'")
        .bind::<SqlUuid, _>(tx.tenant())
        .execute(&mut tx.conn())
        .await?;
        tx.commit().await?;
    }
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        assert_eq!(key(b"a-1").ok().as_deref(), Some("a-1"));
        assert!(key(&[b'a'; 255]).is_ok() && key(&[b'a'; 256]).is_err());
        for bad in [&b""[..], b"a b", b"a\n", "ü".as_bytes()] {
            assert!(key(bad).is_err());
        }
    }
}
