//! The one route: from HTTP to a socket.

use super::hub::Hub;
use super::session;
use crate::auth;
use crate::error::{Error, Problem, Result};
use crate::http::Takeover;
use actix_http::ws;
use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
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
pub async fn connect(request: HttpRequest, hub: web::Data<Hub>) -> Result<HttpResponse> {
    let actor = auth::authenticate_socket(&request).await?;
    let asked = subprotocol(&request)?;
    let no_handshake = || Error::bad_request("A WebSocket handshake is expected here.");
    let mut handshake = ws::handshake(request.head()).map_err(|_| no_handshake())?;
    let takeover = Takeover::of(&request).ok_or_else(no_handshake)?;
    if let Some(protocol) = asked {
        handshake.insert_header((header::SEC_WEBSOCKET_PROTOCOL, protocol));
    }
    let seat = hub.into_inner().admit(actor)?;
    takeover.then(|stream, read| session::run(seat, stream, read));
    Ok(handshake.message_body(BoxBody::new(())).map_err(Error::internal)?.into())
}

/// Ours if it was asked for; none if none was.
fn subprotocol(request: &HttpRequest) -> Result<Option<&'static str>> {
    let mut offered = request
        .headers()
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .filter(|protocol| !protocol.is_empty())
        .peekable();
    if offered.peek().is_none() {
        return Ok(None);
    }
    match offered.any(|protocol| protocol == SUBPROTOCOL) {
        true => Ok(Some(SUBPROTOCOL)),
        false => Err(Error::bad_request("The subprotocol is `switchboard.v1`.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn our_subprotocol_or_none() {
        let ours = Some(Some(SUBPROTOCOL));
        for (offered, answered) in [
            (&[][..], Some(None)),
            (&["switchboard.v1"], ours),
            (&["graphql, switchboard.v1"], ours),
            (&["graphql", "switchboard.v1"], ours),
            (&["graphql"], None),
            (&["switchboard.v10"], None),
        ] {
            let mut request = TestRequest::default();
            for value in offered {
                request = request.append_header((header::SEC_WEBSOCKET_PROTOCOL, *value));
            }
            assert_eq!(subprotocol(&request.to_http_request()).ok(), answered, "{offered:?}");
        }
    }
}
