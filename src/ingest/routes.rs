//! Leads of a website's own form: public, keyed, limited.

use super::batch;
use super::jobs::Context;
use super::leads::{clean_email, e164};
use super::world::LeadDetails;
use crate::channels;
use crate::error::{Error, FieldError, Problem, Result};
use crate::http::{self, Limits};
use crate::{clock, ids};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::BytesMut;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// Bytes of a form.
const MAX_FORM: usize = 64 * 1024;
/// Characters of a field; of the message more.
const MAX_FIELD: usize = 500;
const MAX_MESSAGE: usize = 10_000;

/// A website's form.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebsiteLead {
    /// From `GET /channels`, as an administrator.
    pub site_key: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub message: Option<String>,
    pub page_url: Option<String>,
    pub utm_source: Option<String>,
    pub utm_medium: Option<String>,
    pub utm_campaign: Option<String>,
    pub utm_term: Option<String>,
    pub utm_content: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WebsiteLeadTaken {
    pub id: Uuid,
}

/// `POST /api/public/leads`, outside `/api/v1`: any origin, no credentials.
pub fn public_routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/api/public/leads")
            .wrap(actix_web::middleware::from_fn(any_origin))
            .post(take)
            .route(web::method(actix_web::http::Method::OPTIONS).to(preflight)),
    );
}

/// Takes a lead of the website's form: JSON or a form. Phone or e-mail is required.
#[utoipa::path(post, path = "/api/public/leads", tag = "leads", request_body = WebsiteLead,
    responses((status = 201, body = WebsiteLeadTaken), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)), security())]
pub async fn take(
    request: HttpRequest,
    body: web::Payload,
    context: web::Data<Context>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse> {
    limits.lead(limits.client(&request))?;
    let form = read(&request, body).await?;
    let key = form.site_key.as_deref().filter(|key| !key.contains('\0')).unwrap_or_default();
    let (tenant, channel) = channels::website_channel(context.log.db(), key)
        .await?
        .ok_or(Error::Unauthenticated("`site_key` is not one of ours."))?;
    let region = context.region(tenant).await?;
    let lead = details(form, region.as_deref())?;
    http::detached(async move {
        batch::apply_lead(&context.log, tenant, channel, &lead, clock::now(), None).await?;
        let id = lead.lead_id.parse().map_err(Error::internal)?;
        Ok(HttpResponse::Created().json(WebsiteLeadTaken { id }))
    })
    .await
}

async fn read(request: &HttpRequest, mut body: web::Payload) -> Result<WebsiteLead> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk.map_err(|_| Error::bad_request("The body ended too early."))?);
        if bytes.len() > MAX_FORM {
            return Err(Error::TooLarge("A lead has at most 64 KiB."));
        }
    }
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim() {
        "application/json" if !http::is_object(&bytes) => {
            Err(Error::bad_request("The lead is not a JSON object."))
        }
        "application/json" => serde_json::from_slice(&bytes)
            .map_err(|error| Error::bad_request(format!("The lead can't be read: {error}."))),
        "application/x-www-form-urlencoded" => of_form(&bytes),
        _ => Err(Error::UnsupportedMediaType("A lead is JSON or a form.")),
    }
}

/// A page's form may have fields of its own (buttons, traps for robots): they are passed over.
fn of_form(bytes: &[u8]) -> Result<WebsiteLead> {
    let mut fields = Map::new();
    for (key, value) in url::form_urlencoded::parse(bytes) {
        let known = matches!(
            &*key,
            "site_key"
                | "name"
                | "phone"
                | "email"
                | "message"
                | "page_url"
                | "utm_source"
                | "utm_medium"
                | "utm_campaign"
                | "utm_term"
                | "utm_content"
        );
        if known {
            fields.insert(key.into_owned(), json!(value));
        }
    }
    serde_json::from_value(fields.into())
        .map_err(|error| Error::bad_request(format!("The lead can't be read: {error}.")))
}

fn details(form: WebsiteLead, region: Option<&str>) -> Result<LeadDetails> {
    let clean = |text: Option<String>| {
        text.map(|text| text.replace('\0', "").trim().to_owned()).filter(|text| !text.is_empty())
    };
    let (phone, email, message) = (clean(form.phone), clean(form.email), clean(form.message));
    let (name, page_url) = (clean(form.name), clean(form.page_url));
    let utm = [
        ("utm_source", clean(form.utm_source)),
        ("utm_medium", clean(form.utm_medium)),
        ("utm_campaign", clean(form.utm_campaign)),
        ("utm_term", clean(form.utm_term)),
        ("utm_content", clean(form.utm_content)),
        ("page_url", page_url),
    ];
    let mut errors = Vec::new();
    let mut refuse = |field: &str, code, detail: &str| {
        errors.push(FieldError { field: field.to_owned(), code, detail: detail.to_owned() });
    };
    if phone.is_none() && email.is_none() {
        refuse("phone", "required", "A phone number or an e-mail address is needed.");
    }
    let email_read = email.as_deref().and_then(clean_email);
    if email.is_some() && email_read.is_none() {
        refuse("email", "format", "That is no e-mail address.");
    }
    let long =
        |text: &Option<String>, limit: usize| text.as_ref().is_some_and(|text| text.chars().count() > limit);
    for (field, value) in [("name", &name), ("phone", &phone)] {
        if long(value, MAX_FIELD) {
            refuse(field, "too_long", "At most 500 characters.");
        }
    }
    for (field, value) in &utm {
        if long(value, 2000) {
            refuse(field, "too_long", "At most 2,000 characters.");
        }
    }
    if long(&message, MAX_MESSAGE) {
        refuse("message", "too_long", "At most 10,000 characters.");
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let attribution =
        utm.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?)))).collect();
    Ok(LeadDetails {
        lead_id: ids::new().to_string(),
        name,
        email: email_read,
        // What can't be read as a number is kept as written, in the activity.
        phone: phone.as_deref().and_then(|phone| e164(phone, region)),
        source: "website",
        activity: "website_lead",
        attribution,
        answers: json!({ "message": message, "phone": phone }),
        test: false,
    })
}

async fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "POST"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
}

/// Readable from any page; without credentials, so nothing of a signed-in user can be reached through it.
async fn any_origin(
    request: actix_web::dev::ServiceRequest,
    next: actix_web::middleware::Next<impl actix_web::body::MessageBody>,
) -> std::result::Result<actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>, actix_web::Error>
{
    let mut response = next.call(request).await?;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, header::HeaderValue::from_static("*"));
    Ok(response)
}
