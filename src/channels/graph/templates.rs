//! The list of a business account's templates.

use super::{Graph, GraphError};
use secrecy::SecretString;
use serde_json::Value;

/// Templates of a page: with all their texts they fit into an answer of a megabyte.
const LIMIT: &str = "100";
/// An account has at most 6,000 templates, far fewer by default.
const MAX_PAGES: usize = 50;
const FIELDS: &str =
    "id,name,language,status,category,components,quality_score,rejected_reason,parameter_format";

/// A list of templates as Graph gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateList {
    pub entries: Vec<Value>,
    /// False: there is more than was read.
    pub whole: bool,
}

impl Graph {
    /// All templates of a WhatsApp business account, page by page. The address of the next page is never followed, only
    /// its cursor: the token goes nowhere else.
    pub async fn templates(&self, waba_id: &str, token: &SecretString) -> Result<TemplateList, GraphError> {
        let path = [waba_id, "message_templates"];
        let (mut entries, mut cursor): (Vec<Value>, Option<String>) = (Vec::new(), None);
        for _ in 0..MAX_PAGES {
            let mut query = vec![("fields", FIELDS), ("limit", LIMIT)];
            query.extend(cursor.as_deref().map(|cursor| ("after", cursor)));
            let mut answer = self.get(&self.graph, &path, &query, Some(token)).await?;
            let Some(Value::Array(page)) = answer.get_mut("data").map(Value::take) else {
                return Err(GraphError::Later { cause: "templates without a list".to_owned(), after: None });
            };
            entries.extend(page);
            let next = next(&answer);
            if next.is_none() {
                return Ok(TemplateList { entries, whole: true });
            }
            if next == cursor {
                return Err(GraphError::Later { cause: "pages that go round".to_owned(), after: None });
            }
            cursor = next;
        }
        Ok(TemplateList { entries, whole: false })
    }
}

/// The cursor of the next page, if there is one.
fn next(answer: &Value) -> Option<String> {
    answer.pointer("/paging/next")?.as_str()?;
    answer.pointer("/paging/cursors/after")?.as_str().map(str::to_owned)
}
