//! The one route: from HTTP to a socket.

use super::hub::Hub;
use super::session::{self, Guard, Hangup, Inbound};
use crate::auth;
use crate::error::{Error, Problem, Result};
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev, get, web};
use futures_util::StreamExt;
use utoipa_actix_web::service_config::ServiceConfig;

/// The only subprotocol.
const SUBPROTOCOL: &str = "switchboard.v1";

/// The route, relative to `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(connect);
}

/// Live events of the tenant
///
/// A WebSocket with JSON text frames (subprotocol `switchboard.v1`, or none asked for). Signed in by the session cookie,
/// with an allowed `Origin`; by `Authorization: Bearer`; or by a one-time `ticket` of `POST /auth/ticket`. The first frame
/// of the client is `hello`.
#[utoipa::path(tag = "realtime", security(("session" = []), ("bearer" = [])),
params(("ticket" = Option<String>, Query, description = "One-time ticket of `POST /auth/ticket`")),
responses(
    (status = 101, description = "The connection is a WebSocket now"),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "bad_request: no handshake, another subprotocol, a token in the query"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "unauthenticated"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "forbidden: `Origin` missing or not allowed"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "rate_limited: 20 sockets of a user"),
    (status = 503, body = Problem, content_type = "application/problem+json", description = "unavailable: shutting down, or no database"),
))]
#[get("/realtime")]
pub async fn connect(
    request: HttpRequest,
    payload: web::Payload,
    hub: web::Data<Hub>,
) -> Result<HttpResponse> {
    let actor = auth::authenticate_socket(&request).await?;
    if !subprotocol_fits(&request) {
        return Err(Error::bad_request("The subprotocol is `switchboard.v1`."));
    }
    let (guard, verdict) = Guard::new(payload.into_inner());
    let mut guarded = dev::Payload::Stream { payload: guard.boxed_local() };
    let no_handshake = |_| Error::bad_request("A WebSocket handshake is expected here.");
    let payload = web::Payload::from_request(&request, &mut guarded).await.map_err(no_handshake)?;
    let (response, session, messages) =
        actix_ws::handle_with_protocols(&request, payload, &[SUBPROTOCOL]).map_err(no_handshake)?;
    let seat = hub.into_inner().admit(actor)?;
    let hangup = request.conn_data::<Hangup>().cloned();
    actix_web::rt::spawn(session::run(seat, session, Inbound::new(messages, verdict), hangup));
    Ok(response)
}

/// Whether none was asked for, or ours is among them.
fn subprotocol_fits(request: &HttpRequest) -> bool {
    let mut offered = request
        .headers()
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .filter(|protocol| !protocol.is_empty())
        .peekable();
    offered.peek().is_none() || offered.any(|protocol| protocol == SUBPROTOCOL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn our_subprotocol_or_none() {
        for (offered, fits) in [
            (&[][..], true),
            (&["switchboard.v1"], true),
            (&["graphql, switchboard.v1"], true),
            (&["graphql", "switchboard.v1"], true),
            (&["graphql"], false),
            (&["switchboard.v10"], false),
        ] {
            let mut request = TestRequest::default();
            for value in offered {
                request = request.append_header((header::SEC_WEBSOCKET_PROTOCOL, *value));
            }
            assert_eq!(subprotocol_fits(&request.to_http_request()), fits, "{offered:?}");
        }
    }
}
