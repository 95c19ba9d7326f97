//! The least that a webhook needs: read the POST, check the signature, answer. Nothing is kept.

use crate::traffic::{PATH, SECRET};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::{Context, Result};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub fn run() -> Result<()> {
    serve(|config| {
        config.route(PATH, web::post().to(take));
    })
}

/// As many workers as cores, like the product.
pub fn serve(routes: impl FnOnce(&mut web::ServiceConfig) + Clone + Send + 'static) -> Result<()> {
    let address = std::env::var("BIND_ADDR").context("BIND_ADDR")?;
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || App::new().configure(routes.clone()));
        server.bind(address)?.shutdown_timeout(1).run().await?;
        Ok(())
    })
}

async fn take(request: HttpRequest, body: web::Bytes) -> HttpResponse {
    if is_signed(&request, &body) {
        HttpResponse::Ok().finish()
    } else {
        HttpResponse::Unauthorized().finish()
    }
}

pub fn is_signed(request: &HttpRequest, body: &[u8]) -> bool {
    let header = request.headers().get("x-hub-signature-256").and_then(|value| value.to_str().ok());
    let digest =
        header.and_then(|it| it.strip_prefix("sha256=")).and_then(|hex| HEXLOWER.decode(hex.as_bytes()).ok());
    let (Some(digest), Ok(mut mac)) = (digest, Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())) else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(&digest).is_ok()
}
