//! How long statements take: all of them as a histogram, the slow ones by name.
//!
//! A name is the statement's first verb and table. Statements are constant text, so there are few names, and nothing of a
//! row can be in one. Absent on purpose: plans and parameters; `pg_stat_activity` and `auto_explain` have them.

use crate::clock;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use std::time::{Duration, Instant};

/// A statement that takes longer is slow.
const SLOW: Duration = Duration::from_millis(500);
/// Statements under way on one connection; more were given up by who waited for them.
const UNDER_WAY: usize = 32;

/// Watches one connection.
#[derive(Default)]
pub(super) struct Watch {
    /// When the statements under way began. Those of one round trip begin together, so which of them ends first hardly
    /// matters; what was given up stays at the bottom.
    begun: Vec<Instant>,
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                if self.begun.len() == UNDER_WAY {
                    self.begun.remove(0);
                }
                self.begun.push(clock::monotonic());
            }
            InstrumentationEvent::FinishQuery { query, .. } => {
                let Some(begun) = self.begun.pop() else { return };
                let took = begun.elapsed();
                metrics::histogram!("switchboard_db_statement_seconds").record(took.as_secs_f64());
                if took > SLOW {
                    let statement = name(&query.to_string());
                    tracing::warn!(statement, took_ms = took.as_millis(), "slow statement");
                    metrics::counter!("switchboard_db_slow_statements_total", "statement" => statement)
                        .increment(1);
                }
            }
            _ => {}
        }
    }
}

/// The first verb and the first table after it; the second word where there is no table. Pure.
fn name(statement: &str) -> String {
    let words = || {
        let words = statement.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.filter(|word| !word.is_empty())
    };
    let verb = words().find(|word| ["select", "insert", "update", "delete"].contains(word));
    let mut rest = words().skip_while(|word| Some(*word) != verb);
    let Some(verb) = rest.next() else { return words().next().unwrap_or_default().to_owned() };
    let after = match verb {
        "update" => rest.next(),
        "insert" => rest.nth(1),
        _ => rest.clone().skip_while(|word| *word != "from").nth(1).or_else(|| rest.next()),
    };
    format!("{verb} {}", after.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_verb_and_table() {
        for (statement, expected) in [
            ("select seq from tenant_counter where tenant_id = $1", "select tenant_counter"),
            ("insert into webhook_delivery (id) select * from unnest($1)", "insert webhook_delivery"),
            (
                "with bump as (\n update tenant_counter set seq = 1) insert into event",
                "update tenant_counter",
            ),
            ("delete from job where id = $1", "delete job"),
            ("select maintain_event_partitions($1, $2)", "select maintain_event_partitions"),
            ("commit", "commit"),
            ("begin; select set_config('app.tenant_id', 'x', true)", "select set_config"),
            ("", ""),
        ] {
            assert_eq!(name(statement), expected, "{statement}");
        }
    }
}
