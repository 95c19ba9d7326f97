//! Templates of the WhatsApp account.
//!
//! Owns: a handful of them as Graph lists them, in pages, and the check of a message that names one. Invariant: a message
//! is refused with Meta's codes (132000, 132001). Deliberately absent: templates that are made or edited meanwhile.

use super::Call;
use super::problem::Problem;
use super::read::only;
use serde_json::{Value, json};

/// So few that there are two pages.
const PAGE: usize = 5;

/// One page. The cursor is the number of those before it.
pub(super) fn page(call: &Call<'_>) -> Value {
    let all = all();
    let before: usize = call.query("after").and_then(|after| after.parse().ok()).unwrap_or(0);
    let limit = call.query("limit").and_then(|limit| limit.parse().ok()).unwrap_or(PAGE).clamp(1, PAGE);
    let after = before.saturating_add(limit);
    let more = after < all.len();
    let fields = call.query("fields");
    let data: Vec<Value> = all.into_iter().skip(before).take(limit).map(|one| only(one, fields)).collect();
    let mut paging = json!({"cursors": {"before": before.to_string(), "after": after.to_string()}});
    if let (true, Some(paging)) = (more, paging.as_object_mut()) {
        let host = &call.engine.world.lock().graph_url;
        paging.insert("next".to_owned(), json!(format!("{host}/{}?after={after}", call.path.join("/"))));
    }
    json!({"data": data, "paging": paging})
}

/// Whether a message's template is there, approved, and has as many values in its body as it wants.
pub(super) fn check(message: &Value) -> Result<(), Problem> {
    let text = |path: &str| message.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let (name, language) = (text("/template/name"), text("/template/language/code"));
    let all = all();
    let approved = all.iter().find(|one| {
        let is = |key: &str, value: &str| one.get(key).is_some_and(|it| it == value);
        is("name", name) && is("language", language) && is("status", "APPROVED")
    });
    let Some(template) = approved else { return Err(Problem::no_template(name, language)) };
    let wanted: usize = of_type(template.get("components"), "BODY")
        .filter_map(|body| body.get("text").and_then(Value::as_str))
        .map(|text| text.matches("{{").count())
        .sum();
    let given: usize = of_type(message.pointer("/template/components"), "body")
        .filter_map(|body| body.get("parameters").and_then(Value::as_array))
        .map(Vec::len)
        .sum();
    if given == wanted { Ok(()) } else { Err(Problem::wrong_parameters(wanted, given)) }
}

fn of_type<'a>(components: Option<&'a Value>, kind: &str) -> impl Iterator<Item = &'a Value> {
    let components = components.and_then(Value::as_array).into_iter().flatten();
    components.filter(move |component| component.get("type").is_some_and(|it| it == kind))
}

fn body(text: &str, example: &Value) -> Value {
    json!({"type": "BODY", "text": text, "example": {"body_text": [example]}})
}

fn template(id: &str, (name, language): (&str, &str), fate: (&str, &str, &str), components: Value) -> Value {
    let (category, status, reason) = fate;
    json!({"id": id, "name": name, "language": language, "category": category, "status": status,
        "parameter_format": "POSITIONAL", "components": components, "rejected_reason": reason,
        "quality_score": {"score": if status == "APPROVED" { "GREEN" } else { "UNKNOWN" }, "date": 1_763_600_000}})
}

fn all() -> Vec<Value> {
    const UTILITY: (&str, &str, &str) = ("UTILITY", "APPROVED", "NONE");
    let names = json!(["Ayşe", "20418"]);
    let replies = json!({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Yes, that suits me"},
        {"type": "QUICK_REPLY", "text": "Another day"}]});
    vec![
        template(
            "600001",
            ("order_shipped", "en"),
            UTILITY,
            json!([body("Hello {{1}}, your order {{2}} is on its way.", &names)]),
        ),
        template(
            "600002",
            ("order_shipped", "tr"),
            UTILITY,
            json!([body("Merhaba {{1}}, {{2}} numaralı siparişiniz yola çıktı.", &names)]),
        ),
        template(
            "600003",
            ("delivery_date", "en"),
            UTILITY,
            json!([{"type": "HEADER", "format": "TEXT", "text": "Delivery"},
                body("May we deliver on {{1}}?", &json!(["Friday"])), replies]),
        ),
        template(
            "600004",
            ("autumn_sale", "de"),
            ("MARKETING", "APPROVED", "NONE"),
            json!([{"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent.example/sofa.jpg"]}},
                body("Hallo {{1}}, bis zu 30 % auf Ecksofas – nur diese Woche.", &json!(["Ayşe"])),
                {"type": "FOOTER", "text": "Abmelden mit STOP"},
                {"type": "BUTTONS", "buttons": [
                    {"type": "URL", "text": "Ansehen", "url": "https://nova.example/{{1}}", "example": ["https://nova.example/ecksofas"]},
                    {"type": "QUICK_REPLY", "text": "Kein Interesse"}]}]),
        ),
        template(
            "600005",
            ("login_code", "en"),
            ("AUTHENTICATION", "APPROVED", "NONE"),
            json!([body("*{{1}}* is your verification code.", &json!(["123456"])),
                {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code",
                    "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}",
                    "example": ["https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456"]}]}]),
        ),
        template(
            "600006",
            ("win_a_sofa", "en"),
            ("MARKETING", "REJECTED", "PROMOTIONAL"),
            json!([body("You have won, {{1}}!", &json!(["Ayşe"]))]),
        ),
        template(
            "600007",
            ("winter_coupon", "en"),
            ("MARKETING", "APPROVED", "NONE"),
            json!([body("A coupon for you, {{1}}.", &json!(["Ayşe"])),
                {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "text": "Copy code", "example": ["WINTER10"]}]}]),
        ),
    ]
}
