//! What can be read from Graph.
//!
//! Owns: profiles, leads, media, figures, tokens. Invariant: `fields` is honoured, `id` always there.
//! Deliberately absent: objects that the server never asks for.

use super::super::event::Platform;
use super::super::leads::{self, ADS, Ad, FORM_ID};
use super::super::media::Media;
use super::super::people::Person;
use super::problem::{self, Problem};
use super::{Call, file, templates};
use actix_web::HttpResponse;
use actix_web::http::Method;
use serde_json::{Map, Value, json};

pub(super) fn answer(call: &Call<'_>) -> Result<HttpResponse, Problem> {
    let unknown = || Problem::unknown(call.method.as_str(), &call.path.join("/"));
    if call.method == Method::DELETE {
        return match call.path.as_slice() {
            [_, "subscribed_apps" | "message_templates"] => Ok(problem::json(200, &json!({"success": true}))),
            [id] if Media::from_id(id).is_some() => Ok(problem::json(200, &json!({"success": true}))),
            _ => Err(unknown()),
        };
    }
    if call.method != Method::GET {
        return Err(unknown());
    }
    let body = match call.path.as_slice() {
        ["_media", id] => return Ok(file(id)),
        ["debug_token"] => debug_token(call),
        [id] => only(object(call, id).ok_or_else(unknown)?, call.query("fields")),
        [_, "subscribed_apps"] => subscribed_apps(call),
        [_, "message_templates"] => templates::page(call),
        [_, "phone_numbers"] => {
            json!({"data": [phone_number(call)], "paging": {"cursors": {"before": "QQ", "after": "QQ"}}})
        }
        [id, "leads"] if *id == FORM_ID => json!({"data": []}),
        [account, "insights"] if account.starts_with("act_") => insights(call),
        _ => return Err(unknown()),
    };
    Ok(problem::json(200, &body))
}

/// Keeps the asked fields; `a{b}` and `a.limit(1)` ask for `a`.
pub(super) fn only(mut object: Value, fields: Option<&str>) -> Value {
    let (Some(fields), Some(object_fields)) = (fields, object.as_object_mut()) else {
        return object;
    };
    let mut depth = 0_usize;
    let wanted: Vec<String> = fields
        .split(|c: char| {
            match c {
                '{' | '(' => depth += 1,
                '}' | ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && depth == 0
        })
        .map(|field| field.split(['{', '.', '(']).next().unwrap_or_default().trim().to_owned())
        .collect();
    object_fields.retain(|name, _| name == "id" || wanted.contains(name));
    object
}

fn object(call: &Call<'_>, id: &str) -> Option<Value> {
    let engine = call.engine;
    let accounts = &engine.config.accounts;
    if let Some(media) = Media::from_id(id) {
        let world = engine.world.lock();
        return Some(json!({"messaging_product": "whatsapp", "id": media.id, "mime_type": media.mime_type(),
            "url": format!("{}/_media/{}?source=getMedia", world.graph_url, media.id),
            "sha256": media.sha256_hex(), "file_size": media.bytes().len()}));
    }
    if leads::is_lead(id) {
        let now_ms = engine.now_ms();
        let world = engine.world.lock();
        return Some(leads::lookup(id, world.crowd_seed, &world.people, now_ms));
    }
    if let Some(ad) = ADS.iter().find(|ad| ad.id == id) {
        return Some(ad_object(ad));
    }
    if id == FORM_ID {
        return Some(json!({"id": id, "name": "Sofa offer", "locale": "en_GB", "status": "ACTIVE",
            "page": {"id": accounts.page_id, "name": "Nova Furniture"}, "questions": [
                {"key": "full_name", "label": "Full name", "type": "FULL_NAME"},
                {"key": "email", "label": "E-mail", "type": "EMAIL"},
                {"key": "phone_number", "label": "Phone", "type": "PHONE"}]}));
    }
    if id == accounts.phone_number_id {
        return Some(phone_number(call));
    }
    if id == accounts.waba_id {
        return Some(json!({"id": id, "name": "Nova Furniture", "currency": "TRY", "timezone_id": "121"}));
    }
    if id == accounts.instagram_id {
        return Some(
            json!({"id": id, "user_id": id, "username": "nova.furniture", "name": "Nova Furniture"}),
        );
    }
    if id == "me" || id == accounts.page_id {
        return Some(
            json!({"id": accounts.page_id, "name": "Nova Furniture", "user_id": accounts.instagram_id,
            "username": "nova.furniture", "instagram_business_account": {"id": accounts.instagram_id}}),
        );
    }
    let world = engine.world.lock();
    let person =
        world.people.iter().find(|person| person.id == id && person.platform != Platform::Whatsapp)?;
    Some(profile(&world.graph_url, person))
}

/// Names and pictures that are not set are absent, as some people's are.
fn profile(graph_url: &str, person: &Person) -> Value {
    let picture = format!("{graph_url}/_cdn/1391{:012}.png", person.place);
    let mut profile = Map::new();
    profile.insert("id".to_owned(), json!(person.id));
    profile.insert("name".to_owned(), json!(person.name()));
    profile.insert("profile_pic".to_owned(), json!(picture));
    if person.platform == Platform::Instagram {
        profile.insert("username".to_owned(), json!(person.username));
        profile.insert("follower_count".to_owned(), json!(person.place * 37 % 4_000));
        profile.insert("is_user_follow_business".to_owned(), json!(person.place.is_multiple_of(2)));
        profile.insert("is_business_follow_user".to_owned(), json!(false));
        profile.insert("is_verified_user".to_owned(), json!(false));
        if person.place % 11 == 5 {
            // Some have no name of their own, only a user name.
            profile.insert("name".to_owned(), Value::Null);
        }
    } else {
        profile.insert("first_name".to_owned(), json!(person.first));
        profile.insert("last_name".to_owned(), json!(person.last));
        profile.insert("locale".to_owned(), json!(person.language.locale));
    }
    Value::Object(profile)
}

fn ad_object(ad: &Ad) -> Value {
    let (adset, campaign) = (ad.adset, ad.campaign);
    json!({"id": ad.id, "name": ad.name, "account_id": "338811220044",
        "adset": {"id": adset.0, "name": adset.1}, "adset_id": adset.0,
        "campaign": {"id": campaign.0, "name": campaign.1}, "campaign_id": campaign.0})
}

fn phone_number(call: &Call<'_>) -> Value {
    let accounts = &call.engine.config.accounts;
    json!({"id": accounts.phone_number_id, "display_phone_number": accounts.display_phone_number,
        "verified_name": "Nova Furniture", "quality_rating": "GREEN", "platform_type": "CLOUD_API",
        "code_verification_status": "VERIFIED", "throughput": {"level": "STANDARD"}})
}

fn debug_token(call: &Call<'_>) -> Value {
    let scopes = [
        "whatsapp_business_messaging",
        "whatsapp_business_management",
        "pages_messaging",
        "pages_show_list",
        "pages_manage_metadata",
        "leads_retrieval",
        "instagram_manage_messages",
        "ads_read",
    ];
    json!({"data": {"app_id": call.engine.config.accounts.app_id, "type": "SYSTEM_USER",
        "application": "Switchboard", "is_valid": true, "expires_at": 0, "data_access_expires_at": 0,
        "issued_at": call.engine.now_ms() / 1000 - 86_400, "scopes": scopes,
        "granular_scopes": scopes.map(|scope| json!({"scope": scope})), "user_id": "122100000000001"}})
}

fn subscribed_apps(call: &Call<'_>) -> Value {
    let accounts = &call.engine.config.accounts;
    let app = json!({"id": accounts.app_id, "name": "Switchboard", "link": "https://example.test/"});
    if call.path.first() == Some(&accounts.waba_id.as_str()) {
        return json!({"data": [{"whatsapp_business_api_data": app}]});
    }
    json!({"data": [{"id": accounts.app_id, "name": "Switchboard", "category": "Business",
        "subscribed_fields": ["messages", "messaging_postbacks", "message_deliveries", "message_reads",
            "message_echoes", "message_reactions", "message_edits", "feed", "leadgen"]}]})
}

/// Numbers are texts here, as in life.
fn insights(call: &Call<'_>) -> Value {
    let (since, until) = call
        .query("time_range")
        .and_then(|range| serde_json::from_str::<Value>(range).ok())
        .and_then(|range| {
            let day = |name: &str| range.get(name).and_then(Value::as_str).map(str::to_owned);
            Some((day("since")?, day("until")?))
        })
        .unwrap_or_else(|| {
            let today = leads::graph_time(call.engine.now_ms());
            let today = today.split('T').next().unwrap_or_default().to_owned();
            (today.clone(), today)
        });
    let level = call.query("level").unwrap_or("ad");
    let mut seen: Vec<&str> = Vec::new();
    let mut rows = Vec::new();
    for (place, ad) in ADS.iter().enumerate() {
        let key = match level {
            "campaign" => ad.campaign.0,
            "adset" => ad.adset.0,
            _ => ad.id,
        };
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let scale = place + 1;
        let mut row = json!({"campaign_id": ad.campaign.0, "campaign_name": ad.campaign.1,
            "account_currency": "TRY", "date_start": since, "date_stop": until,
            "impressions": (18_240 * scale).to_string(), "reach": (11_020 * scale).to_string(),
            "clicks": (420 * scale).to_string(), "inline_link_clicks": (310 * scale).to_string(),
            "spend": format!("{}.50", 1_240 * scale), "cpc": "2.95", "cpm": "68.01", "ctr": "2.302632",
            "frequency": "1.655172", "actions": [
                {"action_type": "onsite_conversion.messaging_conversation_started_7d",
                    "value": (37 * scale).to_string()},
                {"action_type": "lead", "value": (12 * scale).to_string()}]});
        if let Some(row) = row.as_object_mut() {
            if level != "campaign" {
                row.insert("adset_id".to_owned(), json!(ad.adset.0));
                row.insert("adset_name".to_owned(), json!(ad.adset.1));
            }
            if level == "ad" {
                row.insert("ad_id".to_owned(), json!(ad.id));
                row.insert("ad_name".to_owned(), json!(ad.name));
            }
        }
        rows.push(row);
    }
    json!({"data": rows, "paging": {"cursors": {"before": "MAZDZD", "after": "MAZDZD"}}})
}
