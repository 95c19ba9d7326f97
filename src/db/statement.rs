//! Statements of constant text, each prepared once a connection.
//!
//! diesel's own `sql_query` counts as unsafe to keep prepared, because its text may be made of anything: PostgreSQL would
//! parse and plan it each time, after a round trip of its own. Constant text is one of a few hundred, so a connection
//! keeps all of them. Absent on purpose: checking that the types are those of the text; the tests run every statement.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};
use std::marker::PhantomData;

/// The one way to a statement: constant text, so that nothing from outside can become part of it. Rows are read by the
/// names of their columns.
pub fn sql(text: &'static str) -> Statement {
    Statement(text)
}

/// A statement without values.
#[derive(Debug, Clone, Copy)]
#[must_use = "a statement does nothing until it is loaded or executed"]
pub struct Statement(&'static str);

/// A statement with the values of its first parameters.
#[derive(Debug, Clone, Copy)]
#[must_use = "a statement does nothing until it is loaded or executed"]
pub struct Bound<Before, Value, T> {
    before: Before,
    value: Value,
    kind: PhantomData<T>,
}

impl Statement {
    /// The value of `$1`.
    pub fn bind<T, Value>(self, value: Value) -> Bound<Self, Value, T> {
        Bound { before: self, value, kind: PhantomData }
    }
}

impl<Before, Value, T> Bound<Before, Value, T> {
    /// The value of the next parameter.
    pub fn bind<U, Next>(self, value: Next) -> Bound<Self, Next, U> {
        Bound { before: self, value, kind: PhantomData }
    }
}

impl QueryFragment<Pg> for Statement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

impl<Before, Value, T> QueryFragment<Pg> for Bound<Before, Value, T>
where
    Pg: HasSqlType<T>,
    Before: QueryFragment<Pg>,
    Value: ToSql<T, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.before.walk_ast(out.reborrow())?;
        out.push_bind_param_value_only(&self.value)
    }
}

// Kept under their text and the types of their values.
impl QueryId for Statement {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Before, Value, T> QueryId for Bound<Before, Value, T> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl<Before, Value, T> Query for Bound<Before, Value, T> {
    type SqlType = Untyped;
}
