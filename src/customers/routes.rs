//! `/customers`: list, one, edit.

use super::listing::{self, Listed, Part};
use super::model::{Customer, CustomerPatch, DefaultRegion};
use super::patch::Object;
use super::refusals::{OfReads, OfWrites};
use super::service::{self, Query};
use super::store::{Filter, Sort};
use super::text;
use crate::auth::{Actor, Auth, Idempotency, Permission};
use crate::error::{Error, Result};
use crate::http::{self, Body, Params, PathId};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, patch, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// Kinds of channels that a person can be known on.
const CHANNEL_KINDS: [&str; 5] = ["whatsapp", "messenger", "instagram", "lead_ads", "website"];

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_customers).service(show_customer).service(edit_customer);
}

/// Customers, as a list by cursor or a table by page. Needs `customers.read`.
#[utoipa::path(
    tag = "customers",
    security(("session" = []), ("bearer" = [])),
    params(
        ("q" = Option<String>, Query, description = "In name, phone, e-mail, username or external id"),
        ("filter_channel" = Option<Vec<String>>, Query, description = "Known on any of these kinds of channels"),
        ("filter_opt_out" = Option<bool>, Query, description = "Whether marketing is unwanted"),
        ("sort" = Option<String>, Query, description = "`created_at` (default), `name`, `email`, `phone`"),
        ("order" = Option<String>, Query, description = "`asc` or `desc`; default `desc` for `created_at`, else `asc`"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50", minimum = 1, maximum = 200),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("page" = Option<i64>, Query, description = "From 1; the answer then has `page` and `total`", minimum = 1),
    ),
    responses((status = 200, description = "The customers", body = Listed<Customer>), OfReads),
)]
#[get("/customers")]
async fn list_customers(actor: Actor, auth: web::Data<Auth>, params: Params) -> Result<HttpResponse> {
    actor.require(Permission::CustomersRead)?;
    let (seq, customers) = service::list(auth.db(), actor.tenant, query(&params)?).await?;
    Ok(http::shown(seq, &customers))
}

/// One customer; the id of a merged one gives the one that is left. Needs `customers.read`.
#[utoipa::path(
    tag = "customers",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The customer", body = Customer), OfReads),
)]
#[get("/customers/{id}")]
async fn show_customer(actor: Actor, auth: web::Data<Auth>, id: PathId) -> Result<HttpResponse> {
    actor.require(Permission::CustomersRead)?;
    let (seq, customer) = service::get(auth.db(), actor.tenant, id.0).await?;
    Ok(http::shown(seq, &customer))
}

/// Edits a customer. Needs `customers.write`.
#[utoipa::path(
    tag = "customers",
    security(("session" = []), ("bearer" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = CustomerPatch,
    responses((status = 200, description = "The customer after it", body = Customer), OfReads, OfWrites),
)]
#[patch("/customers/{id}")]
async fn edit_customer(
    actor: Actor,
    auth: web::Data<Auth>,
    region: Option<web::Data<DefaultRegion>>,
    id: PathId,
    idempotency: Idempotency,
    body: Body<Object<CustomerPatch>>,
) -> Result<HttpResponse> {
    actor.require(Permission::CustomersWrite)?;
    http::detached(async move {
        let mut write = auth.log.begin(actor.tenant, actor.label()).await?;
        if let Some(answer) = idempotency.replay(&write, &actor, &body.hash).await? {
            return Ok(answer);
        }
        let region = region.as_ref().and_then(|region| region.0.as_deref());
        let customer = service::edit(&mut write, region, id.0, &body.value.0).await?;
        idempotency.finish(write, &actor, StatusCode::OK, &customer).await
    })
    .await
}

fn query(params: &Params) -> Result<Query> {
    let sort = match params.one("sort") {
        None | Some("created_at") => Sort::CreatedAt,
        Some("name") => Sort::Name,
        Some("email") => Sort::Email,
        Some("phone") => Sort::Phone,
        Some(_) => return Err(Error::bad_request("`sort` is `name`, `created_at`, `email` or `phone`.")),
    };
    let mut filter =
        Filter { pattern: text::search_pattern(params.one("q").unwrap_or_default())?, ..Filter::default() };
    for (column, values) in params.prefixed("filter_") {
        match column {
            "channel" if values.iter().all(|value| CHANNEL_KINDS.contains(value)) => {
                filter.channel_kinds = Some(values.into_iter().map(str::to_owned).collect());
            }
            "opt_out" => filter.opt_out = opt_out(&values)?,
            _ => {
                let detail = "Filters are `filter_channel` (a kind of channel) and `filter_opt_out`.";
                return Err(Error::bad_request(detail));
            }
        }
    }
    let descending = listing::descending(params)?.unwrap_or(sort == Sort::CreatedAt);
    Ok(Query { filter, sort, descending, part: Part::read(params)? })
}

/// Both of the two values are no filter at all.
fn opt_out(values: &[&str]) -> Result<Option<bool>> {
    let wanted = |value: &str| values.contains(&value);
    if values.iter().any(|value| !matches!(*value, "true" | "false")) {
        return Err(Error::bad_request("`filter_opt_out` is `true` or `false`."));
    }
    Ok((wanted("true") != wanted("false")).then(|| wanted("true")))
}
