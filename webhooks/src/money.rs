//! Amounts of a cart, in integers.
//!
//! Owns: decimal text to minor units, and the sum of an order. Invariants: no floating point (a JSON number counts by
//! its text); halves round up; an amount that can't be read makes the total unknown instead of wrong. Absent: exchange
//! rates and formatting.

use crate::fact::{Money, Order, OrderItem};
use crate::json::Read;
use serde_json::Value;

/// Digits behind the point that amounts are read with before rounding.
const SCALE: u32 = 6;

/// ISO 4217 currencies without minor unit.
const WHOLE: [&str; 16] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
    "XPF",
];

/// ISO 4217 currencies with three digits.
const THREE: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// WhatsApp `order{catalog_id, text?, product_items[{product_retailer_id, quantity, item_price, currency}]}` (S).
/// `None` if there is no item at all.
pub(crate) fn order(order: &Value) -> Option<Order> {
    let raw: Vec<&Value> = order.list("product_items").iter().filter(|item| item.is_object()).collect();
    let items: Vec<OrderItem> = raw.iter().map(|item| order_item(item)).collect();
    (!items.is_empty()).then(|| Order { catalog_id: order.id("catalog_id"), items, total: total(&raw) })
}

fn order_item(item: &Value) -> OrderItem {
    let price = currency(item).and_then(|currency| {
        let amount = minor(decimal(item.get("item_price")?)?, &currency)?;
        Some(Money { amount, currency })
    });
    // An unreadable quantity is shown as 0 and makes the total unknown.
    OrderItem {
        product_id: item.id("product_retailer_id"),
        quantity: quantity(item).unwrap_or_default(),
        price,
    }
}

/// Exact sum, rounded once at the end.
fn total(items: &[&Value]) -> Option<Money> {
    let currency = currency(items.first()?)?;
    let mut sum = 0_i128;
    for item in items {
        if self::currency(item)? != currency {
            return None;
        }
        let price = decimal(item.get("item_price")?)?;
        sum = sum.checked_add(price.checked_mul(i128::from(quantity(item)?))?)?;
    }
    Some(Money { amount: minor(sum, &currency)?, currency })
}

fn quantity(item: &Value) -> Option<i64> {
    item.integer("quantity").filter(|quantity| *quantity >= 0)
}

/// Three letters, upper case.
fn currency(item: &Value) -> Option<String> {
    let code = item.text("currency")?.trim().to_ascii_uppercase();
    (code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())).then_some(code)
}

/// A plain decimal (`1499.50`), string or number, in units of 10^-6; negative prices don't exist.
fn decimal(value: &Value) -> Option<i128> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let plain =
        |digits: &str| !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let scale = 10_i128.pow(SCALE);
    let digits = u32::try_from(fraction.len()).ok()?;
    let fraction = fraction.parse::<i128>().ok()?.checked_mul(scale)? / 10_i128.checked_pow(digits)?;
    whole.parse::<i128>().ok()?.checked_mul(scale)?.checked_add(fraction)
}

/// From units of 10^-6 to the currency's minor units, halves up.
fn minor(amount: i128, currency: &str) -> Option<i64> {
    let digits = if WHOLE.contains(&currency) {
        0
    } else if THREE.contains(&currency) {
        3
    } else {
        2
    };
    let unit = 10_i128.pow(SCALE - digits);
    i64::try_from(amount.checked_add(unit / 2)? / unit).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::order;
    use crate::fact::Money;
    use serde_json::{Value, json};

    fn cart(items: Value) -> Option<Money> {
        order(&json!({ "product_items": items })).unwrap().total
    }

    fn money(amount: i64, currency: &str) -> Option<Money> {
        Some(Money { amount, currency: currency.to_owned() })
    }

    #[test]
    fn numbers_and_strings_add_up_exactly() {
        let items = json!([{"quantity": 1, "item_price": 18999.9, "currency": "TRY"},
                           {"quantity": "2", "item_price": "1499.50", "currency": "try"}]);
        assert_eq!(cart(items), money(2_199_890, "TRY"));
        let tenths: Vec<Value> =
            (0..10).map(|_| json!({"quantity": 1, "item_price": 0.1, "currency": "EUR"})).collect();
        assert_eq!(cart(Value::from(tenths)), money(100, "EUR"));
        assert_eq!(cart(json!([{"quantity": 3, "item_price": 1.115, "currency": "EUR"}])), money(335, "EUR"));
    }

    #[test]
    fn minor_units_of_the_currency() {
        for (currency, amount) in
            [("JPY", 1500), ("KWD", 1_500_000), ("EUR", 150_000), ("VND", 1500), ("XXX", 150_000)]
        {
            assert_eq!(
                cart(json!([{"quantity": 1, "item_price": 1500, "currency": currency}])),
                money(amount, currency)
            );
        }
    }

    #[test]
    fn an_unreadable_part_makes_the_total_unknown() {
        let good = json!({"quantity": 1, "item_price": 5, "currency": "EUR"});
        for bad in [
            json!({"quantity": 1, "currency": "EUR"}),
            json!({"quantity": null, "item_price": 5, "currency": "EUR"}),
            json!({"quantity": -1, "item_price": 5, "currency": "EUR"}),
            json!({"quantity": 1, "item_price": "5,00", "currency": "EUR"}),
            json!({"quantity": 1, "item_price": -5, "currency": "EUR"}),
            json!({"quantity": 1, "item_price": "1e3", "currency": "EUR"}),
            json!({"quantity": 1, "item_price": 5, "currency": "USD"}),
            json!({"quantity": 1, "item_price": 5, "currency": "€"}),
            json!({"quantity": i64::MAX, "item_price": "999999999999999999", "currency": "EUR"}),
        ] {
            let read = order(&json!({"product_items": [good, bad, 7]})).unwrap();
            assert_eq!((read.total, read.items.len()), (None, 2), "{bad}");
        }
        assert_eq!(order(&json!({"product_items": []})), None);
        assert_eq!(order(&json!({"product_items": [null]})), None);
        assert_eq!(order(&json!(7)), None);
    }
}
