//! Rows on their way into `json_populate_recordset`.

use crate::error::Result;
use diesel::pg::Pg;
use diesel::serialize::{IsNull, Output, ToSql};
use diesel::sql_types::Json;
use serde::Serialize;
use std::io::Write;

/// Rows as one JSON array, written once: no tree of values in between.
#[derive(Debug, Clone, PartialEq, Eq, diesel::expression::AsExpression)]
#[diesel(sql_type = Json)]
pub struct JsonRows(String);

impl JsonRows {
    /// None when there are no rows.
    pub fn of<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Result<Option<Self>> {
        let rows: Vec<T> = rows.into_iter().collect();
        Ok(if rows.is_empty() { None } else { Some(Self(serde_json::to_string(&rows)?)) })
    }
}

impl ToSql<Json, Pg> for JsonRows {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> diesel::serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}
